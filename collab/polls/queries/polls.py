"""Polls with their answers, the best times, and people who have not answered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from collab.meetings.models import Guest, Meeting
from collab.meetings.permissions import may_plan_for
from collab.polls.models import Poll, PollAnswer, PollOption
from teams.access.permissions import own_staff
from teams.directory.models import Staff, Team, TeamMember
from teams.lib import clock
from teams.mail.queries import not_reached

if TYPE_CHECKING:
    from collections.abc import Collection

    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class PersonAnswer:
    """One person's answer to a time; empty if none yet."""

    person: Staff
    answer: str
    label: str


@dataclass(frozen=True, slots=True)
class Time:
    """A proposed time with counts, everyone's answers, and conflicts of the reader and the team."""

    option: PollOption
    ends_at: dt.datetime
    yes: int
    maybe: int
    no: int
    answers: list[PersonAnswer]
    mine: str
    own: list[Meeting]
    is_best: bool
    is_past: bool
    is_taken: bool
    is_chosen: bool

    @property
    def fits(self) -> int:
        """Number of people who could come."""
        return self.yes + self.maybe


@dataclass(frozen=True, slots=True)
class PollPage:
    """A poll as one reader sees it; ``times`` in order, ``ranked`` by how many could come."""

    poll: Poll
    times: list[Time]
    ranked: list[Time]
    people: list[Staff]
    silent: list[Staff]
    not_reached: list[Staff]
    answered: int
    may_answer: bool
    may_remind: bool
    may_choose: bool
    may_close: bool
    reminded_today: bool
    is_late: bool
    meeting: Meeting | None


def poll_page(user: User, poll: Poll) -> PollPage:
    """The page of ``poll``."""
    people = poll_invitees(poll)
    me = own_staff(user, poll.team.school)
    options = list(poll.options.all())
    answers = {
        (option, person): answer
        for option, person, answer in PollAnswer.objects.filter(option__poll=poll).values_list(
            "option_id", "staff_id", "answer"
        )
    }
    silent = [one for one in people if any((option.pk, one.pk) not in answers for option in options)]
    own = _own_meetings(me, poll, options) if me else {}
    counts = {option.pk: _counts(option, people, answers) for option in options}
    taken = _taken(poll, options)
    now = clock.now()
    still = [counts[one.pk] for one in options if one.starts_at > now and one.pk not in taken]
    best = max(((yes + maybe, yes) for yes, maybe, _no in still), default=(0, 0))
    times = [
        _time(poll, option, people, answers, counts[option.pk], own, me, best, taken) for option in options
    ]
    is_open, today = poll.closed_at is None, poll.team.school.today()
    return PollPage(
        poll=poll,
        times=times,
        not_reached=not_reached(people) if is_open else [],
        ranked=sorted(
            times,
            key=lambda one: (
                is_open and (one.is_past or one.is_taken),
                -one.fits,
                -one.yes,
                one.option.starts_at,
            ),
        ),
        people=people,
        silent=silent,
        answered=len(people) - len(silent),
        may_answer=is_open and me is not None and any(one.pk == me.pk for one in people),
        may_remind=is_open and bool(silent) and may_lead(user, poll),
        may_choose=is_open and may_plan_for(user, poll.team),
        may_close=is_open and may_lead(user, poll),
        reminded_today=not to_remind(poll, silent),
        is_late=poll.closes_on < today,
        meeting=meeting_of(poll),
    )


def poll_invitees(poll: Poll) -> list[Staff]:
    """Invited staff; in open polls, only those who still work at the school."""
    asked = Staff.objects.filter(pk__in=poll.people.values("staff_id")).select_related("user")
    return list(asked if poll.closed_at else asked.filter(pk__in=Staff.objects.active()))


def asked_already(
    team: Team,
    user: User,
    *,
    title: str,
    minutes: int,
    people: Collection[Staff],
    times: Collection[dt.datetime],
) -> Poll | None:
    """An identical open poll of ``user``, if any."""
    same = Poll.objects.filter(team=team, made_by=user, title=title, minutes=minutes, closed_at=None)
    for poll in same.prefetch_related("people", "options"):
        asked = {one.staff_id for one in poll.people.all()}
        given = {one.starts_at for one in poll.options.all()}
        if asked == {one.pk for one in people} and given == set(times):
            return poll
    return None


def silent_of(poll: Poll) -> list[Staff]:
    """Invitees who have not answered every time."""
    options = poll.options.count()
    given = PollAnswer.objects.filter(option__poll=poll).values("staff_id").annotate(n=Count("pk"))
    done = {row["staff_id"] for row in given if row["n"] >= options}
    return [one for one in poll_invitees(poll) if one.pk not in done]


def to_remind(poll: Poll, silent: list[Staff]) -> list[Staff]:
    """People in ``silent`` who were not reminded today, by the school's calendar."""
    school = poll.team.school
    midnight = school.at(school.today(), dt.time())
    reminded = set(poll.people.filter(reminded_at__gte=midnight).values_list("staff_id", flat=True))
    return [one for one in silent if one.pk not in reminded]


def may_lead(user: User, poll: Poll) -> bool:
    """Whether the user may send reminders and close the poll without a time: its creator and the team's leads."""
    return poll.made_by_id == user.pk or may_plan_for(user, poll.team)


def meeting_of(poll: Poll) -> Meeting | None:
    """The meeting planned from ``poll``, if it still takes place at the chosen time."""
    if poll.chosen is None:
        return None
    rows = Meeting.objects.filter(team=poll.team, starts_at=poll.chosen.starts_at)
    return rows.exclude(state=Meeting.State.CANCELLED).first()


def _counts(
    option: PollOption, people: list[Staff], answers: dict[tuple[int, int], str]
) -> tuple[int, int, int]:
    given = [answers.get((option.pk, one.pk)) for one in people]
    return given.count("yes"), given.count("maybe"), given.count("no")


def _time(
    poll: Poll,
    option: PollOption,
    people: list[Staff],
    answers: dict[tuple[int, int], str],
    counts: tuple[int, int, int],
    own: dict[int, list[Meeting]],
    me: Staff | None,
    best: tuple[int, int],
    taken: set[int],
) -> Time:
    yes, maybe, no = counts
    labels = {value: str(label) for value, label in PollAnswer.Answer.choices}
    is_past = option.starts_at <= clock.now()
    given = [answers.get((option.pk, one.pk), "") for one in people]
    return Time(
        option=option,
        ends_at=option.starts_at + dt.timedelta(minutes=poll.minutes),
        yes=yes,
        maybe=maybe,
        no=no,
        answers=[
            PersonAnswer(one, what, labels.get(what, "")) for one, what in zip(people, given, strict=True)
        ],
        mine=answers.get((option.pk, me.pk), "") if me else "",
        own=own.get(option.pk, []),
        is_best=best[0] > 0 and (yes + maybe, yes) == best and not is_past and option.pk not in taken,
        is_past=is_past,
        is_taken=option.pk in taken,
        is_chosen=poll.chosen_id == option.pk,
    )


def _taken(poll: Poll, options: list[PollOption]) -> set[int]:
    """Options of an open poll that overlap the team's meetings. Back to back is no conflict."""
    if not options or poll.closed_at is not None:
        return set()
    long = dt.timedelta(minutes=poll.minutes)
    rows = Meeting.objects.filter(
        team=poll.team, starts_at__lt=options[-1].starts_at + long, ends_at__gt=options[0].starts_at
    ).exclude(state=Meeting.State.CANCELLED)
    meetings = list(rows.values_list("starts_at", "ends_at"))
    return {
        one.pk
        for one in options
        if any(starts < one.starts_at + long and one.starts_at < ends for starts, ends in meetings)
    }


def _own_meetings(me: Staff, poll: Poll, options: list[PollOption]) -> dict[int, list[Meeting]]:
    """Option → meetings of ``me`` at that time."""
    if not options:
        return {}
    long = dt.timedelta(minutes=poll.minutes)
    teams = TeamMember.objects.active().filter(staff=me).values("team_id")
    visits = Guest.objects.filter(staff=me).values("meeting_id")
    rows = Meeting.objects.filter(
        Q(team__in=teams) | Q(pk__in=visits),
        state__in=[Meeting.State.PLANNED, Meeting.State.LIVE],
        starts_at__lt=options[-1].starts_at + long,
        ends_at__gt=options[0].starts_at,
    ).select_related("team")
    meetings = list(rows.distinct())
    return {
        option.pk: [
            one
            for one in meetings
            if one.starts_at < option.starts_at + long and option.starts_at < one.ends_at
        ]
        for option in options
    }
