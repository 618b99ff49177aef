from django.urls import path

from datareview.measures import views

urlpatterns = [
    path("measures/", views.measure_list, name="measure-list"),
    path("measures/change/", views.measures_change, name="measures-change"),
    path("measures/new/", views.measure_new, name="measure-new"),
    path("measures/adopt/<slug:key>/", views.measure_adopt, name="measure-adopt"),
    path("measures/<uuid:uuid>/", views.measure_detail, name="measure-detail"),
    path("measures/<uuid:uuid>/edit/", views.measure_edit, name="measure-edit"),
    path("measures/<uuid:uuid>/retire/", views.measure_retire, name="measure-retire"),
    path("measures/<uuid:uuid>/benchmarks/", views.benchmark_edit, name="benchmark-edit"),
    path("measures/<uuid:uuid>/benchmarks.csv", views.benchmark_download, name="benchmark-download"),
    path("measures/windows/", views.window_list, name="window-list"),
    path("measures/windows/<uuid:uuid>/", views.window_edit, name="window-edit"),
    path("measures/windows/<uuid:uuid>/fit/", views.window_fit, name="window-fit"),
]
