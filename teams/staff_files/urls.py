from django.urls import path

from teams.staff_files import views

urlpatterns = [
    path("people/file/", views.staff_file_load, name="staff-file-load"),
    path("people/file/template.csv", views.staff_file_template, name="staff-file-template"),
    path("people/files/<uuid:uuid>/", views.staff_file, name="staff-file"),
    path("people/files/<uuid:uuid>/apply/", views.staff_file_apply, name="staff-file-apply"),
    path("people/files/<uuid:uuid>/undo/", views.staff_file_undo, name="staff-file-undo"),
]
