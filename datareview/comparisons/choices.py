"""What is asked of the data, as the address says it."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 60  # characters of a value in the address
_ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# What a value of the address looks like, where the page would otherwise write it into links and forms as it was typed.
_WRITTEN = {
    "grade": re.compile(r"-?\d{1,2}"),
    "plan": re.compile(f"any|{_ID}"),
    "student": re.compile(_ID),
    "show": re.compile(r"missing|up|down|(?:now|before)-_?\d|moved-_?\d-_?\d"),
    "sort": re.compile(r"-?[a-z]{1,20}"),
}


class ChartKind(models.TextChoices):
    """The kinds of chart, by what they are looked at for."""

    LEVELS = "levels", _("Levels")
    MOVEMENT = "movement", _("Movement between levels")
    GROWTH = "growth", _("Growth against score")
    SPREAD = "spread", _("Distribution")
    YEARS = "years", _("Over the years")
    PEERS = "peers", _("One student among peers")
    CALENDAR = "calendar", _("Attendance calendar")
    INCIDENTS = "incidents", _("Incidents")


class SpreadBy(models.TextChoices):
    """What a distribution is divided by."""

    WINDOW = "window", _("Window")
    GRADE = "grade", _("Grade")
    CLASS = "class", _("My classes")


WITHOUT_SCORES = (ChartKind.CALENDAR, ChartKind.INCIDENTS)


class IncidentBy(models.TextChoices):
    """What incidents are divided by."""

    KIND = "kind", _("Kind")
    PLACE = "place", _("Place")
    WEEKDAY = "weekday", _("Weekday")
    HOUR = "hour", _("Time of day")


@dataclass(frozen=True, slots=True)
class Question:
    """The students, the measure, the two windows and the kind of chart, and which students the table lists.

    Values are as in the address and may be unknown. ``of`` is the key of a cohort (`cohorts.queries`).
    ``plan`` is "any" for students with a running plan, or a strategy's public id. ``before`` and ``after`` are keys of
    windows in a year, such as "fall-2026". ``show`` narrows the table to a part of the chart: "now-2" or "before-2" for a
    level, "moved-2-3" for a move (see `figures.charts.level_counts`), "up", "down", "missing".
    """

    of: str = ""
    grade: str = ""
    plan: str = ""
    kind: str = ""
    measure: str = ""
    before: str = ""
    after: str = ""
    by: str = ""
    student: str = ""
    show: str = ""
    sort: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Question:
        """The question of a query string; values that are too long or that no page writes ask nothing."""
        found = {one.name: given.get(one.name, "") for one in fields(cls)}
        return cls(**{name: value for name, value in found.items() if _is_known(name, value)})

    def written(self, **changes: str) -> dict[str, str]:
        """The query string with ``changes``, without what is empty."""
        changed = replace(self, **changes)
        pairs = ((one.name, getattr(changed, one.name)) for one in fields(changed))
        return {name: value for name, value in pairs if value}


def _is_known(name: str, value: str) -> bool:
    form = _WRITTEN.get(name)
    return len(value) <= LONGEST and (form is None or form.fullmatch(value) is not None)
