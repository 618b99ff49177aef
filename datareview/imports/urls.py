from django.urls import path

from datareview.imports import views

urlpatterns = [
    path("imports/", views.import_list, name="import-list"),
    path("imports/template/<slug:kind>/", views.import_template, name="import-template"),
    path("teams/<uuid:uuid>/assessments/files/", views.import_answers, name="import-answers"),
    path("imports/<uuid:uuid>/", views.import_detail, name="import-detail"),
    path("imports/<uuid:uuid>/check/", views.import_check, name="import-check"),
    path("imports/<uuid:uuid>/apply/", views.import_apply, name="import-apply"),
    path("imports/<uuid:uuid>/discard/", views.import_discard, name="import-discard"),
    path("imports/<uuid:uuid>/problems.csv", views.import_problems, name="import-problems"),
]
