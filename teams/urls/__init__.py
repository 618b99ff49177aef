"""Addresses of people, teams and jobs, one noun a file."""

from teams.urls import calendar, demo, jobs, mail, schools, timetable, users

app_name = "teams"

urlpatterns = [
    *calendar.urlpatterns,
    *timetable.urlpatterns,
    *demo.urlpatterns,
    *jobs.urlpatterns,
    *mail.urlpatterns,
    *schools.urlpatterns,
    *users.urlpatterns,
]
