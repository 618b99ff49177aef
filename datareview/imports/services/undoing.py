"""Undo an applied file: restore exactly the previous data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from datareview.flags.models import Change
from datareview.imports.models import Import, ImportChange
from datareview.records.models import (
    AttendanceDay,
    Enrollment,
    Guardian,
    Measure,
    Score,
    Section,
    SectionTeacher,
    Student,
    Subgroup,
)
from datareview.runs.services.runs import start_trend_run
from datareview.trends.models import ForecastCheck, Trend
from teams.directory.models import School
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from django.db.models import Model

    from teams.jobs.models import Job
    from teams.jobs.services.jobs import Progress

TABLES: dict[str, type[Model]] = {
    "score": Score,
    "attendanceday": AttendanceDay,
    "enrollment": Enrollment,
    "sectionteacher": SectionTeacher,
    "guardian": Guardian,
    "subgroup": Subgroup,
    "section": Section,
    "student": Student,
    "measure": Measure,
}
COMPUTED: tuple[type[Model], ...] = (Trend, Change, ForecastCheck)  # recomputed by the next run
BATCH = 1_000


def undo_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Undo an applied file in one transaction; rows changed since are kept and counted."""
    row = Import.objects.select_related("school", "uploaded_by").get(pk=job.payload["import"])
    if row.state != Import.State.UNDOING:
        return row.counts
    try:
        with transaction.atomic():
            School.objects.select_for_update(no_key=True).get(pk=row.school_id)
            row.refresh_from_db(fields=["state"])
            if row.state != Import.State.UNDOING:  # another worker was faster
                return row.counts
            kept, students = _undo(row, progress)
            row.counts["kept"] = kept
            row.state = Import.State.UNDONE
            row.save(update_fields=["state", "counts"])
            if students:
                start_trend_run(row.school, actor=row.uploaded_by, trigger="import", student_ids=students)
    except (DomainError, ProtectedError) as error:
        sentence = str(error)
        if isinstance(error, ProtectedError):
            sentence = _("People have worked with this file’s students since, so it can’t be undone.")
        Import.objects.filter(pk=row.pk).update(state=Import.State.APPLIED, error=sentence)
        raise DomainError(sentence) from error
    return row.counts


def _undo(row: Import, progress: Progress) -> tuple[int, list[int]]:
    kept, done = 0, 0
    students: set[int] = set()
    changes = list(row.changes.order_by("pk"))
    for table, model in TABLES.items():  # measures last: their scores are deleted first
        rows = [change for change in changes if change.table == table]
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            kept += _undo_part(model, {change.row_id: change for change in batch}, students)
            done += len(batch)
            progress.step(done, len(changes))
    row.changes.all().delete()
    return kept, sorted(students)


def _undo_part(model: type[Model], changes: dict[int, ImportChange], students: set[int]) -> int:
    """Delete inserted rows and restore updated ones, unless they were changed since. Returns the number kept."""
    found = model._default_manager.in_bulk(changes)  # noqa: SLF001 (Django's API)
    gone, restored, fields, kept = [], [], set(), 0
    for pk, change in changes.items():
        stored = found.get(pk)
        if stored is None or any(
            _plain(getattr(stored, name)) != value for name, value in change.after.items()
        ):
            kept += 1
            continue
        students.update({stored.student_id} if hasattr(stored, "student_id") else set())
        if change.before is None:
            gone.append(pk)
            continue
        for name, value in change.before.items():
            setattr(stored, name, value)
            fields.add(name)
        restored.append(stored)
    if model in (Student, Section, Enrollment) and (in_use := _users_of(model, gone)):
        sentence = _("This file’s %(rows)s now have %(what)s. Undo or remove those first.")
        rows = model._meta.verbose_name_plural  # noqa: SLF001 (Django's API)
        raise DomainError(sentence % {"rows": rows, "what": ", ".join(sorted(in_use))})
    if model is Measure:
        gone = [pk for pk in gone if not _users_of(model, [pk])]
    model._default_manager.filter(pk__in=gone).delete()  # noqa: SLF001
    if restored:
        model._default_manager.bulk_update(restored, sorted(fields))  # noqa: SLF001
    return kept


def _users_of(model: type[Model], ids: list[int]) -> set[str]:
    """Names of models with rows that refer to rows of ``model``, except computed ones."""
    found = set()
    for relation in model._meta.related_objects:  # noqa: SLF001 (Django's API)
        other = relation.related_model
        if issubclass(other, COMPUTED):
            continue
        name = relation.field.name
        if other._default_manager.filter(**{f"{name}__in": ids}).exists():  # noqa: SLF001
            found.add(str(other._meta.verbose_name_plural))  # noqa: SLF001
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
