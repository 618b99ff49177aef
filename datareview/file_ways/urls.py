from django.urls import path

from datareview.file_ways import views

urlpatterns = [path("imports/<uuid:uuid>/reading/", views.import_reading, name="import-reading")]
