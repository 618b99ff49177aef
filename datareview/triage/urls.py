from django.urls import path

from datareview.triage import views

urlpatterns = [
    path("candidates/", views.candidate_list, name="candidate-list"),
    path("candidates/decide/", views.candidates_decide, name="candidates-decide"),
    path("candidates/group/", views.candidates_group, name="candidates-group"),
    path("candidates/reopen/", views.candidates_reopen, name="candidates-reopen"),
    path("candidates/<uuid:uuid>/", views.candidate_detail, name="candidate-detail"),
    path("candidates/<uuid:uuid>/options/", views.candidate_options, name="candidate-options"),
    path("candidates/<uuid:uuid>/decide/", views.candidate_decide, name="candidate-decide"),
    path("candidates/<uuid:uuid>/reopen/", views.candidate_reopen, name="candidate-reopen"),
]
