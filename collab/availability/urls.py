from django.urls import path

from collab.availability import views

urlpatterns = [
    path("meetings/find-time/", views.finder_show, name="finder-show"),
]
