from django.urls import path

from teams.schools import views

urlpatterns = [
    path("school/edit/", views.school_edit, name="school-edit"),
]
