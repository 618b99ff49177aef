"""URLs of the collab app, one area per line."""

from django.urls import include, path

app_name = "collab"

urlpatterns = [
    path("", include("collab.home.urls")),
    path("", include("collab.meetings.urls")),
    path("", include("collab.availability.urls")),
    path("", include("collab.meeting_page.urls")),
    path("", include("collab.planning.urls")),
    path("", include("collab.minutes.urls")),
    path("", include("collab.room.urls")),
    path("", include("collab.agendas.urls")),
    path("", include("collab.findings.urls")),
    path("", include("collab.student_work.urls")),
    path("", include("collab.preparation.urls")),
    path("", include("collab.proposals.urls")),
    path("", include("collab.publishing.urls")),
    path("", include("collab.packet.urls")),
    path("", include("collab.wall.urls")),
    path("", include("collab.adoption.urls")),
    path("", include("collab.polls.urls")),
    path("", include("collab.protocols.urls")),
    path("", include("collab.actions.urls")),
    path("", include("collab.followup.urls")),
    path("", include("collab.decisions.urls")),
    path("", include("collab.team_page.urls")),
    path("", include("collab.coverage.urls")),
    path("", include("collab.insights.urls")),
    path("", include("collab.observations.urls")),
    path("", include("collab.schedules.urls")),
    path("", include("collab.search.urls")),
    path("", include("collab.setup.urls")),
    path("", include("collab.district.urls")),
]
