from django.urls import path

from datareview.students import views

urlpatterns = [
    path("students/", views.student_list, name="student-list"),
    path("students/export/", views.student_export, name="student-export"),
    path("students/<uuid:uuid>/", views.student_detail, name="student-detail"),
    path("students/<uuid:uuid>/measures/", views.student_measures, name="student-measures"),
    path("students/<uuid:uuid>/conference/", views.student_conference, name="student-conference"),
    path("students/<uuid:uuid>/years/", views.student_years, name="student-years"),
]
