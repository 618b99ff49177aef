from django.urls import path

from teams.timetable import views

urlpatterns = [
    path("timetable/", views.timetable_show, name="timetable-show"),
    path("timetable/cell/", views.duty_set, name="duty-set"),
    path("timetable/load/", views.timetable_load, name="timetable-load"),
    path("timetable/files/<uuid:uuid>/", views.timetable_file, name="timetable-file"),
    path("timetable/files/<uuid:uuid>/apply/", views.timetable_apply, name="timetable-apply"),
    path("timetable/files/<uuid:uuid>/undo/", views.timetable_undo, name="timetable-undo"),
    path("timetable/template.csv", views.timetable_template, name="timetable-template"),
]
