from django.urls import path

from datareview.views import candidates

urlpatterns = [
    path("candidates/", candidates.candidate_list, name="candidate-list"),
    path("candidates/decide/", candidates.candidate_decide, name="candidate-decide"),
    path("candidates/<uuid:uuid>/", candidates.candidate_detail, name="candidate-detail"),
]
