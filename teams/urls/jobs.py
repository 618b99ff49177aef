from django.urls import path

from teams.views import jobs

urlpatterns = [
    path("jobs/", jobs.job_list, name="job-list"),
    path("jobs/<uuid:uuid>/", jobs.job_detail, name="job-detail"),
]
