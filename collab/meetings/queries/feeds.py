"""Private calendar feeds of a user, and their content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from collab.meetings.icalendar import calendar_of
from collab.meetings.models import CalendarFeed
from collab.meetings.queries.calendar_entries import entry_of, meetings_in_feed, redactor_for
from teams.access.permissions import is_in, own_teams
from teams.directory.models import Staff, Team
from teams.mail.queries import language_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import School, User


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A possible feed (all own meetings, or one team's) with its address if it exists."""

    name: str
    team: Team | None
    feed: CalendarFeed | None
    address: str


def own_feeds(user: User) -> QuerySet[CalendarFeed]:
    """The user's feeds, including revoked ones."""
    return CalendarFeed.objects.filter(user=user)


def feeds_of(user: User, school: School) -> list[FeedRow]:
    """The feeds that ``user`` has or can create at ``school``."""
    feeds = {row.team_id: row for row in own_feeds(user).filter(revoked_at=None)}
    teams = own_teams(user).filter(school=school, is_active=True)
    rows = [(_("All my meetings"), None), *((str(team), team) for team in teams)]
    return [_row(name, team, feeds.get(team.pk if team else None)) for name, team in rows]


def feed_at(token: str) -> CalendarFeed | None:
    """The feed for ``token``; None if revoked, or if its user left the school or the team."""
    feed = CalendarFeed.objects.filter(token=token, revoked_at=None).select_related("user", "team").first()
    if feed is None or not feed.user.is_active or not Staff.objects.active().filter(user=feed.user).exists():
        return None
    if feed.team and not is_in(feed.user, feed.team):
        return None
    return feed


def text_of(feed: CalendarFeed) -> str:
    """The feed as iCalendar text in its owner's language. Identical while no meeting changes (for the ETag)."""
    meetings = list(meetings_in_feed(feed.user, feed.team))
    school = meetings[0].team.school if meetings else _school(feed)
    redact = {one: redactor_for(one) for one in {meeting.team.school for meeting in meetings}}
    with translation.override(language_of(feed.user, school)):
        entries = [
            entry_of(meeting, redact=redact[meeting.team.school], changed_at=meeting.changed_at)  # type: ignore[attr-defined]
            for meeting in meetings
        ]
        return calendar_of(entries, zone=school.tz, name=str(feed.team or _("My meetings")))


def _school(feed: CalendarFeed) -> School:
    staff = Staff.objects.active().filter(user=feed.user).select_related("school").first()
    if staff is None:
        raise ValueError("feed_at has checked that the user works somewhere")
    return staff.school


def _row(name: str, team: Team | None, feed: CalendarFeed | None) -> FeedRow:
    address = settings.SITE_URL + reverse("collab:feed-read", args=[feed.token]) if feed else ""
    return FeedRow(name, team, feed, address)
