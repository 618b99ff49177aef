"""A student's own goals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datareview.own_goals.models import OwnGoal

if TYPE_CHECKING:
    from datareview.records.models import Student


@dataclass(frozen=True, slots=True)
class OwnGoals:
    """The goals of a student, newest first: those the student works on, and earlier ones."""

    now: list[OwnGoal]
    earlier: list[OwnGoal]


def own_goals_of(student: Student) -> OwnGoals:
    """The goals of ``student``, whom the caller knows to be visible; one query."""
    rows = list(OwnGoal.objects.filter(student=student).order_by("-set_on", "-pk"))
    return OwnGoals([one for one in rows if one.is_open], [one for one in rows if not one.is_open])
