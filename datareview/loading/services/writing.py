"""Write the rows of a checked file in parts, each of which can be undone.

A new score or attendance mark is undone by its ``imported_by``; only changed rows keep their former value. Parts are in
the order of students, so that a page shows a student's rows of a file all at once, or nearly.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import transaction

from datareview.checking.services.rosters import ROSTERS, roster_year
from datareview.checking.services.scores import SOURCE
from datareview.imports.models import Import, ImportChange
from datareview.loading.rows import A_PART, insert_rows, save_fields, update_rows, write_in_turns
from datareview.loading.services.answers import write_answers
from datareview.records.models import AttendanceDay, Measure, Score, Student
from teams.lib import clock
from teams.logs.security import log_security_event

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    import pandas as pd
    from django.db.models import Model

    from datareview.imports.checked import Checked
    from teams.jobs.services.jobs import Progress

    Record = dict[Hashable, Any]  # one row of the checked table


@dataclass(frozen=True, slots=True)
class ValueTable:
    """A table of values by student and day: ``columns`` maps its columns to those of the checked file."""

    model: type[Model]
    columns: dict[str, str]
    value: str


VALUES: dict[str, ValueTable] = {
    Import.Kind.SCORES: ValueTable(
        Score,
        {
            "student_id": "student_id",
            "measure_id": "measure_id",
            "taken_on": "day",
            "value": "value",
            "line": "line",
        },
        "value",
    ),
    Import.Kind.ATTENDANCE: ValueTable(
        AttendanceDay, {"student_id": "student_id", "day": "day", "mark": "mark", "line": "line"}, "mark"
    ),
}


def write_rows(row: Import, checked: Checked, progress: Progress) -> set[int]:
    """Write the new and changed rows of a file. Returns the ids of students whose values were written."""
    if row.kind == Import.Kind.ANSWERS:
        return write_answers(row, checked)
    if row.kind in ROSTERS:
        _write_roster(row, checked, progress)
        is_observed = ROSTERS[row.kind].is_observed
        rows = checked.rows[checked.rows["state"] != "same"]
        return set(rows["student_id"].unique().tolist()) if is_observed else set()
    table, rows, constants = VALUES[row.kind], checked.rows, {}
    if row.kind == Import.Kind.SCORES:
        ids = _measure_ids(row, checked)
        rows = rows.assign(measure_id=rows["measure"].map(ids).astype("int64"))
        constants = {"source": SOURCE, "recorded_at": clock.now()}
    order = _order(rows)
    parts = _parts(rows, order, table, progress)
    write_in_turns(parts, lambda part: _write_values(row, table, part, constants))
    return set(np.unique(rows["student_id"].to_numpy()[order]).tolist())


@transaction.atomic
def _measure_ids(row: Import, checked: Checked) -> dict[str, int]:
    """The ids of the file's measures by key; those that the school has not are created."""
    ids = {}
    for key, measure in checked.measures.items():
        made, is_new = measure, False
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
        if is_new:
            _change(row, Measure, made.pk, None, {"key": made.key}).save()
        ids[key] = made.pk
    return ids


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows of one transaction: new ones as columns of the table, changed ones as value and line by id."""

    new: dict[str, list[Any]]
    changed: dict[int, tuple[Any, int]]


def _order(rows: pd.DataFrame) -> np.ndarray[Any, Any]:
    """The places of the rows to write, in the order of students."""
    places = np.flatnonzero((rows["state"] != "same").to_numpy())
    return places[np.argsort(rows["student_id"].to_numpy()[places], kind="stable")]


def _parts(
    rows: pd.DataFrame, order: np.ndarray[Any, Any], table: ValueTable, progress: Progress
) -> Iterator[_Part]:
    is_new = (rows["state"] == "new").to_numpy()
    columns = {name: rows[of].to_numpy() for name, of in table.columns.items()}
    for start in range(0, len(order), A_PART):
        places = order[start : start + A_PART]
        new, changed = places[is_new[places]], places[~is_new[places]]
        values = (_plain(columns[name][changed]) for name in (table.value, "line"))
        ids = map(int, rows["row_id"].array.take(changed))
        yield _Part(
            {name: _plain(column[new]) for name, column in columns.items()},
            dict(zip(ids, zip(*values, strict=True), strict=True)),
        )
        progress.step(min(start + A_PART, len(order)), len(order))


def _plain(values: np.ndarray[Any, Any]) -> list[Any]:
    """The values as Python's; days as ISO texts."""
    is_day = values.dtype.kind == "M"
    return list((np.datetime_as_string(values.astype("datetime64[D]")) if is_day else values).tolist())


def _write_values(row: Import, table: ValueTable, part: _Part, constants: dict[str, Any]) -> None:
    """Write a part; a changed row keeps its former value and file in an `ImportChange`."""
    model = table.model
    insert_rows(model, part.new, imported_by_id=row.pk, **constants)
    stored = model._default_manager.filter(pk__in=list(part.changed))  # noqa: SLF001 (Django's API)
    before = stored.values("pk", table.value, "imported_by_id", "line") if part.changed else []
    ImportChange.objects.bulk_create(
        _change(row, model, values.pop("pk"), values, {table.value: value}, line)
        for values in before
        if (found := part.changed[values["pk"]])
        for value, line in [found]
    )
    updates = [(value, row.pk, line, pk) for pk, (value, line) in part.changed.items()]
    update_rows(model, [table.value, "imported_by_id", "line"], updates)


def _write_roster(row: Import, checked: Checked, progress: Progress) -> None:
    """Insert new rows of a roster and update changed ones; an empty cell changes nothing."""
    differing = checked.rows[checked.rows["state"] != "same"]
    # Changed rows first: what ends makes room for what begins.
    table = ROSTERS[row.kind]
    names = [name for name in table.fields if name in differing.columns]
    also = [name for name in ("is_back",) if name in differing.columns]
    columns = differing[["state", "row_id", "line", *dict.fromkeys((*table.keys, *names)), *also]]
    records = columns.sort_values("state", kind="stable").to_dict("records")

    def parts() -> Iterator[list[Record]]:
        for start in range(0, len(records), A_PART // 2):
            yield records[start : start + A_PART // 2]
            progress.step(min(start + A_PART // 2, len(records)), len(records))

    write_in_turns(parts(), lambda part: _write_records(row, part, names))
    if not table.is_observed:
        log_security_event("roster loaded", school=row.school_id, kind=row.kind, n=len(records))


def _write_records(row: Import, records: list[Record], fields: list[str]) -> None:
    table = ROSTERS[row.kind]
    model, rows = table.model, table.model._default_manager  # noqa: SLF001 (Django's API)
    is_section = row.kind == Import.Kind.SECTIONS
    common: dict[str, Any] = {"school": row.school} if is_section or model is Student else {}
    if is_section:
        common["year"] = roster_year(row)
    changes: list[ImportChange] = []
    changed = {
        int(r["row_id"]): ({"ends_on": None} if r.get("is_back") else {}) | _given(r, fields)
        for r in records
        if r["state"] == "changed"
    }
    lines = {int(r["row_id"]): r["line"] for r in records if r["state"] == "changed"}
    stored = rows.in_bulk(changed)
    for pk, one in stored.items():
        before = {name: getattr(one, name) for name in changed[pk]}
        changes.append(_change(row, model, pk, _plain_values(before), _plain_values(changed[pk]), lines[pk]))
        for name, value in changed[pk].items():
            setattr(one, name, value)
    save_fields(stored.values(), fields)
    new = [
        {**{key: r[key] for key in table.keys}, **_given(r, fields)} for r in records if r["state"] == "new"
    ]
    if is_section:
        new = [{"name": values["local_id"], **values} for values in new]
    made = rows.bulk_create([model(**common, **values) for values in new])
    new_lines = [r["line"] for r in records if r["state"] == "new"]
    changes += [
        _change(row, model, one.pk, None, _plain_values(values), line)
        for one, values, line in zip(made, new, new_lines, strict=True)
    ]
    ImportChange.objects.bulk_create(changes)


def _given(record: Record, names: list[str]) -> dict[str, Any]:
    return {name: record[name] for name in names if record[name] is not None}


def _change(
    row: Import,
    model: type[Model],
    pk: int,
    before: dict[str, Any] | None,
    after: dict[str, Any],
    line: int | None = None,
) -> ImportChange:
    table = model.__name__.lower()
    return ImportChange(of_import=row, table=table, row_id=pk, before=before, after=after, line=line)


def _plain_values(values: dict[str, Any]) -> dict[str, Any]:
    return {name: plain_value(value) for name, value in values.items()}


def plain_value(value: Any) -> Any:
    """A value as an `ImportChange` stores it: days, times and decimals as texts."""
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
