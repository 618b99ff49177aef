"""Let planned meetings take over a protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from collab.agendas.services.layout import lay_out_anew
from collab.meetings.models import EventKind, Meeting, Region, Series
from collab.meetings.permissions import may_plan_for
from collab.meetings.services.locking import announce, lock_meeting
from teams.audit.services import record_event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collab.protocols.models import Protocol
    from teams.directory.models import User


def adopt_protocol(
    protocol: Protocol, *, actor: User, meetings: Iterable[Meeting], with_series: bool = False
) -> int:
    """Give planned ``meetings`` the steps of ``protocol``, each in a transaction of its own. Returns their number.

    Items that people added, and what was written on steps, stay. ``with_series`` lets meetings that are planned later in
    the same series have the protocol, too. A meeting that has begun meanwhile keeps its steps.
    """
    return sum(_adopt(protocol, actor, meeting, with_series=with_series) for meeting in meetings)


@transaction.atomic
def _adopt(protocol: Protocol, actor: User, meeting: Meeting, *, with_series: bool) -> bool:
    meeting = lock_meeting(meeting)
    if not may_plan_for(actor, meeting.team) or protocol.team_id not in (None, meeting.team_id):
        raise PermissionDenied
    if meeting.state != Meeting.State.PLANNED:
        return False
    meeting.protocol = protocol
    meeting.save(update_fields=["protocol"])
    lay_out_anew(meeting)
    announce(meeting, actor=actor, kind=EventKind.ITEM_EDITED, region=Region.AGENDA)
    record_event(actor, "adopted-protocol", meeting, school=meeting.team.school)
    if with_series and meeting.series_id:
        Series.objects.filter(pk=meeting.series_id).update(protocol=protocol)
    return True
