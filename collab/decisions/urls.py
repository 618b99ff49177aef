from django.urls import path

from collab.decisions import views

urlpatterns = [
    path("teams/<uuid:uuid>/decisions/", views.decision_log_show, name="ledger-show"),
]
