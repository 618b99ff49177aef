from django.urls import path

from datareview.family_steps import views

urlpatterns = [
    path("students/<uuid:uuid>/family-steps/", views.family_step_add, name="family-step-add"),
    path("students/family-steps/<uuid:uuid>/remove/", views.family_step_remove, name="family-step-remove"),
]
