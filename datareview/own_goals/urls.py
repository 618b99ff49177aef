from django.urls import path

from datareview.own_goals import views

urlpatterns = [
    path("students/<uuid:uuid>/goals/new/", views.own_goal_set, name="own-goal-set"),
    path("own-goals/<uuid:uuid>/", views.own_goal_edit, name="own-goal-edit"),
    path("own-goals/<uuid:uuid>/close/", views.own_goal_close, name="own-goal-close"),
    path("own-goals/<uuid:uuid>/reopen/", views.own_goal_reopen, name="own-goal-reopen"),
    path("own-goals/<uuid:uuid>/remove/", views.own_goal_remove, name="own-goal-remove"),
]
