"""Listeners of a live meeting's stream: who may stay connected, and which regions changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.models import Session
from django.utils import timezone

from collab.meetings.models import Meeting, MeetingEvent, Region
from collab.meetings.permissions import viewers_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.contrib.sessions.backends.base import SessionBase


class Listener(NamedTuple):
    """One page's stream: the session that opened it, its user, and its authentication hash."""

    session: str
    user: int
    signature: str

    @classmethod
    def of(cls, session: SessionBase) -> Self:
        """The listener of a signed-in session."""
        return cls(str(session.session_key), int(session[SESSION_KEY]), session[HASH_SESSION_KEY])


def still_in(rooms: Mapping[int, Collection[Listener]]) -> dict[int, set[Listener]]:
    """For each meeting (id), its listeners with a valid session who may still see it, in a constant number of queries."""
    listeners = {listener for found in rooms.values() for listener in found}
    keys = [listener.session for listener in listeners]
    sessions = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    alive = set(sessions.values_list("pk", flat=True))
    people = (
        get_user_model().objects.filter(is_active=True).in_bulk({listener.user for listener in listeners})
    )
    users = {meeting: {one.user for one in found if one.user in people} for meeting, found in rooms.items()}
    viewers = viewers_of(users)
    return {
        meeting: {
            listener
            for listener in found
            if listener.session in alive
            and listener.user in viewers[meeting]
            and listener.signature == people[listener.user].get_session_auth_hash()
        }
        for meeting, found in rooms.items()
    }


def revisions_of(meetings: Collection[int]) -> dict[int, int]:
    """Meeting id → revision, in one query."""
    return dict(Meeting.objects.filter(pk__in=meetings).values_list("pk", "revision"))


def regions_since(meeting_id: int, revision: int, *, until: int) -> list[str]:
    """Regions that changed after ``revision``, up to ``until``. If all changed, just "room"."""
    rows = MeetingEvent.objects.filter(meeting_id=meeting_id, revision__gt=revision, revision__lte=until)
    regions = list(dict.fromkeys(rows.order_by("revision").values_list("region", flat=True)))
    return [Region.ROOM] if Region.ROOM in regions else regions
