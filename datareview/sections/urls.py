from django.urls import path

from datareview.sections.views import lists, sections

urlpatterns = [
    path("sections/", lists.section_list, name="section-list"),
    path("sections/change/", lists.sections_change, name="sections-change"),
    path("sections/add/", sections.section_add, name="section-add"),
    path("sections/roll/", sections.section_roll, name="section-roll"),
    path("sections/unplaced/", lists.unplaced_list, name="unplaced-list"),
    path("sections/unplaced/enroll/", lists.unplaced_enroll, name="unplaced-enroll"),
    path("sections/<uuid:uuid>/", sections.section_detail, name="section-detail"),
    path("sections/<uuid:uuid>/edit/", sections.section_edit, name="section-edit"),
    path("sections/<uuid:uuid>/end/", sections.section_end, name="section-end"),
    path("sections/<uuid:uuid>/teachers/", sections.teacher_add, name="teacher-add"),
    path("sections/<uuid:uuid>/enroll/", sections.section_enroll, name="section-enroll"),
    path("sections/teachers/<int:pk>/", sections.teacher_end, name="teacher-end"),
    path("sections/enrollments/<int:pk>/", sections.enrollment_end, name="enrollment-end"),
]
