"""Check a file in a worker and store the result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from datareview.checking.services.checks import check_file
from datareview.checking.services.examples import first_changes
from datareview.imports.models import Import, ImportProblem
from teams.lib import clock
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from datareview.imports.checked import Checked
    from teams.jobs.models import Job
    from teams.jobs.services.jobs import Progress

BATCH = 1_000
STATES = Import.State


def check_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Check a file and store the result. Idempotent."""
    row = Import.objects.select_related("school", "uploaded_by", "team__school").get(pk=job.payload["import"])
    if row.state != STATES.CHECKING:
        return result_of(row)
    progress.step(0, row.row_count)
    try:
        checked = check_file(row)
    except DomainError as error:
        Import.objects.filter(pk=row.pk).update(state=STATES.FAILED, error=str(error))
        raise
    with transaction.atomic():
        keep_result(row, checked)
        row.state, row.checked_at = STATES.CHECKED, clock.now()
        row.first_changes = first_changes(row, checked)
        row.save(update_fields=["state", "checked_at", "counts", "first_changes"])
    progress.step(row.row_count, row.row_count)
    return result_of(row)


def keep_result(row: Import, checked: Checked) -> None:
    """Replace the problems of a file, and set its counts without saving it."""
    row.counts = checked.counts
    row.problems.all().delete()
    ImportProblem.objects.bulk_create(
        [ImportProblem(of_import=row, **problem) for problem in checked.problems], batch_size=BATCH
    )


def result_of(row: Import) -> dict[str, Any]:
    """The counts of a file as the result of its job: without texts of the file, which can name students."""
    return {name: value for name, value in row.counts.items() if name not in ("notes", "unsettled", "codes")}
