from django.urls import path

from datareview.results import views

urlpatterns = [
    path("assessments/<uuid:uuid>/", views.assessment_detail, name="assessment-detail"),
    path("assessments/<uuid:uuid>/results.csv", views.assessment_export, name="assessment-export"),
    path("assessments/<uuid:uuid>/pdf/", views.assessment_download, name="assessment-download"),
    path("assessments/<uuid:uuid>/classes/<uuid:section>/open/", views.class_open, name="class-open"),
    path("assessments/<uuid:uuid>/classes/<uuid:section>/close/", views.class_close, name="class-close"),
]
