from django.urls import path

from datareview.remeasuring import views

urlpatterns = [
    path("plans/<uuid:uuid>/measure/", views.plan_measure_change, name="plan-measure-change"),
    path("plans/<uuid:uuid>/measure/undo/", views.plan_measure_undo, name="plan-measure-undo"),
    path(
        "plans/groups/<uuid:uuid>/measure/",
        views.plan_group_measure_change,
        name="plan-group-measure-change",
    ),
]
