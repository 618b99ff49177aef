"""Addresses of people, teams and jobs, one noun a file."""

from teams.urls import demo, jobs, mail, schools, users

app_name = "teams"

urlpatterns = [
    *demo.urlpatterns,
    *jobs.urlpatterns,
    *mail.urlpatterns,
    *schools.urlpatterns,
    *users.urlpatterns,
]
