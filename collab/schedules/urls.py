from django.urls import path

from collab.schedules import views

urlpatterns = [
    path("schedules/", views.schedule_list, name="schedule-list"),
    path("schedules/<uuid:uuid>/", views.schedule_detail, name="schedule-detail"),
    path("schedules/<uuid:uuid>/accept/", views.schedule_accept, name="schedule-accept"),
]
