"""Publish agendas: members read them from then on, and get them by email."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collab.agendas.models import AgendaItem, Topic
from collab.agendas.permissions import items_visible_to
from collab.meetings.models import EventKind, Meeting, Region
from collab.meetings.permissions import may_prepare
from collab.meetings.queries.calendar_entries import mail_recipients, redactor_for
from collab.meetings.services.invitations import meeting_address, team_and_day, when_and_where, would_be_late
from collab.meetings.services.locking import announce, lock_meeting
from teams.audit.services import record_event
from teams.jobs.services.batches import run_each
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.mail.models import Mail
from teams.mail.queries import language_of
from teams.mail.services.outbox import queue_mail

if TYPE_CHECKING:
    from collections.abc import Callable

    from teams.directory.models import User


MOVED_FAR = dt.timedelta(hours=12)  # a meeting moved by more gets its agenda emailed anew


ABOUT_STUDENTS = (Topic.Kind.CANDIDATE, Topic.Kind.REVIEW)


@transaction.atomic
def publish_agenda(meeting: Meeting, *, actor: User) -> Meeting:
    """Publish the draft of an agenda before its time, with the email. Published once more, it changes nothing."""
    meeting = lock_meeting(meeting)
    if not may_prepare(actor, meeting):
        raise PermissionDenied
    if meeting.state != Meeting.State.PLANNED:
        raise DomainError(_("This meeting has begun or was canceled, so there is no draft to publish."))
    if meeting.published_at is None:
        _publish(meeting, actor, clock.now())
        record_event(actor, "published", meeting, school=meeting.team.school)
    return meeting


def publish_agendas(now: dt.datetime | None = None) -> int:
    """Publish and send agendas of meetings that start within 24 hours, each once. Returns the number sent.

    A meeting moved to a later day after its agenda was sent is sent again, a day before it starts.
    """
    moment = now or clock.now()
    due = Meeting.objects.filter(
        Q(agenda_sent_for=None) | Q(agenda_sent_for__lt=F("starts_at") - MOVED_FAR),
        state=Meeting.State.PLANNED,
        starts_at__range=(moment, moment + Meeting.PUBLISHED_BEFORE),
    )

    def publish(meeting: Meeting) -> bool:
        meeting = lock_meeting(meeting)
        if not due.filter(pk=meeting.pk).exists():
            return False  # published, moved or cancelled meanwhile
        _publish(meeting, None, moment)
        return True

    rows = due.select_related("team__school")
    return run_each("collab.publish_agendas", rows, publish, about=lambda meeting: meeting.team)


def _publish(meeting: Meeting, actor: User | None, moment: dt.datetime) -> None:
    """Send the agenda of a locked meeting, which is no draft from now on."""
    was_draft, meeting.agenda_sent_for = meeting.is_draft, meeting.starts_at
    meeting.published_at = meeting.published_at or moment
    meeting.save(update_fields=["published_at", "agenda_sent_for"])
    if was_draft:
        announce(meeting, actor=actor, kind=EventKind.PUBLISHED, region=Region.ROOM)
    send_agenda(meeting)


def send_agenda(meeting: Meeting) -> None:
    """Email the agenda to each participant, as they may read it, without students' names."""
    redact = redactor_for(meeting.team.school)
    for staff in mail_recipients(meeting):
        with translation.override(language_of(staff.user, meeting.team.school)):
            items = items_visible_to(staff.user).filter(meeting=meeting).order_by("position", "pk")
            lines = [_agenda_line(item, redact) for item in items.select_related("topic")]
            asked = sum(1 for item in items if item.ask)
            text = "\n".join([when_and_where(meeting, redact), "", *lines])
            if asked:
                text += "\n\n" + ngettext(
                    "%(n)s question to answer before the meeting: open the agenda.",
                    "%(n)s questions to answer before the meeting: open the agenda.",
                    asked,
                ) % {"n": asked}
            queue_mail(
                staff.user,
                school=meeting.team.school,
                kind=Mail.Kind.AGENDA,
                subject=_("Agenda: %(team)s, %(day)s") % team_and_day(meeting),
                text=f"{text}\n\n{meeting_address(meeting)}",
                dedupe_key=f"agenda:{meeting.uuid}:{meeting.starts_at:%Y%m%d%H%M}:{staff.user_id}",
                urgent=would_be_late(staff.user, meeting),
            )


def _agenda_line(item: AgendaItem, redact: Callable[[str], str]) -> str:
    return f"{item.minutes:>3} min  {redact(_title_by_kind(item)) or item.get_kind_display()}"


def _title_by_kind(item: AgendaItem) -> str:
    """Titles typed by people may name a child, so the email gives the kind of item instead."""
    if item.topic.kind in ABOUT_STUDENTS:
        return _("a student (open the agenda)")
    if item.topic.kind != Topic.Kind.STEP:
        return str(item.topic.get_kind_display())
    return item.title if item.title == item.topic.title else str(item.get_kind_display())
