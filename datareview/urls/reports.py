from django.urls import path

from datareview.views import reports

urlpatterns = [
    path("reports/", reports.report_show, name="report-show"),
    path("reports/download/", reports.report_download, name="report-download"),
]
