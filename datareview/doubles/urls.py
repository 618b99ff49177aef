from django.urls import path

from datareview.doubles import views

urlpatterns = [
    path("students/doubles/", views.merge_list, name="merge-list"),
    path("students/merges/<uuid:uuid>/undo/", views.merge_undo, name="merge-undo"),
    path("students/<uuid:uuid>/different/<uuid:other>/", views.different_mark, name="different-mark"),
    path("students/different/<uuid:uuid>/undo/", views.different_undo, name="different-undo"),
    path("students/<uuid:uuid>/merge/<uuid:other>/", views.student_merge, name="student-merge"),
]
