"""Check, apply and undo the files of a set, one after another, in one job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid5

from datareview.checking.services.checking import check_job
from datareview.checking.services.pending import checked_in_turn
from datareview.file_sets.queries import files_in_set
from datareview.imports.models import SET, Import
from datareview.imports.queries import is_many, rows_out
from datareview.imports.services import files
from datareview.imports.services.reading import read_job
from datareview.loading.services.applying import apply_job
from datareview.loading.services.now import Quiet
from datareview.loading.services.undoing import undo_job
from datareview.recognition.kinds import FileKind
from teams.jobs.models import Job
from teams.jobs.services.jobs import PostponedError
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable

    from teams.directory.models import User
    from teams.jobs.services.jobs import Progress

STATES = Import.State
# The kinds of which others need the rows first; all others come after them.
FIRST = (
    FileKind.STUDENTS,
    FileKind.SECTIONS,
    FileKind.TEACHERS,
    FileKind.ENROLLMENTS,
    FileKind.GUARDIANS,
    FileKind.GROUPS,
)


def check_set_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Read and check the files of a set as if each had been applied before the next. Writes nothing else. Idempotent."""
    row, actor = _set_of(job)
    if row.state == STATES.READING:
        read_job(Job(payload={"import": row.pk}), Quiet())
        row.refresh_from_db()
    check_parts(read_parts(row), actor, job, progress)
    return {}


def read_parts(row: Import) -> list[Import]:
    """Read the files of a set, and put them in the order in which they need each other."""
    parts = files_in_set(row)
    for part in parts:
        _step(part, STATES.READING, read_job)
    parts.sort(key=_place)
    names = {uuid5(row.uuid, name): name for name in row.guesses[SET]}
    row.guesses[SET] = [names[part.uuid] for part in parts]
    row.save(update_fields=["guesses"])
    return parts


def check_parts(parts: list[Import], actor: User, job: Job | None, progress: Progress) -> None:
    """Check files in turn, as far as they are recognized and not applied; one that can't be checked keeps its reason."""
    with checked_in_turn():
        for done, part in enumerate(parts, start=1):
            _step(part, STATES.CHECKING, check_job)
            if part.kind and part.state in (STATES.UPLOADED, STATES.CHECKED, STATES.FAILED):
                _check(part, actor, job)
            progress.step(done, len(parts))


def load_set_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Apply the checked files of a set in their order, except those that ask something. Idempotent."""
    row, actor = _set_of(job)
    load_parts(files_in_set(row), actor, job, progress, goes_on=True)
    return {}


def load_parts(
    parts: list[Import], actor: User, job: Job | None, progress: Progress, *, goes_on: bool = False
) -> bool:
    """Check each file once more and apply it, unless it asks something. Returns whether none did.

    What was not recognized stays out, and one that changes nothing is not applied. A file asks if something has to be
    confirmed, if it can't be checked, or if many more rows would stay out than when the set was checked. It stops the set,
    but with ``goes_on`` only if others may need its rows.
    """
    has_applied, is_whole = any(part.state == STATES.APPLIED for part in parts), True
    for done, part in enumerate(parts, start=1):
        _step(part, STATES.APPLYING, apply_job)
        if part.kind and part.state not in (STATES.APPLIED, STATES.UNDONE):
            if not _apply(part, actor, job, again=has_applied):
                if not goes_on or part.kind in FIRST:
                    return False
                is_whole = False
            has_applied = has_applied or part.state == STATES.APPLIED
        progress.step(done, len(parts))
    return is_whole


def undo_set_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Undo the applied files of a set, the last first; those on which something was built stay, and say so. Idempotent."""
    row, actor = _set_of(job)
    parts = files_in_set(row)[::-1]
    for done, part in enumerate(parts, start=1):
        if part.state == STATES.APPLIED and part.is_undoable:
            files.start_undo(part, actor=actor, job=job)
            part.refresh_from_db()
        try:
            _step(part, STATES.UNDOING, undo_job)
        except PostponedError:
            raise
        except DomainError:  # the file has its reason
            pass
        progress.step(done, len(parts))
    return {}


def _apply(part: Import, actor: User, job: Job | None, *, again: bool) -> bool:
    """Apply a file, checked ``again`` if others were applied since. Returns False if it asks something."""
    told = rows_out(part)
    if again or part.state != STATES.CHECKED:
        _check(part, actor, job)
    if part.state != STATES.CHECKED:
        return False
    if not (part.counts["new"] or part.counts["changed"]):
        return not part.saves_nothing
    if is_many(rows_out(part) - told, part.counts["rows"]):
        return False
    try:
        files.start_apply(part, actor=actor, job=job)
        part.refresh_from_db()
        _step(part, STATES.APPLYING, apply_job)
    except PostponedError:
        raise
    except DomainError:  # it has to be confirmed
        part.refresh_from_db()
    return part.state == STATES.APPLIED


def _check(part: Import, actor: User, job: Job | None) -> None:
    """Check a file as it is matched; one that can't be checked has its reason afterwards."""
    try:
        files.start_check(part, actor=actor, kind=part.kind, mapping=part.mapping, job=job)
        part.refresh_from_db()
        _step(part, STATES.CHECKING, check_job)
    except PostponedError:
        raise
    except DomainError as error:
        Import.objects.filter(pk=part.pk).update(error=str(error))
        part.refresh_from_db()


def _step(part: Import, state: str, work: Callable[..., object]) -> None:
    """Do the work of ``state``, if the file is in it; one that fails has its reason afterwards."""
    if part.state != state:
        return
    try:
        work(Job(payload={"import": part.pk}), Quiet())
    except PostponedError:
        raise
    except DomainError:
        if state in (STATES.APPLYING, STATES.UNDOING):
            raise
    finally:
        part.refresh_from_db()


def _set_of(job: Job) -> tuple[Import, User]:
    row = Import.objects.select_related("school", "uploaded_by").get(pk=job.payload["import"])
    return row, job.requested_by or row.uploaded_by


def _place(part: Import) -> int:
    return FIRST.index(FileKind(part.kind)) if part.kind in FIRST else len(FIRST)
