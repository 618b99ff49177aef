"""Invitations, changes and cancellations by mail; the agenda a day before; the minutes after."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from collab.lib.calendars import calendar_of
from collab.models import Action, AgendaItem, Decision, Meeting, Topic
from collab.permissions import items_visible_to
from collab.queries.calendars import entry_of, people_of
from teams.models import Mail
from teams.services.mail import post

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teams.models import Staff, User

AHEAD = dt.timedelta(
    days=14
)  # a series is invited to two weeks before each meeting, not thirty times at once
AGENDA_BEFORE = dt.timedelta(hours=24)
ABOUT_STUDENTS = (Topic.Kind.CANDIDATE, Topic.Kind.REVIEW)


def send_invitations(meeting: Meeting, *, actor: User | None) -> int:
    """Invite everybody who takes part and wants invitations; the same sequence twice is one letter."""
    return _invite(meeting, people_of(meeting), method="REQUEST")


def send_cancellation(meeting: Meeting, *, actor: User | None, to: Iterable[Staff] | None = None) -> int:
    """Take a meeting out of the calendars of ``to``, or of everybody who was invited."""
    people = list(to) if to is not None else people_of(meeting)
    was_invited = set(
        Mail.objects.filter(dedupe_key__startswith=f"invite:{meeting.uuid}:").values_list("to", flat=True)
    )
    return _invite(meeting, [staff for staff in people if staff.user_id in was_invited], method="CANCEL")


def invite_coming(now: dt.datetime | None = None) -> int:
    """Invite to the meetings of the next two weeks that nobody was invited to yet."""
    now = now or timezone.now()
    coming = Meeting.objects.filter(state=Meeting.State.PLANNED, starts_at__range=(now, now + AHEAD))
    return sum(
        send_invitations(meeting, actor=None)
        for meeting in coming.select_related("team__school", "series", "facilitator__user")
    )


def publish_agendas(now: dt.datetime | None = None) -> int:
    """Send the agendas of meetings that begin within 24 hours, each once; how many were published."""
    now = now or timezone.now()
    due = Meeting.objects.filter(
        state=Meeting.State.PLANNED, published_at=None, starts_at__range=(now, now + AGENDA_BEFORE)
    )
    count = 0
    for meeting in due.select_related("team__school"):
        with transaction.atomic():
            if Meeting.objects.filter(pk=meeting.pk, published_at=None).update(published_at=now):
                send_agenda(meeting)
                count += 1
    return count


def send_agenda(meeting: Meeting) -> None:
    """The agenda, as each may read it, without a student's name."""
    for staff in people_of(meeting):
        with translation.override(staff.user.language or settings.LANGUAGE_CODE):
            items = items_visible_to(staff.user).filter(meeting=meeting).order_by("position", "pk")
            lines = [_agenda_line(item) for item in items.select_related("topic")]
            asked = [item.ask for item in items if item.ask]
            text = "\n".join([_when(meeting), "", *lines])
            if asked:
                text += "\n\n" + _("To answer before:") + "\n" + "\n".join(f"– {ask}" for ask in asked)
            post(
                staff.user,
                kind=Mail.Kind.AGENDA,
                subject=_("Agenda: %(team)s, %(day)s") % _words(meeting),
                text=f"{text}\n\n{_address(meeting)}",
                dedupe_key=f"agenda:{meeting.uuid}:{staff.user_id}",
            )


def send_minutes(meeting: Meeting, *, actor: User) -> int:
    """What was decided and promised, to everybody who takes part, those who were absent too; without students."""
    people = people_of(meeting)
    for staff in people:
        with translation.override(staff.user.language or settings.LANGUAGE_CODE):
            post(
                staff.user,
                kind=Mail.Kind.MINUTES,
                subject=_("Minutes: %(team)s, %(day)s") % _words(meeting),
                text=_minutes_text(meeting, staff.user),
                dedupe_key=f"minutes:{meeting.uuid}:{meeting.approved_at}:{staff.user_id}",
            )
    return len(people)


def _invite(meeting: Meeting, people: list[Staff], *, method: str) -> int:
    sent = 0
    for staff in people:
        if not staff.user.wants_invitations:
            continue
        key = f"{'invite' if method == 'REQUEST' else 'cancel'}:{meeting.uuid}:{meeting.invitation}:{staff.user_id}"
        if Mail.objects.filter(dedupe_key=key).exists():
            continue
        with translation.override(staff.user.language or settings.LANGUAGE_CODE):
            entry = entry_of(meeting, attendees=people)
            post(
                staff.user,
                kind=Mail.Kind.INVITATION,
                subject=_subject(meeting, method),
                text=f"{_when(meeting)}\n{meeting.cancel_reason}\n\n{_address(meeting)}",
                dedupe_key=key,
                calendar=calendar_of([entry], zone=meeting.team.school.tz, method=method),
                method=method,
                urgent=meeting.starts_at - timezone.now() < AGENDA_BEFORE,
            )
        sent += 1
    return sent


def _subject(meeting: Meeting, method: str) -> str:
    if method == "CANCEL":
        return _("Called off: %(team)s, %(day)s") % _words(meeting)
    if meeting.invitation:
        return _("Changed: %(team)s, %(day)s") % _words(meeting)
    return _("Invitation: %(team)s, %(day)s") % _words(meeting)


def _words(meeting: Meeting) -> dict[str, str]:
    starts = meeting.starts_at.astimezone(meeting.team.school.tz)
    return {"team": str(meeting.team), "day": date_format(starts, "D j M, H:i")}


def _when(meeting: Meeting) -> str:
    words = _words(meeting)
    return f"{words['team']}, {words['day']}" + (f", {meeting.place}" if meeting.place else "")


def _address(meeting: Meeting) -> str:
    return settings.SITE_URL + meeting.get_absolute_url()


def _agenda_line(item: AgendaItem) -> str:
    title = item.title if item.topic.kind == Topic.Kind.STEP else _title_without_names(item)
    return f"{item.minutes:>3} min  {title}"


def _title_without_names(item: AgendaItem) -> str:
    """What people wrote themselves may name a child, so the mail says what kind of item it is."""
    if item.topic.kind in ABOUT_STUDENTS:
        return _("a student (open the agenda)")
    return str(item.topic.get_kind_display())


def _minutes_text(meeting: Meeting, user: User) -> str:
    """How much was decided, one's own promises by their day, and where to read the rest."""
    items = items_visible_to(user).filter(meeting=meeting)
    own = Action.objects.open().filter(item__in=items, owner__user=user)
    decided = Decision.objects.filter(item__in=items).count()
    promised = Action.objects.filter(item__in=items).count()
    lines = [
        _when(meeting),
        "",
        _("Decided: %(decided)s. Promised: %(promised)s.") % {"decided": decided, "promised": promised},
        *(
            _("You have taken something on until %(day)s.") % {"day": date_format(action.due_on, "D j M")}
            for action in own
        ),
    ]
    return "\n".join([*lines, "", _address(meeting)])
