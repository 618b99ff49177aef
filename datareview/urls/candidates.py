from django.urls import path

from datareview.views import candidates

urlpatterns = [
    path("candidates/", candidates.candidate_list, name="candidate-list"),
    path("candidates/decide/", candidates.candidates_decide, name="candidates-decide"),
    path("candidates/<uuid:uuid>/", candidates.candidate_detail, name="candidate-detail"),
    path("candidates/<uuid:uuid>/options/", candidates.candidate_options, name="candidate-options"),
    path("candidates/<uuid:uuid>/decide/", candidates.candidate_decide, name="candidate-decide"),
]
