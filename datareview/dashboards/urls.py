from django.urls import path

from datareview.dashboards import views

urlpatterns = [
    path("data/", views.dashboard_show, name="dashboard-show"),
    path("data/file/", views.dashboard_export, name="dashboard-export"),
]
