from django.urls import path

from collab.views import ledger

urlpatterns = [
    path("teams/<uuid:uuid>/decisions/", ledger.ledger_show, name="ledger-show"),
]
