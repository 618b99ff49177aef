"""Who may add something to a team's next meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teams.access.permissions import can, may_take_part

if TYPE_CHECKING:
    from teams.directory.models import Team, User


def may_propose_review(user: User, team: Team) -> bool:
    """Whether the user may put the review of a plan they see on the agenda of ``team``."""
    return can(user, "review_plan", team.school) or may_take_part(user, team)
