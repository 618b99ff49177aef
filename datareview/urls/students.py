from django.urls import path

from datareview.views import students

urlpatterns = [
    path("students/", students.student_list, name="student-list"),
    path("students/<uuid:uuid>/", students.student_detail, name="student-detail"),
]
