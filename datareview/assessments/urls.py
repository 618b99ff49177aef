from django.urls import path

from datareview.assessments import views

urlpatterns = [
    path("assessments/", views.assessment_all, name="assessment-all"),
    path("teams/<uuid:uuid>/assessments/", views.assessment_list, name="assessment-list"),
    path("teams/<uuid:uuid>/assessments/new/", views.assessment_new, name="assessment-new"),
    path("assessments/<uuid:uuid>/edit/", views.assessment_edit, name="assessment-edit"),
    path("assessments/<uuid:uuid>/delete/", views.assessment_delete, name="assessment-delete"),
    path("assessments/<uuid:uuid>/restore/", views.assessment_restore, name="assessment-restore"),
]
