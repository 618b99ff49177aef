"""The first rows that a checked file would add or change, with each value before and after."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd
from django.utils.translation import gettext as _

from datareview.checking.services.pending import pending
from datareview.checking.services.rosters import ROSTERS
from datareview.imports.checked import mapped_columns
from datareview.imports.models import Import
from datareview.recognition.labels import LABELS
from datareview.records.models import AttendanceDay, Section, Student
from teams.directory.models import Staff
from teams.lib import formats
from teams.lib.tags.grades import grade
from teams.tables.days import read_days
from teams.tables.distinct import distinct_texts
from teams.tables.problems import FILE

if TYPE_CHECKING:
    from datareview.imports.checked import Checked

CHANGES_SHOWN = 10
DAY_FIELDS = ("day", "entered_on", "left_on", "starts_on", "ends_on")
_FIELD_LABELS = {"is_lead": "role", "as_of": "day", "ended_on": "day"}


def first_changes(row: Import, checked: Checked) -> list[dict[str, Any]]:
    """Up to ten rows that differ from what is stored, changed ones first.

    Each has its ``line`` in the file, whom or what it is about, its ``state``, and ``values``: a label, the value before
    and the value after, as texts.
    """
    rows = checked.rows
    if not len(rows):
        return []
    parts = [rows[rows["state"] == state] for state in ("changed", "new")]
    records = [record for part in parts for record in part.head(CHANGES_SHOWN).to_dict("records")]
    records = records[:CHANGES_SHOWN]
    stored: dict[Any, Any] = {}
    if row.kind in ROSTERS:
        ids = [record["row_id"] for record in records if record["row_id"] is not None]
        stored = ROSTERS[row.kind].model._default_manager.in_bulk(ids)  # noqa: SLF001 (Django's API)
    subjects = _subjects(records)
    return [
        {
            "line": int(record["line"]),
            "subject": _subject(row, record, subjects),
            "state": record["state"],
            "values": _values(row, record, stored.get(record.get("row_id")), checked),
        }
        for record in records
    ]


def days_read(row: Import, frame: pd.DataFrame) -> tuple[list[tuple[str, str, str]], str]:
    """How dates were read, and the order of day and month ("mdy", "dmy") that the file shows or a person said; else empty.

    Each column with dates has its name, its first date as written, and that day in ISO form.
    """
    options, columns = row.mapping["options"], mapped_columns(row)
    found, order = [], ""
    for name in DAY_FIELDS:
        column = columns.get(name, "")
        own = list(dict.fromkeys(row.mapping.get("days", {}).values())) if name == "day" else []
        if not (own or column) or (name == "day" and options.get("fixed_day") and not own):
            continue
        read = [frame[FILE + one] for one in own] if own else [frame[column]]
        texts = pd.Series(pd.concat([distinct_texts(one)[1] for one in read]).str.strip().unique(), dtype=str)
        reading = read_days(
            texts,
            options.get("day_zero"),
            order=options.get("date_order", ""),
            usual=options.get("usual_order", ""),
            zone=row.school.tz if name in ("day", "entered_on", "left_on") else None,
            until=row.school.today() if name == "day" else None,
        )
        order = order or reading.order
        first = reading.days.first_valid_index()
        if first is not None:
            day = reading.days[first].date().isoformat()
            found.append((own[0] if own else row.mapping["columns"][name], texts[first][:80], day))
    return found, order


def _subjects(records: list[dict[Any, Any]]) -> dict[str, dict[int, Any]]:
    """The students, sections and staff that records name, by column and id."""
    models = {"student_id": Student, "section_id": Section, "staff_id": Staff}
    coming: dict[str, dict[int, Any]] = {
        "student_id": {**pending().students},
        "section_id": {**pending().sections},
    }
    return {
        name: model._default_manager.in_bulk([record[name] for record in records])  # noqa: SLF001 (Django's API)
        | coming.get(name, {})
        for name, model in models.items()
        if records and name in records[0]
    }


def _subject(row: Import, record: dict[Any, Any], subjects: dict[str, dict[int, Any]]) -> str:
    if row.kind in (Import.Kind.STUDENTS, Import.Kind.SECTIONS):
        return str(record["local_id"])
    parts = [rows.get(record[name]) for name, rows in subjects.items()]
    return " · ".join(str(one) for one in parts if one is not None)


def _values(row: Import, record: dict[Any, Any], old: Any, checked: Checked) -> list[tuple[str, ...]]:
    if row.kind == Import.Kind.ANSWERS:
        label = _("Item %(n)s") % {"n": record["number"]} if record["number"] else _("Attendance")
        # What is stored is shown to those who may enter it, and not to those who load files of the whole school.
        return [(label, record["before"] if row.team else "", record["text"])]
    if row.kind not in ROSTERS:
        name = "value" if row.kind == Import.Kind.SCORES else "mark"
        day = formats.short_day(record["day"].date(), with_year=True)
        label = f"{checked.measures[record['measure']].name} · {day}" if name == "value" else day
        before = record["stored"] if record["state"] == "changed" else None
        return [(label, _text(name, before), _text(name, record[name]))]
    table = ROSTERS[row.kind]
    # That somebody left is said by the last day.
    names = [
        name
        for name in (*table.keys, *table.fields)
        if name in record and not name.endswith("_id") and name != "status"
    ]
    if record.get("is_back"):
        names.append("ends_on")
    values: list[tuple[str, ...]] = []
    for name in dict.fromkeys(names):
        before, after = (getattr(old, name) if old else None), record.get(name)
        if after is None and not (name == "ends_on" and record.get("is_back")):
            continue
        if before != after:
            words = dict(getattr(table.model._meta.get_field(name), "flatchoices", ()))  # noqa: SLF001 (Django's API)
            texts = [_text(name, words.get(value, value)) for value in (before, after)]
            values.append((_label(name), *texts))
    return values


def _label(name: str) -> str:
    return str(LABELS[_FIELD_LABELS.get(name, name)])


def _text(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        yes, no = (_("lead"), _("co-teacher")) if name == "is_lead" else (_("yes"), _("no"))
        return yes if value else no
    if isinstance(value, dt.time):
        return formats.time(value)
    if isinstance(value, Decimal | float):
        return formats.number(value)
    if isinstance(value, dt.date):
        return formats.short_day(value, with_year=True)
    if name == "mark":
        return str(AttendanceDay.Mark(value).label)
    return grade(value) if name == "grade" else str(value)
