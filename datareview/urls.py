"""URLs of the datareview app, one area per line."""

from django.urls import include, path

app_name = "datareview"

urlpatterns = [
    path("", include("datareview.students.urls")),
    path("", include("datareview.doubles.urls")),
    path("", include("datareview.roster.urls")),
    path("", include("datareview.anecdotes.urls")),
    path("", include("datareview.own_goals.urls")),
    path("", include("datareview.incidents.urls")),
    path("", include("datareview.disputes.urls")),
    path("", include("datareview.exits.urls")),
    path("", include("datareview.requests.urls")),
    path("", include("datareview.answers.urls")),
    path("", include("datareview.pasting.urls")),
    path("", include("datareview.sections.urls")),
    path("", include("datareview.results.urls")),
    path("", include("datareview.assessments.urls")),
    path("", include("datareview.frameworks.urls")),
    path("", include("datareview.standards.urls")),
    path("", include("datareview.dashboards.urls")),
    path("", include("datareview.mastery.urls")),
    path("", include("datareview.explore.urls")),
    path("", include("datareview.gaps.urls")),
    path("", include("datareview.triage.urls")),
    path("", include("datareview.desk.urls")),
    path("", include("datareview.strategies.urls")),
    path("", include("datareview.plans.urls")),
    path("", include("datareview.delivery.urls")),
    path("", include("datareview.progress.urls")),
    path("", include("datareview.recipes.urls")),
    path("", include("datareview.class_lists.urls")),
    path("", include("datareview.inbox.urls")),
    path("", include("datareview.imports.urls")),
    path("", include("datareview.regrouping.urls")),
    path("", include("datareview.reports.urls")),
    path("", include("datareview.measures.urls")),
    path("", include("datareview.rules.urls")),
    path("", include("datareview.runs.urls")),
    path("", include("datareview.privacy.urls")),
]
