from django.urls import path

from teams.views import timetable

urlpatterns = [
    path("timetable/", timetable.timetable_show, name="timetable-show"),
    path("timetable/cell/", timetable.duty_set, name="duty-set"),
    path("timetable/load/", timetable.timetable_load, name="timetable-load"),
    path("timetable/template.csv", timetable.timetable_template, name="timetable-template"),
]
