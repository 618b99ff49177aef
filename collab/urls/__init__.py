"""Addresses of what teams do together, one noun a file."""

from collab.urls import (
    actions,
    agendas,
    changes,
    feeds,
    finder,
    home,
    ledger,
    meetings,
    minutes,
    observations,
    overview,
    polls,
    protocols,
    questions,
    room,
    schedules,
    search,
    series,
    teams,
    value,
)

app_name = "collab"

urlpatterns = [
    *home.urlpatterns,
    *feeds.urlpatterns,
    *finder.urlpatterns,
    *meetings.urlpatterns,
    *minutes.urlpatterns,
    *room.urlpatterns,
    *agendas.urlpatterns,
    *series.urlpatterns,
    *polls.urlpatterns,
    *protocols.urlpatterns,
    *questions.urlpatterns,
    *changes.urlpatterns,
    *actions.urlpatterns,
    *teams.urlpatterns,
    *ledger.urlpatterns,
    *overview.urlpatterns,
    *observations.urlpatterns,
    *schedules.urlpatterns,
    *search.urlpatterns,
    *value.urlpatterns,
]
