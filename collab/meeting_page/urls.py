from django.urls import path

from collab.meeting_page import views

urlpatterns = [
    path("meetings/<uuid:uuid>/", views.meeting_detail, name="meeting-detail"),
]
