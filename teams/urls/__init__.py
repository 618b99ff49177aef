"""Addresses of people, teams and jobs, one noun a file."""

from teams.urls import demo, jobs, schools, users

app_name = "teams"

urlpatterns = [
    *demo.urlpatterns,
    *jobs.urlpatterns,
    *schools.urlpatterns,
    *users.urlpatterns,
]
