"""Check a file of daily attendance: a mark for each day, or absences only, with the other days from the calendar."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from django.utils.translation import gettext as _

from datareview.cell_words.marks import read_mark
from datareview.checking.services.cells import A_PART, beside_stored, states, with_days, with_students
from datareview.checking.services.periods import days_of_periods, told_rule
from datareview.imports.checked import Checked, mapped_columns
from datareview.records.models import AttendanceDay
from datareview.records.queries.enrolled_days import enrolled_school_days
from teams.directory.queries.days import days_without_school
from teams.lib import formats
from teams.lib.errors import DomainError
from teams.tables.cells import missing_cells, without_doubles
from teams.tables.distinct import read_distinct

if TYPE_CHECKING:
    from datareview.imports.models import Import
    from teams.tables.problems import Problems

EXCUSES = {
    **dict.fromkeys(
        ("e", "excused", "y", "yes", "true", "x", "exempt", "sí", "si", "justificada"), "excused"
    ),
    **dict.fromkeys(("u", "unexcused", "n", "no", "false", "injustificada"), "unexcused"),
}
FEWEST_PRESENT = 0.5  # share of the marks under which a file may be one of absences only
MOST_DAYS = 0.8  # share of school days that a file has if it leaves none out
MOST_EMPTY = 0.5  # share of the rows over which a row without a mark says as little as a day without a row
FILLED = ("school", "named")  # answers after which days present are computed
LONGEST = dt.timedelta(days=366)  # for which days present are computed
PRESENT = AttendanceDay.Mark.PRESENT


def check_attendance(row: Import, frame: pd.DataFrame, problems: Problems) -> Checked:
    """Check marks of days. Of a file of absences only, the days present come from the school's calendar.

    Raises DomainError if most of its marks are absences and nobody said whether the other days are in the file: a child
    with one absence and nothing else would have been absent every day.
    """
    column = mapped_columns(row)["mark"]
    told = frame = with_days(row, with_students(row, frame, problems), problems)
    _warn_of_days_off(row, frame, problems)
    empty = missing_cells(frame[column], {"missing": row.mapping["options"].get("missing", [])})
    # Some systems write a row for each day, with a code only if there is something to say.
    has_codes_only = len(frame) > 0 and empty.mean() > MOST_EMPTY
    frame = frame[~empty]
    told = told.assign(says_nothing=empty & has_codes_only)
    frame = frame.assign(mark=read_distinct(frame[column], lambda texts: texts.map(read_mark)))
    if excuse := mapped_columns(row).get("excuse"):
        frame = frame.assign(mark=with_excuse(frame["mark"], frame[excuse]))
    unknown = frame["mark"].isna()
    message = _("Unknown mark. Use present, excused, unexcused, tardy or half day (P, E, U, T, H).")
    problems.add(frame[unknown], column, "unknown-mark", message, values=column)
    frame = days_of_periods(row, frame[~unknown], problems)
    frame = without_doubles(frame, ["student_id", "day"], "mark", problems, column)
    present = _days_present(row, frame, told)
    given, frame = len(frame), frame[["line", "student_id", "day", "mark"]]
    frame = _beside_marks(row, pd.concat([frame, present] if len(present) else [frame], ignore_index=True))
    same = (frame["stored"] == frame["mark"]).fillna(value=False).astype(bool)
    frame["state"] = states(frame["stored"].isna().to_numpy(), same.to_numpy())
    # What is stored stays as it is where the file says nothing.
    frame = frame[(np.arange(len(frame)) < given) | (frame["state"] == "new").to_numpy()]
    counts = {"filled": len(frame) - given} if row.mapping["options"].get("absences") in FILLED else {}
    return Checked(rows=frame, counts=counts | {"notes": told_rule(row)})


def with_excuse(marks: pd.Series, texts: pd.Series) -> pd.Series:
    """The marks; absences are excused or not as a column beside them says. Other words there change nothing."""
    said = read_distinct(texts, lambda found: found.str.strip().str.casefold().map(EXCUSES))
    is_absence = marks.isin(["excused", "unexcused"])
    return marks.mask(is_absence & said.notna(), said)


def _beside_marks(row: Import, frame: pd.DataFrame) -> pd.DataFrame:
    """Join the rows with the stored marks of their days."""
    marks = AttendanceDay.objects.filter(student__school=row.school)
    if len(frame):
        marks = marks.filter(day__range=(frame["day"].min().date(), frame["day"].max().date()))
    stored = marks.values_list("student_id", "day", "mark", "pk").iterator(A_PART) if len(frame) else []
    return beside_stored(frame, stored, ["student_id", "day"])


def _warn_of_days_off(row: Import, frame: pd.DataFrame, problems: Problems) -> None:
    """Warn of rows on weekends and holidays; dates whose day and month are swapped are found by them."""
    days = frame["day"].drop_duplicates().dt.date
    off = frame[frame["day"].isin(pd.to_datetime(list(days_without_school(row.school_id, days))))]
    message = _(
        "There is no school on this day. If there was, correct the calendar; if not, the date may be wrong."
    )
    name = mapped_columns(row).get("day") or _("date")
    problems.add(off, name, "no-school", message, values="day_text", severity="warning")


def _days_present(row: Import, frame: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """The school days of which no row of a file of absences tells (not even one left out), as marks of presence.

    A row without a mark tells nothing where most rows have none; elsewhere its mark is unknown.
    """
    options = row.mapping["options"]
    answer = options.get("absences", "")
    if not len(frame) or answer not in FILLED:
        _require_days(row, frame, answer, has_codes_only=bool(told["says_nothing"].any()))
        return frame.iloc[:0]
    first, last = _covered(row, told, options)
    among = set(told["student_id"].tolist()) if answer == "named" else None
    ids, days = enrolled_school_days(row.school, first, last, among)
    day = pd.Series(days).astype(frame["day"].dtype)
    filled = pd.DataFrame({"student_id": ids, "day": day, "line": 0, "mark": str(PRESENT)})
    known = told.loc[~told["says_nothing"], ["student_id", "day"]].drop_duplicates().assign(known=True)
    is_known = filled.merge(known, how="left", on=["student_id", "day"])["known"].notna()
    return filled[~is_known.to_numpy()]


def _require_days(row: Import, frame: pd.DataFrame, answer: str, *, has_codes_only: bool) -> None:
    """Raise DomainError if the file seems to leave out the days on which students were present.

    If somebody answered that it has every day of its students, those are counted, otherwise those of the whole school.
    """
    if not len(frame) or (frame["mark"] == PRESENT).mean() >= FEWEST_PRESENT:
        return
    ask = _(
        "Choose under “Days without a row” whether students were present then. Otherwise they would seem to have "
        "been absent every day."
    )
    if has_codes_only:
        told = _("Most rows of this file have no mark, and most marks are absences.")
        raise DomainError(f"{told} {ask}")
    among = set(frame["student_id"].tolist()) if answer == "all" else None
    span = frame["day"].min().date(), frame["day"].max().date()
    ids, _days = enrolled_school_days(row.school, *span, among)
    if len(frame) >= MOST_DAYS * len(ids):
        return
    if answer == "all":
        told = _(
            "Only %(share)s of the school days of the students in this file have a row, nearly all of them absences."
        )
    else:
        told = _("Most marks in this file are absences, and only %(share)s of the school days have a row.")
    told %= {"share": formats.percent(100 * len(frame) / len(ids), 0)}
    raise DomainError(f"{told} {ask}")


def _covered(row: Import, frame: pd.DataFrame, options: dict[str, Any]) -> tuple[dt.date, dt.date]:
    """The first and last day of which the file has all absences: as said, else those of its rows."""
    given = [options.get(name) for name in ("covers_from", "covers_until")]
    first, last = (
        dt.date.fromisoformat(text) if text else day.date()
        for text, day in zip(given, (frame["day"].min(), frame["day"].max()), strict=True)
    )
    if first > last:
        raise DomainError(_("The last day of the file’s absences is before the first."))
    if last > row.school.today():
        raise DomainError(_("The last day of the file’s absences is in the future."))
    if last - first > LONGEST:
        raise DomainError(
            _("The file has absences of more than a year. Enter its first and last day, or split it.")
        )
    return first, last
