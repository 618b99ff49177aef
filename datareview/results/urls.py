from django.urls import path

from datareview.results import views

urlpatterns = [
    path("assessments/<uuid:uuid>/", views.assessment_detail, name="assessment-detail"),
]
