from django.urls import path

from collab.decisions import views

urlpatterns = [
    path("decisions/", views.decision_teams, name="decision-teams"),
    path("decisions/<uuid:uuid>/check/", views.decision_record, name="decision-record"),
    path("teams/<uuid:uuid>/decisions/", views.decision_log_show, name="ledger-show"),
]
