"""Addresses of what we know about students, one noun a file."""

from datareview.urls import candidates, dashboards, imports, plans, projector, reports, rules, runs, students

app_name = "datareview"

urlpatterns = [
    *students.urlpatterns,
    *dashboards.urlpatterns,
    *candidates.urlpatterns,
    *plans.urlpatterns,
    *imports.urlpatterns,
    *reports.urlpatterns,
    *rules.urlpatterns,
    *runs.urlpatterns,
    *projector.urlpatterns,
]
