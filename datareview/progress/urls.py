from django.urls import path

from datareview.progress import views

urlpatterns = [
    path("plans/", views.plan_list, name="plan-list"),
    path("plans/<uuid:uuid>/", views.plan_detail, name="plan-detail"),
    path("plans/<uuid:uuid>/session/", views.session_log, name="session-log"),
    path("plans/<uuid:uuid>/score/", views.score_enter, name="score-enter"),
    path("plans/<uuid:uuid>/score/<uuid:score>/count/", views.score_count, name="score-count"),
    path("plans/<uuid:uuid>/session/<uuid:session>/remove/", views.session_remove, name="session-remove"),
    path("plans/<uuid:uuid>/change/", views.plan_change, name="plan-change"),
    path("plans/<uuid:uuid>/reopen/", views.plan_reopen, name="plan-reopen"),
    path("plans/<uuid:uuid>/review/", views.plan_review, name="plan-review"),
    path("plans/reviews/<uuid:uuid>/undo/", views.review_undo, name="review-undo"),
]
