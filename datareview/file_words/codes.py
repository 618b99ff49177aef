"""Codes of a file that a person has to explain: "UNX" is an unexcused absence, "BR" is no score.

A mapping has them as ``codes``: field → text in the file → text that is read instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from datareview.recognition.kinds import FileKind
from datareview.records.models import AttendanceDay, Incident
from teams.lib.tags.grades import grade
from teams.tables.problems import FILE

if TYPE_CHECKING:
    import pandas as pd

NOTHING = "-"  # read as an empty cell
EARLIEST, LATEST = -1, 12  # grades
# The codes of problems whose value can be explained, by kind of file, with the field that it is of.
EXPLAINED: dict[str, dict[str, str]] = {
    FileKind.ATTENDANCE: {"unknown-mark": "mark"},
    FileKind.STUDENTS: {"unknown-grade": "grade"},
    FileKind.INCIDENTS: {"unknown-severity": "severity", "unknown-consequence": "consequence"},
    FileKind.SCORES: {"no-number": "value", "range": "value", "limit": "value", "unknown-measure": "measure"},
}


def meanings(field: str) -> list[tuple[str, str]]:
    """What a code of a field can stand for: the text that is read instead, and its label; empty if that is open."""
    if field == "mark":
        return [*_choices(AttendanceDay.Mark), (NOTHING, _("No mark: nothing is stored"))]
    if field == "grade":
        numbers = range(EARLIEST, LATEST + 1)
        written = {-1: "PK", 0: "K"}
        return [
            *((written.get(number, str(number)), grade(number)) for number in numbers),
            (NOTHING, _("Not known")),
        ]
    if field == "severity":
        return [*_choices(Incident.Severity), (NOTHING, _("Not known"))]
    if field == "consequence":
        return [*_choices(Incident.Consequence), (NOTHING, _("Not known"))]
    return []


def with_meanings(frame: pd.DataFrame, mapping: dict[str, Any]) -> pd.DataFrame:
    """The table with the text that each explained code stands for in its place; names of measures are left as they are."""
    from teams.tables.distinct import read_distinct  # pages need no pandas

    replaced = {}
    for field, codes in mapping.get("codes", {}).items():
        columns = [mapping["columns"].get(field), *(mapping.get("measures", {}) if field == "value" else ())]
        for name in {FILE + column for column in columns if column and field != "measure"} & {*frame.columns}:
            replaced[name] = read_distinct(
                frame[name],
                lambda texts, codes=codes: texts.mask(  # type: ignore[misc]
                    texts.str.strip().isin(codes), texts.str.strip().map(codes)
                ),
            )
    return frame.assign(**replaced)


def _choices(values: Any) -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in values.choices]
