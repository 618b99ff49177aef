"""URLs of the teams app, one area per line."""

from django.urls import include, path

app_name = "teams"

urlpatterns = [
    path("", include("teams.calendar.urls")),
    path("", include("teams.timetable.urls")),
    path("", include("teams.account.urls")),
    path("", include("teams.documents.urls")),
    path("", include("teams.themes.urls")),
    path("", include("teams.jobs.urls")),
    path("", include("teams.mail.urls")),
    path("", include("teams.operation.urls")),
    path("", include("teams.schools.urls")),
    path("", include("teams.invitations.urls")),
    path("", include("teams.role_plans.urls")),
    path("", include("teams.staff_files.urls")),
    path("", include("teams.people.urls")),
    path("", include("teams.substitutes.urls")),
]
