"""Undo an applied file: restore exactly the previous data.

As a file is applied, it is undone in one transaction on PostgreSQL and in short ones on SQLite, where a worker that was
stopped is followed by one that undoes the rest.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from datareview.checking.services.checking import result_of
from datareview.imports.models import Import, ImportChange
from datareview.imports.services.files import start_undo_of_rest
from datareview.loading.queries import USED, kinds_built_on, students_built_on, users_of
from datareview.loading.rows import A_PART, save_fields, whole_if_possible, write_in_turns
from datareview.loading.services.answers import take_back_answers
from datareview.loading.services.writing import VALUES, plain_value
from datareview.records.models import (
    CourseGrade,
    Enrollment,
    Guardian,
    Incident,
    Measure,
    Section,
    SectionTeacher,
    Student,
    Subgroup,
)
from datareview.runs.services.runs import start_trend_run
from datareview.transcripts.models import PastGrade
from teams.access.prepared import many_ids
from teams.directory.models import School
from teams.jobs.models import Job
from teams.jobs.services.jobs import PostponedError
from teams.lib import clock
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from django.db.models import Model

    from teams.jobs.services.jobs import Progress

VALUE_TABLES = [table.model for table in VALUES.values()]
MODELS: tuple[type[Model], ...] = (  # measures last: their scores are deleted first
    *VALUE_TABLES,
    Incident,
    CourseGrade,
    PastGrade,
    Enrollment,
    SectionTeacher,
    Guardian,
    Subgroup,
    Section,
    Student,
    Measure,
)
STATES = Import.State


def undo_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Undo a file; rows changed since are kept and counted, and with ``keep`` those on which something was built."""
    row = Import.objects.select_related("school", "uploaded_by").get(pk=job.payload["import"])
    is_resumed, keeps = is_begun(row), bool(job.payload.get("keep"))
    try:
        with whole_if_possible():
            if _begin(row, keeps=keeps):
                students = take_back(row, progress, keeps=keeps)
                _finish(row, None if is_resumed else students)
    except PostponedError:
        raise
    except DomainError as error:
        Import.objects.filter(pk=row.pk).update(state=STATES.APPLIED, error=str(error))
        raise
    return result_of(row)


def undo_stranded() -> int:
    """Undo the rest of files whose job failed for good after some of their rows were written or undone.

    Returns their number.
    """
    stranded = Import.objects.filter(writing_since__isnull=False, job__state=Job.State.FAILED)
    rows = list(stranded.select_related("school", "uploaded_by"))
    for row in rows:
        start_undo_of_rest(row)
    return len(rows)


def is_begun(row: Import) -> bool:
    """Whether some rows of a file are written or undone, and not all."""
    return Import.objects.filter(pk=row.pk, writing_since__isnull=False).exists()


def lock_school(row: Import) -> None:
    """Lock the import's school and read the import's state again; while another file is written there, postpone."""
    School.objects.select_for_update(no_key=True).get(pk=row.school_id)
    others = Import.objects.filter(school=row.school_id, writing_since__isnull=False)
    if others.exclude(pk=row.pk).exists():
        raise PostponedError(_("Another file is being written at this school. This one is next."))
    row.refresh_from_db(fields=["state", "writing_since"])


@transaction.atomic
def _begin(row: Import, *, keeps: bool) -> bool:
    """Mark the file as being undone. Returns False if another worker has done it."""
    lock_school(row)
    if row.state != STATES.UNDOING:
        return False
    if row.writing_since is None:
        if not keeps:
            _refuse_if_used(row)
        row.writing_since = clock.now()
        row.save(update_fields=["writing_since"])
    return True


@transaction.atomic
def _finish(row: Import, students: set[int] | None) -> None:
    lock_school(row)
    if row.state != STATES.UNDOING:
        return
    # Kept are rows that others changed, and values that a later file changed.
    later = ImportChange.objects.filter(of_import__school=row.school_id, before__imported_by_id=row.pk)
    kept = sum(_inserted(row, model).count() for model in VALUE_TABLES)
    row.counts["kept"] = kept + row.changes.count() + later.count()
    row.state, row.writing_since = STATES.UNDONE, None
    row.save(update_fields=["state", "counts", "writing_since"])
    if students != set():
        start_trend_run(row.school, actor=row.uploaded_by, trigger="import", student_ids=students)


def take_back(row: Import, progress: Progress, *, keeps: bool = False) -> set[int]:
    """Restore the rows that a file changed and delete those it inserted, as far as nobody changed them since.

    With ``keeps``, values of students stay if something was built on them. Returns the ids of the students of the others.
    Rows that stay keep their `ImportChange`.
    """
    if row.kind == Import.Kind.ANSWERS:
        return take_back_answers(row)
    students: set[int] = set()
    kept = students_built_on(row) if keeps else set()
    total = row.changes.count() + sum(_inserted(row, model, kept).count() for model in VALUE_TABLES)
    done = 0

    def report(many: int) -> None:
        nonlocal done
        done += many
        progress.step(done, total)

    def changes(table: str) -> Iterator[dict[int, ImportChange]]:
        last = 0
        while part := list(row.changes.filter(table=table, pk__gt=last).order_by("pk")[: A_PART // 2]):
            yield {change.row_id: change for change in part}
            last = part[-1].pk
            report(len(part))

    def inserted(model: type[Model]) -> Iterator[list[int]]:
        while part := list(_inserted(row, model, kept).values_list("pk", "student_id")[:A_PART]):
            students.update(student for _pk, student in part)
            yield [pk for pk, _student in part]
            report(len(part))

    for model in MODELS:
        write_in_turns(changes(model.__name__.lower()), partial(_undo_part, model, students, kept))
        if model in VALUE_TABLES:
            write_in_turns(inserted(model), partial(_delete, model))
    return students


def _inserted(row: Import, model: type[Model], kept: Collection[int] = ()) -> Any:
    """Values whose last file is this one, in the order in which they were written: that of students.

    Those of students whose ids are ``kept`` are left out.
    """
    rows = model._default_manager.filter(imported_by=row)  # noqa: SLF001 (Django's API)
    return rows.exclude(student__in=many_ids(kept)).order_by("pk") if kept else rows.order_by("pk")


def _undo_part(
    model: type[Model], students: set[int], kept: set[int], changes: dict[int, ImportChange]
) -> None:
    """Delete inserted rows and restore updated ones, unless they are used, kept or were changed since."""
    rows = model._default_manager  # noqa: SLF001 (Django's API)
    found = rows.in_bulk(changes)
    if kept:
        found = {pk: one for pk, one in found.items() if _student_of(one) not in kept}
    applied = _applied_among({(change.before or {}).get("imported_by_id") for change in changes.values()})
    if model is CourseGrade:
        seats = Enrollment.objects.filter(grades__in=found)
        students.update(seats.values_list("student_id", flat=True))
    gone, restored, fields = [], [], set()
    for pk, change in changes.items():
        stored = found.get(pk)
        if stored is None or any(
            plain_value(getattr(stored, name)) != value for name, value in change.after.items()
        ):
            continue
        students.update({stored.student_id} if hasattr(stored, "student_id") else set())
        if change.before is None:
            gone.append(pk)
            continue
        for name, value in change.before.items():
            is_undone = name == "imported_by_id" and value not in applied
            setattr(stored, name, None if is_undone else value)
            fields.add(name)
        restored.append(stored)
    gone = _delete(model, gone)
    save_fields(restored, sorted(name.removesuffix("_id") for name in fields))
    undone = {*gone, *(stored.pk for stored in restored)}
    ImportChange.objects.filter(pk__in=[changes[pk].pk for pk in undone]).delete()


def _student_of(one: Any) -> int | None:
    return one.enrollment.student_id if isinstance(one, CourseGrade) else getattr(one, "student_id", None)


def _applied_among(ids: set[Any]) -> set[int]:
    return set(Import.objects.filter(pk__in=ids - {None}, state=STATES.APPLIED).values_list("pk", flat=True))


def _delete(model: type[Model], ids: list[int]) -> list[int]:
    """Delete rows that nothing refers to. Returns the ids of the deleted ones."""
    if model in USED and _is_used(model, ids):
        ids = [pk for pk in ids if not _is_used(model, [pk])]
    try:
        with transaction.atomic():
            model._default_manager.filter(pk__in=ids).delete()  # noqa: SLF001 (Django's API)
    except ProtectedError:
        return []
    return ids


def _is_used(model: type[Model], ids: list[int]) -> bool:
    return any(rows.exists() for rows in users_of(model, ids))


def _refuse_if_used(row: Import) -> None:
    """Raise DomainError if people or later files have built on what the file brought."""
    if kinds := kinds_built_on(row):
        raise DomainError(
            _(
                "On this file were built: %(what)s. Open “Undo this file” again: it names them, and can keep what they need."
            )
            % {"what": ", ".join(kinds)}
        )
