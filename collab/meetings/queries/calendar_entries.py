"""Meetings as calendar entries: whose, named by team and series, never by what is talked about."""

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
from collab.meetings.models import EventKind, Guest, Meeting, MeetingEvent
from datareview.privacy.queries import aliases_of
from teams.directory.models import Staff, Team
from teams.lib import clock
from teams.lib.site import site_host

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


def unnamed(school: School) -> Callable[[str], str]:
    """What lets a text that people typed leave the house: as it is, or empty where it names a student."""
    names = cache(lambda: aliases_of(school))  # hundreds of names: not asked where nothing was typed

    @cache
    def told(text: str) -> str:
        if not text:
            return ""
        hidden = names().hide(text)
        return text if names().show(hidden) == hidden else ""

    return told


def entry_of(
    meeting: Meeting,
    *,
    told: Callable[[str], str],
    changed_at: dt.datetime | None = None,
    attendees: Sequence[Staff] = (),
) -> CalendarEntry:
    """``meeting`` in a calendar, by its team and series. Of what people typed only what ``told`` leaves."""
    title = told(meeting.series.title) if meeting.series else ""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return CalendarEntry(
        uid=f"{meeting.uuid}@{site_host()}",
        sequence=meeting.calendar_sequence,
        summary=f"{meeting.team}: {title}" if title else _("%(team)s: meeting") % {"team": meeting.team},
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        changed_at=changed_at or clock.now(),
        url=settings.SITE_URL + meeting.get_absolute_url(),
        place=told(meeting.place),
        is_cancelled=meeting.state == Meeting.State.CANCELLED,
        # one for ever: a calendar takes a change or a cancellation from nobody else
        organizer=CalendarPerson(name or "Collab", address),
        attendees=tuple(CalendarPerson(str(staff.user), staff.user.email) for staff in attendees),
    )


def meetings_in_feed(user: User, team: Team | None) -> QuerySet[Meeting]:
    """Two months back and a year ahead: of ``team`` while the user is in it, or of all own teams and visits.

    Each with ``changed_at``: when it was moved or called off last, or planned.
    """
    now = clock.now()
    own = Team.objects.of_user(user.pk)
    rows = Meeting.objects.filter(team__in=own.filter(pk=team.pk) if team else own)
    if team is None:
        rows = rows | Meeting.objects.filter(pk__in=Guest.objects.filter(staff__user=user).values("meeting"))
    rows = rows.filter(starts_at__range=(now - BACK, now + AHEAD)).distinct()
    events = MeetingEvent.objects.filter(meeting=OuterRef("pk"), kind__in=CHANGES).order_by("-revision")
    rows = rows.annotate(changed_at=Coalesce(Subquery(events.values("at")[:1]), "created_at"))
    return rows.select_related("team__school", "series").order_by("starts_at", "pk")
