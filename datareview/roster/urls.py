from django.urls import path

from datareview.roster.views import families, lists, students

urlpatterns = [
    path("students/add/", students.student_add, name="student-add"),
    path("students/left/", students.leaver_list, name="leaver-list"),
    path("students/<uuid:uuid>/edit/", students.student_edit, name="student-edit"),
    path("students/<uuid:uuid>/leave/", students.student_leave, name="student-leave"),
    path("students/<uuid:uuid>/stay/", students.student_stay, name="student-stay"),
    path("students/<uuid:uuid>/return/", students.student_return, name="student-return"),
    path("students/<uuid:uuid>/open/", students.student_matters, name="student-matters"),
    path("students/<uuid:uuid>/open/<uuid:plan>/", students.plan_settle, name="plan-settle"),
    path("students/<uuid:uuid>/guardians/", families.guardian_add, name="guardian-add"),
    path("students/<uuid:uuid>/groups/", families.membership_add, name="membership-add"),
    path("students/guardians/", lists.guardian_list, name="guardian-list"),
    path("students/guardians/change/", lists.guardians_change, name="guardians-change"),
    path("students/guardians/file/", lists.guardian_export, name="guardian-export"),
    path("students/guardians/picked/", lists.guardians_picked, name="guardians-picked"),
    path("students/guardians/<uuid:uuid>/", families.guardian_edit, name="guardian-edit"),
    path("students/memberships/<int:pk>/", families.membership_end, name="membership-end"),
    path("students/groups/", families.group_list, name="group-list"),
    path("students/groups/add/", families.group_add, name="group-add"),
    path("students/groups/<int:pk>/", lists.group_detail, name="group-detail"),
    path("students/groups/<int:pk>/members/", lists.group_members_change, name="group-members-change"),
    path("students/groups/<int:pk>/edit/", families.group_edit, name="group-edit"),
]
