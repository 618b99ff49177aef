"""Apply a checked file: all valid rows in one transaction, or none."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.imports.models import Import, ImportChange, ImportProblem
from datareview.imports.services.checks import SOURCE, check_file
from datareview.imports.services.rosters import LIFTED, ROSTERS, roster_year
from datareview.records.models import AttendanceDay, Measure, Score, Student
from datareview.runs.services.runs import start_trend_run
from teams.directory.models import School
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.lib.planner import count_rows_again
from teams.logs.security import log_security_event

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    import pandas as pd
    from django.db.models import Model

    from datareview.imports.services.cells import Checked
    from teams.jobs.models import Job
    from teams.jobs.services.jobs import Progress

    Record = dict[Hashable, Any]  # one row of the checked table

BATCH = 1_000
STATES = Import.State


def check_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Check a file and store the result. Idempotent."""
    row = _row(job)
    if row.state != STATES.CHECKING:
        return row.counts
    progress.step(0, row.row_count)
    try:
        checked = check_file(row)
    except DomainError as error:
        Import.objects.filter(pk=row.pk).update(state=STATES.FAILED, error=str(error))
        raise
    with transaction.atomic():
        _keep(row, checked)
        row.state, row.checked_at = STATES.CHECKED, clock.now()
        row.save(update_fields=["state", "checked_at", "counts"])
    progress.step(row.row_count, row.row_count)
    return row.counts


def apply_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Check the file again against current data and write its valid rows.

    The file is read and checked before the transaction, which only writes. The transaction locks the school's row; if
    another file was applied or undone there since the check began, the file is checked again against the results.
    """
    row = _row(job)
    try:
        while row.state == STATES.APPLYING:
            since = _history(row)
            checked = check_file(row)
            _stop_if_more_is_lifted(row, checked)
            with transaction.atomic():
                School.objects.select_for_update(no_key=True).get(pk=row.school_id)
                row.refresh_from_db(fields=["state"])  # another worker may have been faster
                if row.state == STATES.APPLYING and _history(row) == since:
                    _apply(row, checked, progress)
    except DomainError as error:
        Import.objects.filter(pk=row.pk).update(state=STATES.CHECKED, error=str(error))
        raise
    return row.counts


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


def _apply(row: Import, checked: Checked, progress: Progress) -> None:
    _keep(row, checked)
    students = _WRITERS[row.kind](row, checked, progress)
    row.state, row.applied_at = STATES.APPLIED, clock.now()
    row.save(update_fields=["state", "applied_at", "counts"])
    if students:
        count_rows_again(Student, Score, AttendanceDay)
        start_trend_run(row.school, actor=row.uploaded_by, trigger="import", student_ids=students)


def _row(job: Job) -> Import:
    return Import.objects.select_related("school", "uploaded_by").get(pk=job.payload["import"])


def _keep(row: Import, checked: Checked) -> None:
    row.counts = checked.counts
    row.problems.all().delete()
    ImportProblem.objects.bulk_create(
        [ImportProblem(of_import=row, **problem) for problem in checked.problems], batch_size=BATCH
    )


def _write_scores(row: Import, checked: Checked, progress: Progress) -> list[int]:
    for key, measure in checked.measures.items():
        if not measure.pk:
            made, is_new = Measure.objects.get_or_create(
                school=row.school,
                key=measure.key,
                defaults={
                    "name": measure.name,
                    "scale_min": measure.scale_min,
                    "scale_max": measure.scale_max,
                    "domain": measure.domain,
                    "unit": measure.unit,
                    "higher_is_better": measure.higher_is_better,
                },
            )
            checked.measures[key] = made
            if is_new:
                _change(row, Measure, made.pk, None, {"key": made.key}).save()

    def make(record: Record) -> Score:
        return Score(
            student_id=record["student_id"],
            measure=checked.measures[record["measure"]],
            taken_on=record["day"].date(),
            value=record["value"],
            source=SOURCE,
            imported_by=row,
        )

    return _write(
        row, checked.rows, progress, Score, make, lambda record: {"value": float(record["value"])}, "stored"
    )


def _write_attendance(row: Import, checked: Checked, progress: Progress) -> list[int]:
    def make(record: Record) -> AttendanceDay:
        return AttendanceDay(
            student_id=record["student_id"], day=record["day"].date(), mark=record["mark"], imported_by=row
        )

    return _write(
        row, checked.rows, progress, AttendanceDay, make, lambda record: {"mark": record["mark"]}, "stored"
    )


def _write(
    row: Import,
    rows: pd.DataFrame,
    progress: Progress,
    model: type[Model],
    make: Callable[[Record], Model],
    after: Callable[[Record], dict[str, Any]],
    before: str,
) -> list[int]:
    """Insert new rows, update changed ones, and record both for undoing."""
    touched: set[int] = set()
    records = rows[rows["state"] != "same"].to_dict("records")
    for start in range(0, len(records), BATCH):
        batch = records[start : start + BATCH]
        new = [record for record in batch if record["state"] == "new"]
        made = model._default_manager.bulk_create([make(record) for record in new])  # noqa: SLF001 (Django's API)
        changes = [
            _change(row, model, one.pk, None, after(record)) for one, record in zip(made, new, strict=True)
        ]
        changed = [record for record in batch if record["state"] == "changed"]
        (name,) = after(batch[0])
        stored = [model(pk=int(record["row_id"]), **after(record)) for record in changed]
        model._default_manager.bulk_update(stored, [name])  # noqa: SLF001 (Django's API)
        changes += [_change(row, model, int(r["row_id"]), {name: r[before]}, after(r)) for r in changed]
        ImportChange.objects.bulk_create(changes)
        touched.update(int(record["student_id"]) for record in batch)
        progress.step(start + len(batch), len(records))
    return sorted(touched)


def _write_roster(row: Import, checked: Checked, progress: Progress) -> list[int]:
    """Insert new rows of a roster and update changed ones; an empty cell changes nothing."""
    table = ROSTERS[row.kind]
    model, rows = table.model, table.model._default_manager  # noqa: SLF001 (Django's API)
    fields = [name for name in table.fields if name in checked.rows.columns]
    is_section = row.kind == Import.Kind.SECTIONS
    common: dict[str, Any] = {"school": row.school} if is_section or model is Student else {}
    if is_section:
        common["year"] = roster_year(row)
    differing = checked.rows[checked.rows["state"] != "same"]
    # Changed rows first: what ends makes room for what begins.
    records = differing.sort_values("state", kind="stable").to_dict("records")
    for start in range(0, len(records), BATCH):
        batch = records[start : start + BATCH]
        changes: list[ImportChange] = []
        changed = {
            int(r["row_id"]): ({"ends_on": None} if r.get("is_back") else {}) | _given(r, fields)
            for r in batch
            if r["state"] == "changed"
        }
        stored = rows.in_bulk(changed)
        for pk, one in stored.items():
            before = {name: getattr(one, name) for name in changed[pk]}
            changes.append(_change(row, model, pk, _plain(before), _plain(changed[pk])))
            for name, value in changed[pk].items():
                setattr(one, name, value)
        if stored:
            rows.bulk_update(stored.values(), fields)
        new = [
            {**{key: r[key] for key in table.keys}, **_given(r, fields)} for r in batch if r["state"] == "new"
        ]
        if is_section:
            new = [{"name": values["local_id"], **values} for values in new]
        made = rows.bulk_create([model(**common, **values) for values in new])
        changes += [
            _change(row, model, one.pk, None, _plain(values)) for one, values in zip(made, new, strict=True)
        ]
        ImportChange.objects.bulk_create(changes)
        progress.step(start + len(batch), len(records))
    log_security_event("roster loaded", school=row.school_id, kind=row.kind, n=len(records))
    return []


def _given(record: Record, names: list[str]) -> dict[str, Any]:
    return {name: record[name] for name in names if record[name] is not None}


def _change(
    row: Import, model: type[Model], pk: int, before: dict[str, Any] | None, after: dict[str, Any]
) -> ImportChange:
    return ImportChange(of_import=row, table=model.__name__.lower(), row_id=pk, before=before, after=after)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()
    }


_WRITERS: dict[str, Callable[[Import, Checked, Progress], list[int]]] = {
    Import.Kind.SCORES: _write_scores,
    Import.Kind.ATTENDANCE: _write_attendance,
    **dict.fromkeys(ROSTERS, _write_roster),
}
