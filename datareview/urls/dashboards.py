from django.urls import path

from datareview.views import dashboards

urlpatterns = [
    path("data/", dashboards.dashboard_show, name="dashboard-show"),
]
