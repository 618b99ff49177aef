"""Addresses of what teams do together, one noun a file."""

from collab.urls import actions, agendas, home, meetings, overview, room, teams

app_name = "collab"

urlpatterns = [
    *home.urlpatterns,
    *meetings.urlpatterns,
    *room.urlpatterns,
    *agendas.urlpatterns,
    *actions.urlpatterns,
    *teams.urlpatterns,
    *overview.urlpatterns,
]
