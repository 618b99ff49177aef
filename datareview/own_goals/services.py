"""Write down a student's own goal, change it, look back at it, and remove it."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from datareview.own_goals.models import OwnGoal
from datareview.own_goals.permissions import own_goals_visible_to, students_who_set_goals
from datareview.records.models import Student
from teams.audit.services import record_event
from teams.lib import formats
from teams.lib.errors import DomainError, StaleEdit

if TYPE_CHECKING:
    from teams.directory.models import User

MOST_OPEN = 3  # goals that a student works on at a time
FARTHEST = dt.timedelta(days=366)


@dataclass(frozen=True, slots=True)
class OwnGoalValues:
    """What a student says: the goal, what they will do, who helps, and the day to look at it together."""

    words: str
    look_on: dt.date
    step: str = ""
    helper: str = ""


@transaction.atomic
def set_own_goal(student: Student, *, actor: User, values: OwnGoalValues) -> OwnGoal:
    """Write down a goal that a student set, as the actor heard it."""
    if not students_who_set_goals(actor).filter(pk=student.pk).exists():
        raise PermissionDenied
    Student.objects.select_for_update(no_key=True).get(pk=student.pk)
    _check(student, values)
    _check_room(student)
    goal = OwnGoal.objects.create(
        student=student, written_by=actor, set_on=student.school.today(), **asdict(values)
    )
    _record(actor, "set-own-goal", goal)
    return goal


@transaction.atomic
def edit_own_goal(goal: OwnGoal, *, actor: User, values: OwnGoalValues, seen: int) -> OwnGoal:
    """Change a goal. ``seen`` is the version that the actor started from; another one raises StaleEdit."""
    goal = _locked(goal, actor)
    if seen != goal.version:
        raise StaleEdit(_("Someone changed this goal while you were writing."), current=_in_words(goal))
    if values.look_on != goal.look_on:
        _check(goal.student, values)
    for name, value in asdict(values).items():
        setattr(goal, name, value)
    goal.version += 1
    goal.save()
    _record(actor, "edited-own-goal", goal)
    return goal


@transaction.atomic
def close_own_goal(goal: OwnGoal, *, actor: User, state: str, said: str = "") -> OwnGoal:
    """Look back at a goal: how far the student came, and what they say of it."""
    goal = _locked(goal, actor)
    if state not in OwnGoal.State.values or state == OwnGoal.State.OPEN:
        raise DomainError(_("Say how far the student came."))
    if not goal.is_open:
        raise DomainError(_("Someone has looked back at this goal already."))
    goal.state, goal.said, goal.closed_on = state, said, goal.student.school.today()
    goal.version += 1
    goal.save()
    _record(actor, "closed-own-goal", goal, state=state)
    return goal


@transaction.atomic
def reopen_own_goal(goal: OwnGoal, *, actor: User) -> OwnGoal:
    """Let a student work on a goal again; what they said of it stays."""
    goal = _locked(goal, actor)
    if not goal.is_open:
        _check_room(goal.student)
        goal.state, goal.closed_on = OwnGoal.State.OPEN, None
        goal.version += 1
        goal.save()
        _record(actor, "reopened-own-goal", goal)
    return goal


@transaction.atomic
def remove_own_goal(goal: OwnGoal, *, actor: User) -> None:
    """Delete a goal, such as one on the page of the wrong student."""
    goal = _locked(goal, actor)
    _record(actor, "removed-own-goal", goal, detail={"words": goal.words})
    goal.delete()


def _locked(goal: OwnGoal, actor: User) -> OwnGoal:
    if not own_goals_visible_to(actor).filter(pk=goal.pk).exists():
        raise PermissionDenied
    found = OwnGoal.objects.select_for_update(of=("self",), no_key=True).select_related("student__school")
    return found.get(pk=goal.pk)


def _check(student: Student, values: OwnGoalValues) -> None:
    today = student.school.today()
    if values.look_on < today:
        raise DomainError(_("Choose a day from today on to look at it together."))
    if values.look_on > today + FARTHEST:
        farthest = formats.day(today + FARTHEST)
        raise DomainError(_("Choose a day until %(day)s.") % {"day": farthest})


def _check_room(student: Student) -> None:
    if OwnGoal.objects.filter(student=student, state=OwnGoal.State.OPEN).count() >= MOST_OPEN:
        raise DomainError(
            _("%(student)s works on %(most)s goals. Look back at one first.")
            % {"student": student, "most": MOST_OPEN}
        )


def _in_words(goal: OwnGoal) -> str:
    texts = (goal.words, goal.step, goal.helper, formats.short_day(goal.look_on))
    return " · ".join(text for text in texts if text)


def _record(actor: User, verb: str, goal: OwnGoal, **detail: Any) -> None:
    record_event(actor, verb, goal.student, school=goal.student.school, goal=goal.pk, **detail)
