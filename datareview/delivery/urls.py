from django.urls import path

from datareview.delivery.views import groups, sessions

urlpatterns = [
    path("plans/groups/", groups.plan_group_list, name="plan-group-list"),
    path("plans/groups/start/", groups.plan_group_start, name="plan-group-start"),
    path("plans/groups/<uuid:uuid>/", groups.plan_group_detail, name="plan-group-detail"),
    path("plans/groups/<uuid:uuid>/change/", groups.plan_group_change, name="plan-group-change"),
    path("plans/groups/<uuid:uuid>/join/", groups.plan_group_join, name="plan-group-join"),
    path(
        "plans/groups/<uuid:uuid>/members/<int:pk>/leave/", groups.plan_group_leave, name="plan-group-leave"
    ),
    path("plans/groups/<uuid:uuid>/session/", sessions.group_session_log, name="group-session-log"),
    path("plans/groups/<uuid:uuid>/end/", groups.plan_group_end, name="plan-group-end"),
]
