"""Lock a meeting, and announce changes to its other screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from collab.meetings.models import EventKind, Meeting, MeetingEvent, Region
from teams.access.prepared import prepared_rows
from teams.directory.models import Team
from teams.lib.errors import DomainError
from teams.lib.streams import publish_on_commit

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def lock_meeting(meeting: Meeting) -> Meeting:
    """The meeting's row, locked until the transaction ends. Writers of one meeting take turns."""
    found = prepared_rows(_to_lock, meeting.pk)
    if not found:
        raise Meeting.DoesNotExist
    return found[0]


def _to_lock(meeting_id: int) -> QuerySet[Meeting]:
    rows = Meeting.objects.select_for_update(of=("self",), no_key=True).select_related("team__school")
    return rows.filter(pk=meeting_id)


def lock_live_meeting(meeting: Meeting | None) -> Meeting:
    """The locked row of a live meeting. Raises DomainError if it is not live."""
    locked = lock_meeting(meeting) if meeting else None
    if locked is None or locked.state != Meeting.State.LIVE:
        raise DomainError(_("This meeting is not in progress. Nothing was changed."))
    return locked


def announce(
    meeting: Meeting, *, actor: User | None, kind: EventKind, region: Region, **data: Any
) -> MeetingEvent:
    """Raise the revision of a locked ``meeting`` and record which ``region`` of its room to re-fetch."""
    # incremented in the database: other code in this transaction may hold a stale copy of the row
    Meeting.objects.filter(pk=meeting.pk).update(revision=F("revision") + 1)
    meeting.revision = prepared_rows(_revision, meeting.pk)[0]
    publish_on_commit()
    return MeetingEvent.objects.create(
        meeting=meeting, revision=meeting.revision, actor=actor, kind=kind, region=region, data=data
    )


def _revision(meeting_id: int) -> QuerySet[Meeting, int]:
    return Meeting.objects.filter(pk=meeting_id).values_list("revision", flat=True)


@transaction.atomic
def notify_membership_change(team: Team) -> None:
    """Notify live meetings of ``team`` that its members changed, so that former members leave at once."""
    for meeting in Meeting.objects.filter(team=team, state=Meeting.State.LIVE):
        announce(lock_meeting(meeting), actor=None, kind=EventKind.MEMBERS, region=Region.PEOPLE)


def lock_team(team: Team) -> None:
    """Lock ``team`` until the transaction ends, so that a double click plans only once."""
    Team.objects.select_for_update(no_key=True).get(pk=team.pk)
