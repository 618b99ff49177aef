"""Usual bell schedules of elementary, middle and high schools in the United States, to begin with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

ELEMENTARY, MIDDLE, HIGH = "elementary", "middle", "high"
LAST_OF_ELEMENTARY, LAST_OF_MIDDLE = 6, 8


@dataclass(frozen=True, slots=True)
class UsualPeriod:
    """A period of a usual school day."""

    name: str
    starts_at: dt.time
    ends_at: dt.time


def kind_of_bells(highest_grade: int) -> str:
    """Which of the schedules suits a school that ends with this grade."""
    if highest_grade <= LAST_OF_ELEMENTARY:
        return ELEMENTARY
    return MIDDLE if highest_grade <= LAST_OF_MIDDLE else HIGH


def usual_bells(kind: str) -> list[UsualPeriod]:
    """The periods of a day, in order.

    Middle schools begin at 8:00 and high schools at 8:30, the earliest times that the law of California allows.
    """
    lessons = _("Period %(n)d")
    if kind == ELEMENTARY:
        block = _("Block %(n)d")
        return [
            _one(_("Morning meeting"), (8, 10), 20),
            _one(block % {"n": 1}, (8, 30), 60),
            _one(block % {"n": 2}, (9, 30), 60),
            _one(_("Specials"), (10, 30), 50),
            _one(_("Lunch and recess"), (11, 20), 50),
            _one(block % {"n": 3}, (12, 10), 60),
            _one(block % {"n": 4}, (13, 10), 60),
            _one(_("Intervention block"), (14, 10), 40),
        ]
    if kind == MIDDLE:
        starts = [(8, 24), (9, 16), (10, 8), (11, 0), (12, 22), (13, 14), (14, 6)]
        rows = [_one(lessons % {"n": n}, start, 48) for n, start in enumerate(starts, start=1)]
        return [_one(_("Advisory"), (8, 0), 20), *rows[:4], _one(_("Lunch"), (11, 48), 30), *rows[4:]]
    starts = [(8, 30), (9, 25), (10, 20), (11, 15), (12, 40), (13, 35), (14, 30)]
    rows = [_one(lessons % {"n": n}, start, 50) for n, start in enumerate(starts, start=1)]
    return [*rows[:4], _one(_("Lunch"), (12, 5), 30), *rows[4:]]


def _one(name: str, start: tuple[int, int], minutes: int) -> UsualPeriod:
    begin = dt.datetime(2000, 1, 1, *start)  # noqa: DTZ001 (a time of day)
    return UsualPeriod(name, begin.time(), (begin + dt.timedelta(minutes=minutes)).time())
