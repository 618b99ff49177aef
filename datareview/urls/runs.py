from django.urls import path

from datareview.views import runs

urlpatterns = [
    path("runs/", runs.run_list, name="run-list"),
    path("runs/start/", runs.run_start, name="run-start"),
    path("runs/<uuid:uuid>/", runs.run_detail, name="run-detail"),
]
