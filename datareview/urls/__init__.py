"""Addresses of what we know about students, one noun a file."""

from datareview.urls import candidates, dashboards, imports, plans, students, trends

app_name = "datareview"

urlpatterns = [
    *students.urlpatterns,
    *dashboards.urlpatterns,
    *candidates.urlpatterns,
    *plans.urlpatterns,
    *imports.urlpatterns,
    *trends.urlpatterns,
]
