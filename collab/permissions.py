"""Which meetings, actions and topics a user may see, and who may change them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from collab.models import Action, Meeting, Topic
from teams.permissions import can, is_member, teams_visible_to

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.models import Team, User


def meetings_visible_to(user: User) -> QuerySet[Meeting]:
    """Meetings of own teams, and of the teams of schools whose overview the user may see."""
    return Meeting.objects.filter(team__in=teams_visible_to(user))


def topics_visible_to(user: User) -> QuerySet[Topic]:
    """Topics of the teams the user may see."""
    return Topic.objects.filter(team__in=teams_visible_to(user))


def actions_visible_to(user: User) -> QuerySet[Action]:
    """Own actions, and those of the teams the user may see."""
    return Action.objects.filter(Q(owner__user_id=user.pk) | Q(team__in=teams_visible_to(user)))


def may_take_part(user: User, team: Team) -> bool:
    """Whether the user may contribute, decide and commit in a meeting of ``team``."""
    return is_member(user, team)


def may_run(user: User, meeting: Meeting) -> bool:
    """Whether the user may start, steer and close ``meeting``: any member (stand-ins are the rule)."""
    return is_member(user, meeting.team)


def may_plan_for(user: User, team: Team) -> bool:
    """Whether the user may plan meetings of ``team``: a lead of it, or who leads all teams."""
    return is_member(user, team, lead=True)


def may_finish(user: User, action: Action) -> bool:
    """Whether the user may tick or drop ``action``: its owner, or a lead of its team."""
    own = action.owner.user_id == user.pk and can(user, "join_teams", action.team.school)
    return own or is_member(user, action.team, lead=True)
