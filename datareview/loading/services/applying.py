"""Apply a checked file: all valid rows, or none.

On PostgreSQL a file is written in one transaction. On SQLite this would make everyone else wait, so it is written in
short ones (`datareview.loading.rows`): ``writing_since`` is set before the first and cleared by the last. After a failure
the rows written so far are taken back; after the end of a worker the next one writes the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from datareview.checking.services.checking import keep_result, result_of
from datareview.checking.services.checks import check_file
from datareview.checking.services.rosters import LIFTED, ROSTERS
from datareview.imports.models import Import
from datareview.imports.services.files import refuse_older
from datareview.loading.rows import whole_if_possible
from datareview.loading.services.undoing import is_begun, lock_school, take_back
from datareview.loading.services.writing import write_rows
from datareview.records.models import AttendanceDay, Score, Student
from datareview.runs.services.runs import start_trend_run
from teams.jobs.models import Job
from teams.jobs.services.jobs import PostponedError
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.schema.planner import count_rows_again

if TYPE_CHECKING:
    from datareview.imports.checked import Checked
    from teams.jobs.services.jobs import Progress

MOST_TRIES = (
    5  # a row of another writer, or a student who has gone since the check, makes another check necessary
)
STATES = Import.State


def apply_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Check the file again against current data and write its valid rows.

    The file is read and checked before any transaction. If another file was applied or undone at the school since the
    check began, the file is checked again against the results; while one is written there, this one is postponed.
    """
    row = _row(job)
    is_resumed, students, tries = is_begun(row), set[int](), 0
    try:
        while row.state == STATES.APPLYING:
            since = _history(row)
            checked = check_file(row)
            _stop_if_more_is_lifted(row, checked)
            if not is_begun(row):
                refuse_older(row, checked.counts["changed"])
            try:
                with whole_if_possible():
                    if _begin(row, checked, since):
                        students |= write_rows(row, checked, progress)
                        _finish(row, None if is_resumed else students)
            except IntegrityError:
                tries += 1
                if tries == MOST_TRIES:
                    raise
    except (PostponedError, OperationalError, InterfaceError):
        raise  # the job is sent again
    except Exception as error:
        if is_begun(row):
            take_back(row, progress)
            Import.objects.filter(pk=row.pk).update(writing_since=None)
        if isinstance(error, DomainError):
            Import.objects.filter(pk=row.pk).update(state=STATES.CHECKED, error=str(error))
        raise
    return result_of(row)


def _stop_if_more_is_lifted(row: Import, checked: Checked) -> None:
    """Raise DomainError if rows lift a "Do not contact" that was stored after the check that a person confirmed."""
    told, now = (counts.get("problems", {}).get(LIFTED, 0) for counts in (row.counts, checked.counts))
    if now > told:
        raise DomainError(
            _("Guardians were marked “Do not contact” since this file was checked. Check it again.")
        )


def _history(row: Import) -> set[tuple[Any, ...]]:
    """The files applied or undone at the school, which decide what a row of another file changes."""
    done = Import.objects.filter(school=row.school_id, state__in=[STATES.APPLIED, STATES.UNDONE])
    return set(done.values_list("pk", "state", "applied_at"))


@transaction.atomic
def _begin(row: Import, checked: Checked, since: set[tuple[Any, ...]]) -> bool:
    """Store the result of the check and mark the file as being written. Returns False if it has to be checked again."""
    lock_school(row)
    if row.state != STATES.APPLYING:  # another worker was faster
        return False
    if row.writing_since is None:
        _wait_for_earlier(row)
        if _history(row) != since:
            return False
        keep_result(row, checked)
        row.writing_since = clock.now()
        row.save(update_fields=["counts", "writing_since"])
    return True


def _wait_for_earlier(row: Import) -> None:
    """Raise PostponedError while a file of this kind that was uploaded before is still to be written."""
    rows = Import.objects.filter(school=row.school_id, kind=row.kind, state=STATES.APPLYING, pk__lt=row.pk)
    if rows.exclude(job__state=Job.State.FAILED).exists():
        raise PostponedError(
            _("A file of this kind that was uploaded before is written first. This one is next.")
        )


@transaction.atomic
def _finish(row: Import, students: set[int] | None) -> None:
    """Mark the file as applied, and start a trend run for the students whose values it has (None: for the school)."""
    began = row.writing_since
    lock_school(row)
    if row.state != STATES.APPLYING or row.writing_since != began:
        return
    row.state, row.applied_at, row.writing_since = STATES.APPLIED, clock.now(), None
    row.save(update_fields=["state", "applied_at", "writing_since"])
    is_observed = row.kind not in ROSTERS or ROSTERS[row.kind].is_observed
    if is_observed and students != set():
        count_rows_again(Student, Score, AttendanceDay)
        start_trend_run(row.school, actor=row.uploaded_by, trigger="import", student_ids=students)


def _row(job: Job) -> Import:
    return Import.objects.select_related("school", "uploaded_by", "team__school").get(
        pk=job.payload["import"]
    )
