"""What stands out in one student's absences: a weekday, or a month since which there are more or fewer.

Both ask whether absences fall on the student's own days as they would by chance (Fisher's exact test, one side for a
weekday and two sides for a change), and correct for the number of weekdays or months looked at (Bonferroni). So a
student with few absences, or with absences spread evenly, has no finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING

from datareview.analysis.door import door
from datareview.analysis.inputs import AS_IS, Truth

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

LEAST_ABSENCES = 4
LEAST_DAYS = 20
LEAST_SIDE = 5  # days before and after a change
CHANCE = 0.05


@dataclass(frozen=True, slots=True)
class WeekdayExcess:
    """Absences that fall on one weekday (Monday is 0) more often than by chance: ``absent`` of ``days`` such days.

    ``all_absent`` is the number of absences on any weekday.
    """

    weekday: int
    absent: int
    days: int
    all_absent: int


@dataclass(frozen=True, slots=True)
class AbsenceChange:
    """More or fewer absences since a day: (absences, days) ``before`` it and ``after`` it, with the day itself."""

    since: dt.date
    before: tuple[int, int]
    after: tuple[int, int]

    @property
    def is_rise(self) -> bool:
        """Whether a larger share of days has been missed since."""
        return self.after[0] * self.before[1] > self.before[0] * self.after[1]


@door(days=Truth())
def weekday_excess(days: Mapping[dt.date, bool]) -> WeekdayExcess | None:
    """The weekday on which the student is absent more often than by chance, or None.

    Parameters
    ----------
    days
        Whether the student was absent, by day on which attendance was marked.

    """
    absent = sum(days.values())
    if len(days) < LEAST_DAYS or absent < LEAST_ABSENCES:
        return None
    weekdays = sorted({day.weekday() for day in days})
    found = []
    for weekday in weekdays:
        marks = [is_absent for day, is_absent in days.items() if day.weekday() == weekday]
        chance = _at_least(sum(marks), of=len(marks), marked=absent, all_of=len(days))
        found.append((chance * len(weekdays), weekday, sum(marks), len(marks)))
    chance, weekday, missed, many = min(found)
    return WeekdayExcess(weekday, missed, many, absent) if chance <= CHANCE else None


@door(days=Truth(), splits=AS_IS)
def absence_change(days: Mapping[dt.date, bool], splits: Sequence[dt.date]) -> AbsenceChange | None:
    """The one of ``splits`` since which absences have changed most clearly, or None if no change is clear.

    Parameters
    ----------
    days
        Whether the student was absent, by day on which attendance was marked.
    splits
        The days to look at, such as the first of each month. Those with fewer than five marked days on either side
        are left out.

    """
    absent = sum(days.values())
    if len(days) < LEAST_DAYS or absent < LEAST_ABSENCES:
        return None
    found = []
    for split in splits:
        later = [is_absent for day, is_absent in days.items() if day >= split]
        if min(len(later), len(days) - len(later)) < LEAST_SIDE:
            continue
        counts = {"of": len(later), "marked": absent, "all_of": len(days)}
        more, fewer = _at_least(sum(later), **counts), _at_most(sum(later), **counts)
        change = AbsenceChange(split, (absent - sum(later), len(days) - len(later)), (sum(later), len(later)))
        found.append((min(1.0, 2 * min(more, fewer)), split, change))
    if not found:
        return None
    chance, _split, change = min(found, key=lambda one: one[:2])
    return change if chance * len(found) <= CHANCE else None


def _probability(hits: int, *, of: int, marked: int, all_of: int) -> float:
    """The probability of exactly ``hits`` absences on ``of`` of ``all_of`` days, with ``marked`` absences in all."""
    if not 0 <= hits <= min(of, marked) or marked - hits > all_of - of:
        return 0.0
    return comb(of, hits) * comb(all_of - of, marked - hits) / comb(all_of, marked)


def _at_least(hits: int, *, of: int, marked: int, all_of: int) -> float:
    return sum(_probability(n, of=of, marked=marked, all_of=all_of) for n in range(hits, min(of, marked) + 1))


def _at_most(hits: int, *, of: int, marked: int, all_of: int) -> float:
    return sum(_probability(n, of=of, marked=marked, all_of=all_of) for n in range(hits + 1))
