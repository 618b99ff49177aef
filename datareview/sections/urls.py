from django.urls import path

from datareview.sections import views

urlpatterns = [
    path("sections/", views.section_list, name="section-list"),
    path("sections/add/", views.section_add, name="section-add"),
    path("sections/roll/", views.section_roll, name="section-roll"),
    path("sections/unplaced/", views.unplaced_list, name="unplaced-list"),
    path("sections/<uuid:uuid>/", views.section_detail, name="section-detail"),
    path("sections/<uuid:uuid>/edit/", views.section_edit, name="section-edit"),
    path("sections/<uuid:uuid>/end/", views.section_end, name="section-end"),
    path("sections/<uuid:uuid>/teachers/", views.teacher_add, name="teacher-add"),
    path("sections/<uuid:uuid>/enroll/", views.section_enroll, name="section-enroll"),
    path("sections/teachers/<int:pk>/", views.teacher_end, name="teacher-end"),
    path("sections/enrollments/<int:pk>/", views.enrollment_end, name="enrollment-end"),
]
