"""The report as a file, made by the worker."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from datareview.records.queries.cohorts import cohort_of
from datareview.reports.queries.report import report_of
from teams.documents.makers import makes
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from teams.documents.makers import Wanted
    from teams.jobs.services.jobs import Progress


@makes("datareview.report")
def make_report(wanted: Wanted, progress: Progress) -> str:
    """The report of the cohort ``of`` (a key) on changes after ``since`` (a day), as HTML for paper."""
    cohort = cohort_of(wanted.user, wanted.school, wanted.options["of"])
    if cohort is None:
        raise DomainError(_("You can no longer see these students."))
    report = report_of(wanted.user, cohort, dt.date.fromisoformat(wanted.options["since"]))
    progress.step(1, 2)
    context = {"report": report, "school": wanted.school, "LANGUAGE_CODE": get_language()}
    return render_to_string("datareview/reports/paper.html", context)
