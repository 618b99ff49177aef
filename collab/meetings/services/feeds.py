"""Create and revoke private calendar feeds."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from collab.meetings.models import CalendarFeed
from teams.access.permissions import is_in
from teams.audit.services import record_event
from teams.lib import clock

if TYPE_CHECKING:
    from teams.directory.models import School, Team, User

READ_NOTED = dt.timedelta(hours=1)


@transaction.atomic
def make_feed(user: User, *, team: Team | None) -> CalendarFeed:
    """Create a feed for all of the user's meetings or for one team's. Returns the existing one if there is one."""
    if team and not is_in(user, team):
        raise PermissionDenied
    feed, is_new = CalendarFeed.objects.get_or_create(
        user=user, team=team, revoked_at=None, defaults={"token": secrets.token_urlsafe(36)}
    )
    if is_new:
        record_event(user, "made-feed", feed, school=team.school if team else None)
    return feed


@transaction.atomic
def revoke_feed(feed: CalendarFeed, *, actor: User) -> None:
    """Revoke a feed. A new one gets another token."""
    if feed.user_id != actor.pk:
        raise PermissionDenied
    if feed.revoked_at is None:
        feed.revoked_at = clock.now()
        feed.save(update_fields=["revoked_at"])
        record_event(actor, "revoked-feed", feed, school=feed.team.school if feed.team else None)


@transaction.atomic
def revoke_feeds_of(user: User, *, school: School | None = None) -> int:
    """Revoke all feeds of someone who leaves, or those of teams at ``school``. Returns their number."""
    feeds = CalendarFeed.objects.filter(user=user, revoked_at=None)
    if school:
        feeds = feeds.filter(team__school=school)
    for feed in feeds:
        record_event(None, "revoked-feed", feed, school=feed.team.school if feed.team else None)
    return feeds.update(revoked_at=clock.now())


def note_reading(feed: CalendarFeed) -> None:
    """Record when the feed was last read, at most once an hour."""
    now = clock.now()
    if feed.read_at is None or now - feed.read_at > READ_NOTED:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=now)
