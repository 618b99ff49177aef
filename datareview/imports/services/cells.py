"""Read the cells of a file's table: students, days, grades."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from datareview.records.models import Student
from teams.tables.problems import FILE
from teams.tables.reading import plain_number

if TYPE_CHECKING:
    import pandas as pd

    from datareview.imports.models import Import
    from datareview.records.models import Measure
    from teams.tables.problems import Problems

OLDEST = dt.timedelta(days=60 * 366)


@dataclass(slots=True)
class Checked:
    """The result of a check. ``rows`` has ``line``, ``state`` (new, changed, same) and the values to write."""

    rows: pd.DataFrame
    problems: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, Any] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)


def mapped_columns(row: Import) -> dict[str, str]:
    """Map each mapped field to its column in the frame."""
    return {field: FILE + name for field, name in row.mapping["columns"].items() if name}


def with_students(row: Import, frame: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """Add ``student_id`` to rows of known students; the others become problems."""
    column = mapped_columns(row)["student"]
    number = frame[column].map(plain_number)
    known = dict(Student.objects.filter(school=row.school).values_list("local_id", "pk"))
    frame = frame.assign(number=number, student_id=number.map(known))
    unknown = frame[frame["student_id"].isna()]
    message = _(
        "No student at this school has this number. Import the students first, or correct the number."
    )
    problems.add(unknown, column, "unknown-student", message, values="number")
    known_rows = frame[frame["student_id"].notna()]
    return known_rows.assign(student_id=known_rows["student_id"].astype("int64"))
