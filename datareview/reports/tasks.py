"""What a worker does for reports: figures of many students, and the report as a file."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from celery import shared_task
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from datareview.cohorts.queries import cohort_of
from datareview.reports import services
from datareview.reports.queries.kept import basis_of
from datareview.reports.queries.report import report_of
from teams.documents.makers import makes
from teams.jobs.services.jobs import PostponedError, run_job
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from teams.documents.makers import Wanted
    from teams.jobs.services.jobs import Progress


@shared_task(name=services.PREPARE)
def prepare_report(job_id: int) -> None:
    """Compute the figures of many students."""
    run_job(job_id, services.prepare_report)


@makes("datareview.report")
def make_report(wanted: Wanted, progress: Progress) -> str:
    """The report of the cohort ``of`` (a key) on changes after ``since`` (a day), as HTML for paper."""
    cohort = cohort_of(wanted.user, wanted.school, wanted.options["of"])
    if cohort is None:
        raise DomainError(_("You can no longer see these students."))
    basis = basis_of(cohort, dt.date.fromisoformat(wanted.options["since"]))
    if basis.is_computing:
        raise PostponedError
    report = report_of(wanted.user, basis)
    progress.step(1, 2)
    context = {"report": report, "school": wanted.school, "LANGUAGE_CODE": get_language()}
    return render_to_string("datareview/reports/paper.html", context)
