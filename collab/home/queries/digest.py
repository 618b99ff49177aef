"""What is due for one person, in lines that name no student."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collab.actions.models import Action
from collab.agendas.permissions import items_visible_to
from collab.decisions.models import Decision
from collab.followup.queries.causes import own_changes
from collab.followup.queries.questions import questions_to_answer
from collab.meetings.models import Meeting
from collab.polls.models import PollPerson
from datareview.case_rules.queries import case_rules_of
from datareview.disputes.permissions import disputes_to_answer
from datareview.flags.models import Candidate
from datareview.flags.permissions import candidates_visible_to
from datareview.plans.permissions import plans_visible_to, provider_ids
from datareview.requests.permissions import requests_visible_to
from teams.access.conditions import one_of
from teams.access.permissions import can, own_teams
from teams.directory.queries.days import cycle_days
from teams.lib import formats
from teams.lib.request_cache import request_cache

if TYPE_CHECKING:
    from teams.directory.models import School, Staff

A_DAY, A_WEEK = dt.timedelta(days=1), dt.timedelta(days=7)


@request_cache()
def digest_lines(staff: Staff, now: dt.datetime) -> list[str]:
    """What is due for ``staff`` or waits for their decision, and their meetings: of the week for who reads it weekly."""
    user, school = staff.user, staff.school
    today = now.astimezone(school.tz).date()
    teams = own_teams(user).filter(school=school)
    lines = [_action_line(action, today) for action in _actions(staff, today)]
    checks = Decision.objects.filter(
        one_of(items_visible_to(user), "item"),
        item__topic__team__in=teams,
        check_on__range=(today - A_WEEK + A_DAY if user.digest_is_weekly else _since(school, today), today),
    ).count()
    tries = own_changes(user).filter(teacher=staff, item__meeting__closed_at__lt=now - A_WEEK).count()
    polls = _open_polls(staff, today)
    questions = questions_to_answer(user, school).filter(answered_at=None).count()
    counts = {
        "checks": checks,
        "tries": tries,
        "polls": polls,
        "questions": questions,
        "disputes": disputes_to_answer(user).filter(student__school=school).count(),
        **_of_students(staff, today),
    }
    lines += [_counted(what, n) for what, n in counts.items() if n]
    return lines + _meetings(staff, school, today)


def _since(school: School, today: dt.date) -> dt.date:
    """The day after the last school day before ``today``, so that Monday includes the weekend."""
    before = list(cycle_days(school, today - dt.timedelta(days=21), today - dt.timedelta(days=1)))
    return (before[-1] if before else today - dt.timedelta(days=1)) + dt.timedelta(days=1)


def _of_students(staff: Staff, today: dt.date) -> dict[str, int]:
    """Numbers of what waits for ``staff`` about students whom they see: reviews of their plans, and for who decides all."""
    user, school = staff.user, staff.school
    plans = plans_visible_to(user).running().filter(student__school=school, review_on__lte=today)
    if not can(user, "triage", school):
        return {"reviews": plans.filter(provider__in=provider_ids(user)).count()}
    waiting = candidates_visible_to(user).filter(student__school=school, state=Candidate.State.NEW)
    asked = requests_visible_to(user).filter(
        student__school=school, withdrawn_on=None, candidate__state=Candidate.State.NEW
    )
    limit = today - dt.timedelta(days=case_rules_of(school.pk)["unseen_days"])
    late = candidates_visible_to(user).filter(student__school=school)
    return {
        "overdue": late.filter(state=Candidate.State.NEW, raised_on__lt=limit).count()
        + plans.filter(review_on__lt=limit).count(),
        "candidates": waiting.values("student").distinct().count(),
        "requests": asked.count(),
        "reviews": plans.count(),
    }


def is_first_of_week(school: School, today: dt.date) -> bool:
    """Whether ``today`` is the first school day of its week, which begins on Monday."""
    monday = today - dt.timedelta(days=today.weekday())
    return today == monday or not cycle_days(school, monday, today - A_DAY)


def _counted(what: str, n: int) -> str:
    """A count in words."""
    words = {
        "checks": ngettext(
            "%(n)s decision is due for a check today.", "%(n)s decisions are due for a check today.", n
        ),
        "tries": ngettext(
            "%(n)s teaching change to try and report on.", "%(n)s teaching changes to try and report on.", n
        ),
        "polls": ngettext("%(n)s poll needs your answer.", "%(n)s polls need your answer.", n),
        "questions": ngettext(
            "%(n)s question from a team needs your answer.",
            "%(n)s questions from teams need your answer.",
            n,
        ),
        "disputes": ngettext(
            "%(n)s value that someone says is wrong needs your answer.",
            "%(n)s values that someone says are wrong need your answer.",
            n,
        ),
        "overdue": ngettext(
            "%(n)s decision about a student is older than the school’s limit.",
            "%(n)s decisions about students are older than the school’s limit.",
            n,
        ),
        "candidates": ngettext(
            "%(n)s student is waiting for a first decision.",
            "%(n)s students are waiting for a first decision.",
            n,
        ),
        "requests": ngettext(
            "%(n)s request for help with a student has no answer yet.",
            "%(n)s requests for help with a student have no answer yet.",
            n,
        ),
        "reviews": ngettext("%(n)s plan is due for a review.", "%(n)s plans are due for a review.", n),
    }
    return words[what] % {"n": n}


def _actions(staff: Staff, today: dt.date) -> list[Action]:
    rows = Action.objects.open().filter(owner=staff, due_on__lte=today + A_WEEK)
    return list(rows.select_related("team").order_by("due_on", "pk"))


def _action_line(action: Action, today: dt.date) -> str:
    """An action item by team and date. Its text may name a child, so it appears only after sign-in."""
    words = {"team": action.team, "day": formats.day(action.due_on), "n": action.carried}
    if action.due_on < today:
        line = _("%(team)s: an action item was due %(day)s") % words
    elif action.due_on == today:
        line = _("%(team)s: an action item is due today") % words
    else:
        line = _("%(team)s: an action item is due %(day)s") % words
    if not action.carried:
        return line
    return line + " " + ngettext("(carried over once)", "(carried over %(n)s times)", action.carried) % words


def _open_polls(staff: Staff, today: dt.date) -> int:
    rows = PollPerson.objects.filter(staff=staff, poll__closed_at=None, poll__closes_on__gte=today)
    return rows.exclude(poll__options__answers__staff=staff).count()


def _meetings(staff: Staff, school: School, today: dt.date) -> list[str]:
    begin = school.at(today, dt.time())
    rows = Meeting.objects.filter(
        team__in=own_teams(staff.user).filter(school=school),
        state=Meeting.State.PLANNED,
        starts_at__range=(begin, begin + (A_WEEK if staff.user.digest_is_weekly else 2 * A_DAY)),
    )
    return [
        _("%(team)s meets %(when)s") % {"team": row.team, "when": formats.moment(row.starts_at, tz=school.tz)}
        for row in rows.select_related("team").order_by("starts_at")
    ]
