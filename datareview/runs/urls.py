from django.urls import path

from datareview.runs import views

urlpatterns = [
    path("runs/", views.run_list, name="run-list"),
    path("runs/start/", views.run_start, name="run-start"),
    path("runs/<uuid:uuid>/", views.run_detail, name="run-detail"),
]
