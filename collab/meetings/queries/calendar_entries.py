"""Meetings as calendar entries, titled by team and series, never by agenda content."""

from __future__ import annotations

import datetime as dt
from email.utils import parseaddr
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from collab.meetings.icalendar import CalendarEntry, CalendarPerson
from collab.meetings.models import EventKind, Meeting, MeetingEvent
from collab.meetings.permissions import meetings_as_guest, on_visible_record
from datareview.privacy.queries import aliases_of
from teams.access.permissions import own_teams
from teams.directory.models import Staff, Team
from teams.lib import clock
from teams.lib.site import site_host
from teams.mail.queries import not_reached

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.db.models import QuerySet

    from teams.directory.models import School, User

BACK, AHEAD = dt.timedelta(days=60), dt.timedelta(days=366)
CHANGES = (EventKind.MOVED, EventKind.CANCELLED)


def calendar_recipients(meeting: Meeting) -> list[Staff]:
    """Members of the team today and guests of the meeting."""
    members = Staff.objects.filter(pk__in=meeting.team.members.active().values("staff"))
    guests = Staff.objects.active().filter(pk__in=meeting.guests.values("staff"))
    return list((members | guests).distinct().select_related("user", "school").order_by("pk"))


def mail_recipients(meeting: Meeting) -> list[Staff]:
    """Those of `calendar_recipients` who get emails: they have signed in, or were invited to."""
    people = calendar_recipients(meeting)
    silent = {one.pk for one in not_reached(people)}
    return [one for one in people if one.pk not in silent]


def redactor_for(school: School) -> Callable[[str], str]:
    """Returns a function that keeps a typed text, or empties it if it names a student. For text sent outside."""
    names = cache(lambda: aliases_of(school))  # hundreds of names: loaded only if there is text

    @cache
    def redact(text: str) -> str:
        if not text:
            return ""
        hidden = names().hide(text)
        return text if names().show(hidden) == hidden else ""

    return redact


def entry_of(
    meeting: Meeting,
    *,
    redact: Callable[[str], str],
    changed_at: dt.datetime | None = None,
    attendees: Sequence[Staff] = (),
) -> CalendarEntry:
    """The calendar entry of ``meeting``, titled by team and series. Typed text passes through ``redact``."""
    title = redact(meeting.series.title) if meeting.series else ""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return CalendarEntry(
        uid=f"{meeting.uuid}@{site_host()}",
        sequence=meeting.calendar_sequence,
        summary=f"{meeting.team}: {title}" if title else _("%(team)s: meeting") % {"team": meeting.team},
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        changed_at=changed_at or clock.now(),
        url=settings.SITE_URL + meeting.get_absolute_url(),
        place=redact(meeting.place),
        is_cancelled=meeting.state == Meeting.State.CANCELLED,
        # always the same: calendars accept changes and cancellations from the original organizer only
        organizer=CalendarPerson(name or "Collab", address),
        attendees=tuple(CalendarPerson(str(staff.user), staff.user.email) for staff in attendees),
    )


def meetings_in_feed(user: User, team: Team | None) -> QuerySet[Meeting]:
    """Meetings from two months back to a year ahead: of ``team`` while the user is in it, or all of the user's.

    Each has ``changed_at``: when it was last moved or cancelled, or else created.
    """
    now = clock.now()
    own = own_teams(user)
    rows = Meeting.objects.filter(on_visible_record(user), team__in=own.filter(pk=team.pk) if team else own)
    if team is None:
        rows = rows | Meeting.objects.filter(pk__in=meetings_as_guest(user))
    rows = rows.filter(starts_at__range=(now - BACK, now + AHEAD)).distinct()
    events = MeetingEvent.objects.filter(meeting=OuterRef("pk"), kind__in=CHANGES).order_by("-revision")
    rows = rows.annotate(changed_at=Coalesce(Subquery(events.values("at")[:1]), "created_at"))
    return rows.select_related("team__school", "series").order_by("starts_at", "pk")
