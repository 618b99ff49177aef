from django.urls import path

from datareview.views import imports

urlpatterns = [
    path("imports/", imports.import_list, name="import-list"),
    path("imports/template/<slug:kind>/", imports.import_template, name="import-template"),
    path("imports/<uuid:uuid>/", imports.import_detail, name="import-detail"),
    path("imports/<uuid:uuid>/check/", imports.import_check, name="import-check"),
    path("imports/<uuid:uuid>/apply/", imports.import_apply, name="import-apply"),
    path("imports/<uuid:uuid>/undo/", imports.import_undo, name="import-undo"),
    path("imports/<uuid:uuid>/problems.csv", imports.import_problems, name="import-problems"),
]
