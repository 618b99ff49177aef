from django.urls import path

from collab.wall import views

urlpatterns = [
    path("meetings/<uuid:uuid>/wall/", views.meeting_wall, name="meeting-wall"),
    path(
        "meetings/<uuid:uuid>/wall/names/",
        views.meeting_wall,
        {"with_names": True},
        name="meeting-wall-names",
    ),
]
