from django.urls import path

from datareview.incidents import views

urlpatterns = [
    path("students/<uuid:uuid>/incidents/add/", views.incident_add, name="incident-add"),
    path("students/incidents/<int:pk>/", views.incident_edit, name="incident-edit"),
]
