from django.urls import path

from datareview.views import plans

urlpatterns = [
    path("plans/", plans.plan_list, name="plan-list"),
    path("plans/start/", plans.plan_start_form, name="plan-start"),
    path("plans/<uuid:uuid>/", plans.plan_detail, name="plan-detail"),
    path("plans/<uuid:uuid>/session/", plans.session_log, name="session-log"),
    path("plans/<uuid:uuid>/score/", plans.score_enter, name="score-enter"),
    path("plans/<uuid:uuid>/review/", plans.plan_review, name="plan-review"),
]
