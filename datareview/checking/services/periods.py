"""Make the mark of a day from the marks of its periods, by the rule that a person chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from django.utils.translation import gettext as _

from datareview.cell_words.marks import DAY_RULES
from datareview.imports.checked import mapped_columns
from datareview.records.models import AttendanceDay
from teams.lib.errors import DomainError
from teams.tables.cells import without_doubles

if TYPE_CHECKING:
    from datareview.imports.models import Import
    from teams.tables.problems import Problems

MARKS = AttendanceDay.Mark
ABSENT = [MARKS.EXCUSED, MARKS.UNEXCUSED]
LEAST = {"half": 0.5, "all": 1.0, "any": 0.001}  # share of the periods from which a student was absent
# What systems call the one period of schools that take attendance once a day.
WHOLE_DAY = frozenset({"hr", "homeroom", "home room", "daily", "day", "all day", "att", "ada"})
FEWEST_PRESENT = 0.5  # share of the periods under which a file may be one of absences only


def days_of_periods(row: Import, frame: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """One row for each student and day, with the day's ``mark``; the rows as they are if they are of days.

    They are of days if no column names a period, or if all have the same, which is the homeroom or the whole day.

    Raises DomainError if nobody chose the rule, or if a share of the periods decides and it is not known how many there are.
    """
    column = mapped_columns(row).get("period", "")
    if not column or not len(frame):
        return frame
    rule = row.mapping["options"].get("day_rule", "")
    names = frame[column].str.strip().str.casefold().unique()
    if len(names) == 1 and names[0] in WHOLE_DAY:
        return frame
    if rule not in DAY_RULES:
        raise DomainError(
            _("Each row of this file is a period. Choose under “The day’s mark” how the periods make a day.")
        )
    frame = frame.assign(period=frame[column].str.strip())
    message = _("The file has different marks for the same student, day and period. Keep one of the rows.")
    frame = without_doubles(frame, ["student_id", "day", "period"], "mark", problems, column, message)
    if rule == "first":
        return frame[frame["period"] == _first(frame["period"])]
    periods = int(row.mapping["options"].get("periods") or 0)
    if rule in ("half", "all") and not periods and (frame["mark"] == MARKS.PRESENT).mean() < FEWEST_PRESENT:
        raise DomainError(
            _(
                "Most periods in this file are absences. Enter how many periods a school day has, to know the share."
            )
        )
    return _made(frame, rule, periods)


def told_rule(row: Import) -> list[str]:
    """The rule by which periods make a day, as a sentence to show with the result; none if the file has no periods."""
    rule = row.mapping["options"].get("day_rule", "")
    if not mapped_columns(row).get("period") or rule not in DAY_RULES:
        return []
    return [_("The day’s mark comes from its periods: %(rule)s.") % {"rule": DAY_RULES[rule]}]


def _made(frame: pd.DataFrame, rule: str, periods: int) -> pd.DataFrame:
    marks = frame["mark"]
    parts = frame.assign(
        gone=marks.isin(ABSENT) + 0.5 * (marks == MARKS.PARTIAL),
        unexcused=marks == MARKS.UNEXCUSED,
        excused=marks == MARKS.EXCUSED,
        tardy=marks == MARKS.TARDY,
    )
    days = parts.groupby(["student_id", "day"], sort=False)
    found = days[["gone", "unexcused", "excused", "tardy"]].sum()
    share = found["gone"].to_numpy(float) / np.maximum(days.size().to_numpy(int), periods)
    is_absent = (share >= LEAST[rule]).tolist()
    values = found.to_numpy().tolist()
    marks_made = [_mark(absent, *counts) for absent, counts in zip(is_absent, values, strict=True)]
    day_marks = pd.Series(marks_made, index=found.index)
    first = frame.drop_duplicates(["student_id", "day"])
    keys = pd.MultiIndex.from_frame(first[["student_id", "day"]])
    return first.assign(mark=day_marks.reindex(keys).to_numpy())


def _mark(is_absent: bool, gone: float, unexcused: float, excused: float, tardy: float) -> str:
    """The mark of a day by how many of its periods had each."""
    if is_absent and (unexcused or excused):
        return MARKS.UNEXCUSED.value if unexcused else MARKS.EXCUSED.value
    if gone:
        return MARKS.PARTIAL.value
    return MARKS.TARDY.value if tardy else MARKS.PRESENT.value


def _first(periods: pd.Series) -> str:
    """The first of the periods: the lowest number, or else the first in the alphabet."""
    names = periods.unique()
    return str(min(names, key=lambda name: (0, int(name), "") if name.isdecimal() else (1, 0, name)))
