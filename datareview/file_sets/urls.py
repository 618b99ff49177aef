from django.urls import path

from datareview.file_sets import views

urlpatterns = [path("imports/<uuid:uuid>/set/", views.import_set, name="import-set")]
