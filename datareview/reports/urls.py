from django.urls import path

from datareview.reports import views

urlpatterns = [
    path("reports/", views.report_show, name="report-show"),
    path("reports/download/", views.report_download, name="report-download"),
]
