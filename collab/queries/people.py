"""Who takes part in a meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collab.models import Meeting
    from teams.models import Staff


def takes_part(meeting: Meeting, staff: Staff) -> bool:
    """Whether ``staff`` is a member of the team today, or a guest of ``meeting``."""
    return (
        meeting.team.members.active().filter(staff=staff).exists()
        or meeting.guests.filter(staff=staff).exists()
    )
