from django.urls import path

from datareview.dashboards import views

urlpatterns = [
    path("data/", views.dashboard_show, name="dashboard-show"),
]
