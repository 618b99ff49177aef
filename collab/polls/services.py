"""Create, answer and close polls; send reminders; choose a time."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from collab.meetings.permissions import may_plan_for
from collab.meetings.services.locking import lock_team
from collab.meetings.services.roles import invite_guest
from collab.planning.services.meetings import plan_meeting
from collab.polls.models import Poll, PollAnswer, PollOption, PollPerson
from collab.polls.queries.polls import (
    asked_already,
    may_lead,
    meeting_of,
    poll_invitees,
    silent_of,
    to_remind,
)
from teams.access.permissions import is_member, own_staff, require_ability
from teams.audit.services import record_event
from teams.lib import clock, formats
from teams.lib.errors import DomainError
from teams.mail.models import Mail
from teams.mail.queries import language_of, not_reached
from teams.mail.services.outbox import queue_mail

if TYPE_CHECKING:
    from collections.abc import Collection

    from collab.meetings.models import Meeting
    from teams.directory.models import Staff, Team, User

MOST_TIMES = 10
FARTHEST = dt.timedelta(days=400)


@transaction.atomic
def start_poll(
    team: Team,
    *,
    actor: User,
    title: str,
    minutes: int,
    closes_on: dt.date,
    people: Collection[Staff],
    times: Collection[dt.datetime],
) -> Poll:
    """Create a poll and email all invitees except the actor. An identical open poll is returned instead."""
    require_ability(actor, "join_teams", team.school)
    if not is_member(actor, team):
        raise PermissionDenied
    times = sorted(set(times))
    _check_times(team, times, closes_on)
    if not people or any(one.school_id != team.school_id for one in people):
        raise DomainError(_("Choose people at this school to ask."))
    lock_team(team)
    there = asked_already(team, actor, title=title, minutes=minutes, people=people, times=times)
    if there is not None:
        return there
    closes_on = min(closes_on, times[-1].astimezone(team.school.tz).date())
    poll = Poll.objects.create(team=team, title=title, minutes=minutes, made_by=actor, closes_on=closes_on)
    PollPerson.objects.bulk_create(PollPerson(poll=poll, staff=one) for one in set(people))
    PollOption.objects.bulk_create(PollOption(poll=poll, starts_at=at) for at in times)
    record_event(actor, "asked", poll, school=team.school, people=len(people), times=len(times))
    for one in people:
        if one.user_id != actor.pk:
            _ask(poll, one, key=f"poll-{poll.uuid}-{one.uuid}")
    return poll


def _check_times(team: Team, times: list[dt.datetime], closes_on: dt.date) -> None:
    if not 1 < len(times) <= MOST_TIMES:
        raise DomainError(_("Offer two to ten different times."))
    if times[0] <= clock.now():
        raise DomainError(_("One of the times has passed. Change it, or leave it empty."))
    if times[-1] > clock.now() + FARTHEST:
        raise DomainError(_("One of the times is more than a year away. Check its year."))
    if closes_on < team.school.today():
        raise DomainError(_("The day to answer by has passed. Choose a later one."))


@transaction.atomic
def answer_poll(poll: Poll, *, actor: User, option_uuid: str, answer: str) -> PollAnswer:
    """Record how well a time suits the actor. Another answer replaces the earlier one; the same changes nothing."""
    poll = _open(poll)
    person = own_staff(actor, poll.team.school)
    if person is None or not poll.people.filter(staff=person).exists():
        raise PermissionDenied
    option = _option(poll, option_uuid)
    if option is None or answer not in PollAnswer.Answer.values:
        raise DomainError(_("Answer yes, if needed or no for one of the times."))
    same = PollAnswer.objects.filter(option=option, staff=person, answer=answer).first()
    if same:
        return same
    row, _new = PollAnswer.objects.update_or_create(
        option=option, staff=person, defaults={"answer": answer, "at": clock.now()}
    )
    return row


@transaction.atomic
def remind_silent(poll: Poll, *, actor: User) -> int:
    """Send a reminder to people who have not answered, at most once a day. Returns the number of emails."""
    poll = _open(poll)
    if not may_lead(actor, poll):
        raise PermissionDenied
    silent = silent_of(poll)
    if not silent:
        raise DomainError(_("Everyone has answered."))
    unaware = {one.pk for one in not_reached(silent)}
    if len(unaware) == len(silent):
        raise DomainError(_("Everyone else has answered, and they were not invited to Collab yet."))
    recipients = [one for one in to_remind(poll, silent) if one.pk not in unaware]
    if not recipients:
        raise DomainError(_("They were already reminded today. You can remind them again tomorrow."))
    today = poll.team.school.today()
    poll.people.filter(staff__in=recipients).update(reminded_at=clock.now())
    for one in recipients:
        _ask(poll, one, key=f"poll-{poll.uuid}-{one.uuid}-{today:%Y%m%d}")
    record_event(actor, "reminded", poll, school=poll.team.school, people=len(recipients))
    return len(recipients)


@transaction.atomic
def choose_time(poll: Poll, *, actor: User, option_uuid: str) -> Meeting:
    """Close ``poll`` with a time and plan the meeting. Invitees from outside the team become guests.

    Choosing the same time twice plans one meeting.
    """
    poll = _lock(poll)
    if not may_plan_for(actor, poll.team):
        raise PermissionDenied
    option = _option(poll, option_uuid)
    if option is None:
        raise DomainError(_("Choose one of the times."))
    there = meeting_of(poll) if poll.chosen_id == option.pk else None
    if there is not None:
        return there
    if poll.closed_at is not None:
        raise DomainError(_("This poll is already closed."))
    if option.starts_at <= clock.now():
        raise DomainError(_("That time has passed. Choose another one."))
    meeting = plan_meeting(
        poll.team, actor=actor, title=poll.title, starts_at=option.starts_at, minutes=poll.minutes
    )
    members = set(poll.team.members.active().values_list("staff_id", flat=True))
    for one in poll_invitees(poll):
        if one.pk not in members:
            invite_guest(meeting, actor=actor, staff=one)
    poll.chosen, poll.closed_at = option, clock.now()
    poll.save(update_fields=["chosen", "closed_at"])
    record_event(actor, "chose-time", poll, school=poll.team.school, meeting=str(meeting.uuid))
    return meeting


@transaction.atomic
def close_poll(poll: Poll, *, actor: User) -> Poll:
    """Close ``poll`` without a time. Idempotent."""
    poll = _lock(poll)
    if not may_lead(actor, poll):
        raise PermissionDenied
    if poll.closed_at is None:
        poll.closed_at = clock.now()
        poll.save(update_fields=["closed_at"])
        record_event(actor, "closed", poll, school=poll.team.school)
    return poll


def _option(poll: Poll, uuid: str) -> PollOption | None:
    return next((one for one in poll.options.all() if str(one.uuid) == uuid), None)


def _open(poll: Poll) -> Poll:
    poll = _lock(poll)
    if poll.closed_at is not None:
        raise DomainError(_("This poll is already closed."))
    return poll


def _lock(poll: Poll) -> Poll:
    rows = Poll.objects.select_for_update(of=("self",), no_key=True).select_related(
        "team__school", "chosen", "made_by"
    )
    return rows.get(pk=poll.pk)


def _ask(poll: Poll, person: Staff, *, key: str) -> None:
    """Email ``person`` the poll in their language, without its title, which may contain names."""
    school = poll.team.school
    with translation.override(language_of(person.user, school)):
        times = "\n".join(
            f"· {formats.moment(option.starts_at, tz=school.tz)}" for option in poll.options.all()
        )
        values = {
            "team": poll.team,
            "who": poll.made_by,
            "minutes": poll.minutes,
            "times": times,
            "day": formats.day(poll.closes_on),
            "address": settings.SITE_URL + poll.get_absolute_url(),
        }
        queue_mail(
            person.user,
            school=school,
            kind=Mail.Kind.POLL,
            subject=_("When can %(team)s meet?") % values,
            text=_(
                "%(who)s asks when %(team)s can meet for %(minutes)s min:\n\n%(times)s\n\nPlease answer yes, "
                "if needed or no for each by %(day)s: %(address)s"
            )
            % values,
            dedupe_key=key,
        )
