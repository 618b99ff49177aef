from django.urls import path

from datareview.class_lists import views

urlpatterns = [
    path("imports/class-list.csv", views.class_list_template, name="class-list-template"),
    path("imports/<uuid:uuid>/class-list/", views.class_list_load, name="class-list-load"),
    path("imports/<uuid:uuid>/staff/", views.import_staff, name="import-staff"),
]
