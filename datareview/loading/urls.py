from django.urls import path

from datareview.loading import views

urlpatterns = [path("imports/<uuid:uuid>/undo/", views.import_undo, name="import-undo")]
