"""Addresses of people, teams and jobs, one noun a file."""

from teams.urls import demo, jobs, schools

app_name = "teams"

urlpatterns = [
    *demo.urlpatterns,
    *jobs.urlpatterns,
    *schools.urlpatterns,
]
