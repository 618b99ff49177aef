from django.urls import path

from teams.jobs import views

urlpatterns = [
    path("jobs/", views.job_list, name="job-list"),
    path("jobs/<uuid:uuid>/", views.job_detail, name="job-detail"),
]
