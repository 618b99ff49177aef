from django.urls import path

from collab.views import series

urlpatterns = [
    path("series/new/", series.series_new, name="series-new"),
    path("series/<uuid:uuid>/", series.series_detail, name="series-detail"),
    path("series/<uuid:uuid>/extend/", series.series_extend, name="series-extend"),
]
