from django.urls import path

from datareview.exits import views

urlpatterns = [
    path("plans/<uuid:uuid>/exit/", views.plan_exit, name="plan-exit"),
    path("plans/<uuid:uuid>/exit/score/", views.plan_exit_score, name="plan-exit-score"),
]
