from django.urls import path

from areaapp.things import views

urlpatterns = [
    path("things/", views.thing_list, name="thing-list"),
    path("things/<uuid:uuid>/add/", views.thing_add, name="thing-add"),
]
