from django.urls import path

from collab.views import schedules

urlpatterns = [
    path("schedules/", schedules.schedule_list, name="schedule-list"),
    path("schedules/<uuid:uuid>/", schedules.schedule_detail, name="schedule-detail"),
    path("schedules/<uuid:uuid>/accept/", schedules.schedule_accept, name="schedule-accept"),
]
