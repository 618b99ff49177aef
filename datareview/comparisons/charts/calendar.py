"""The attendance calendar: the share of days missed on each day, and the weekday on which most is missed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from datareview.charts.spec import Chart, Series, Table
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Sequence

AT_LEAST = (10.0, 6.0, 3.0, 0.0)  # percent of days missed, from which a square has each color
LEAST_DAYS = 4  # of a weekday, to compare it with the others

Day = tuple[dt.date, int, int]


def absence_calendar(days: Sequence[Day], *, students: int) -> Chart:
    """Draw the share of days missed, from (day, half days absent, number of marks)."""
    days = [row for row in days if row[2]]
    if not days:
        return Chart(title=_("Attendance: no days marked yet"), sentence="")
    shares = {day: 50.0 * missed / marked for day, missed, marked in days}
    marked = {day: many for day, _missed, many in days}
    series = []
    for place, least in enumerate(AT_LEAST):
        most = AT_LEAST[place - 1] if place else float("inf")
        here = [day for day, share in shares.items() if least <= share < most]
        if not here:
            continue
        name = _("%(least)s or more missed") % {"least": formats.percent(least, 0)}
        if not least:
            name = _("less than %(most)s") % {"most": formats.percent(most, 0)}
        series.append(
            Series(
                kind="days",
                name=name,
                x=here,
                y=[shares[day] for day in here],
                role=f"level-{place + 1}",
                labels=[_label(day, shares[day], marked[day]) for day in here],
            )
        )
    by_weekday: dict[int, list[Day]] = defaultdict(list)
    for row in days:
        by_weekday[row[0].weekday()].append(row)
    return Chart(
        title=_title(shares),
        sentence=_(
            "Each square is a school day: the share of its marks that are absences, excused or not; a half day counts half."
        ),
        series=series,
        source=_("%(students)d students, %(marks)s marks on %(days)d days to %(last)s.")
        % {
            "students": students,
            "marks": formats.number(sum(marked.values())),
            "days": len(days),
            "last": formats.short_day(max(shares)),
        },
        table=Table(
            columns=(_("Weekday"), _("% of days missed"), _("Days"), _("Marks")),
            rows=tuple(
                (
                    str(WEEKDAYS[weekday]),
                    formats.fixed(_share(rows), 1),
                    formats.number(len(rows)),
                    formats.number(sum(many for _day, _missed, many in rows)),
                )
                for weekday, rows in sorted(by_weekday.items())
            ),
        ),
    )


def _share(rows: Sequence[Day]) -> float:
    return 50.0 * sum(missed for _day, missed, _n in rows) / sum(many for _d, _m, many in rows)


def _label(day: dt.date, share: float, marked: int) -> str:
    return _("%(day)s: %(share)s of %(n)s missed") % {
        "day": formats.short_day(day),
        "share": formats.percent(share, 1),
        "n": formats.number(marked),
    }


def _title(shares: dict[dt.date, float]) -> str:
    """The weekday that differs most from the other days, if the interval of the difference is above zero.

    Days are the units: absences of one day have a common cause, such as snow, so that students are not independent.
    """
    from datareview.analysis.equity import difference_of_means

    every = formats.percent(float(np.mean(list(shares.values()))), 1)
    found = []
    for weekday in {day.weekday() for day in shares}:
        own = np.array([share for day, share in shares.items() if day.weekday() == weekday])
        others = np.array([share for day, share in shares.items() if day.weekday() != weekday])
        if min(len(own), len(others)) >= LEAST_DAYS:
            gap, _g = difference_of_means(own, others, level=0.99)  # about 0.95 for five weekdays together
            if gap.value is not None and gap.low is not None and gap.low > 0:
                found.append((gap.value, weekday, float(own.mean()), float(others.mean())))
    if not found:
        return _("%(share)s of days are missed; no weekday differs from the others") % {"share": every}
    _gap, weekday, own_share, other_share = max(found)
    return _("On %(weekday)s %(own)s are missed, on other days %(others)s") % {
        "weekday": WEEKDAYS[weekday],
        "own": formats.percent(own_share, 1),
        "others": formats.percent(other_share, 1),
    }
