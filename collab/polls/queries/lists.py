"""A school's polls: open ones, with the number of answers missing, and past ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from collab.polls.models import Poll, PollAnswer, PollPerson
from collab.polls.permissions import polls_visible_to
from teams.access.permissions import own_staff, plannable_teams
from teams.directory.models import Staff, Team, TeamMember

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import School, User


@dataclass(frozen=True, slots=True)
class PollRow:
    """A row in the list of polls."""

    poll: Poll
    answered: int
    asked: int
    waits_for_me: bool


@dataclass(frozen=True, slots=True)
class PollList:
    """Polls that await the reader's answer, other open ones, and closed ones."""

    to_answer: list[PollRow]
    open: list[PollRow]
    past: list[PollRow]
    may_ask: bool


MOST_PAST = 30


def poll_teams(user: User, school: School) -> QuerySet[Team]:
    """Teams for which the user may create polls: those they are in or plan for."""
    own = TeamMember.objects.active().filter(staff__user_id=user.pk).values("team_id")
    plans = plannable_teams(user, school).values("pk")
    return Team.objects.filter(Q(pk__in=own) | Q(pk__in=plans), school=school, is_active=True)


def poll_list_of(user: User, school: School) -> PollList:
    """Polls at ``school`` that the user may see, with only the most recent closed ones."""
    rows = polls_visible_to(user).filter(team__school=school).select_related("team__school", "chosen")
    rows = rows.prefetch_related("options")
    closed = rows.filter(closed_at__isnull=False).order_by("-closed_at")
    polls = [*rows.filter(closed_at=None), *closed[:MOST_PAST]]
    asked, full = _asked_and_full(polls)
    me = own_staff(user, school)
    waiting = {poll.pk for poll in polls if poll.closed_at is None and me and me.pk in asked[poll.pk]}
    found = [
        PollRow(
            poll,
            len(full[poll.pk]),
            len(asked[poll.pk]),
            poll.pk in waiting and me is not None and me.pk not in full[poll.pk],
        )
        for poll in polls
    ]
    return PollList(
        to_answer=[row for row in found if row.waits_for_me],
        open=[row for row in found if row.poll.closed_at is None and not row.waits_for_me],
        past=[row for row in found if row.poll.closed_at is not None],
        may_ask=poll_teams(user, school).exists(),
    )


def _asked_and_full(polls: list[Poll]) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """Poll → invitees (of open polls only current staff), and poll → invitees who have answered every time."""
    here = set(
        Staff.objects.active()
        .filter(school__in={one.team.school_id for one in polls})
        .values_list("pk", flat=True)
    )
    is_open = {one.pk for one in polls if one.closed_at is None}
    asked: dict[int, set[int]] = defaultdict(set)
    for poll, person in PollPerson.objects.filter(poll__in=polls).values_list("poll_id", "staff_id"):
        if poll not in is_open or person in here:
            asked[poll].add(person)
    given: dict[int, Counter[int]] = defaultdict(Counter)
    answers = PollAnswer.objects.filter(option__poll__in=polls)
    for poll, person in answers.values_list("option__poll_id", "staff_id"):
        given[poll][person] += 1
    times = {one.pk: len(one.options.all()) for one in polls}
    full = {
        pk: {person for person in people if given[pk][person] >= times[pk]} for pk, people in asked.items()
    }
    return asked, defaultdict(set, full)
