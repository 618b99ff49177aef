from django.urls import path

from collab.proposals import views

urlpatterns = [
    path("candidates/<uuid:uuid>/propose/", views.candidate_propose, name="candidate-propose"),
    path("plans/<uuid:uuid>/propose/", views.plan_propose, name="plan-propose"),
    path("teams/<uuid:uuid>/propose/", views.exhibit_propose, name="exhibit-propose"),
    path("teams/<uuid:uuid>/propose/students/", views.students_propose, name="students-propose"),
    path("students/<uuid:uuid>/charts/propose/", views.chart_propose, name="chart-propose"),
]
