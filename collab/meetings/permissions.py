"""Who may see, plan, run and take part in which meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from collab.meetings.models import Guest, Meeting
from teams.access.permissions import is_member, schools_where, staff_where, teams_visible_to
from teams.directory.models import Team, TeamMember

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from teams.directory.models import User


def meetings_visible_to(user: User) -> QuerySet[Meeting]:
    """Meetings of own teams, those of schools whose overview the user may see, and those they are a guest of."""
    return Meeting.objects.filter(Q(team__in=teams_visible_to(user)) | Q(pk__in=_as_guest(user)))


def viewers_of(meeting_id: int, users: Collection[int]) -> set[int]:
    """Of ``users`` (ids), those to whom `meetings_visible_to` shows the meeting: the same rule for many at once."""
    meeting = Meeting.objects.select_related("team__school").filter(pk=meeting_id).first()
    if meeting is None:
        return set()
    school, theirs = meeting.team.school, {"staff__user_id__in": users}
    members = TeamMember.objects.active().filter(team=meeting.team_id, **theirs)
    joining = staff_where(school, "join_teams").values("user_id")
    guests = Guest.objects.filter(meeting=meeting, staff__school=school, staff__user__in=joining, **theirs)
    seeing = staff_where(school, "see_school").filter(user_id__in=users)
    return {
        *members.values_list("staff__user_id", flat=True),
        *guests.values_list("staff__user_id", flat=True),
        *seeing.values_list("user_id", flat=True),
    }


def may_take_part_in(user: User, meeting: Meeting) -> bool:
    """Whether the user may contribute to ``meeting``: a member of its team, or its guest."""
    return is_member(user, meeting.team) or _as_guest(user).filter(meeting=meeting).exists()


def may_run(user: User, meeting: Meeting) -> bool:
    """Whether the user may start, steer and close ``meeting``: any member (stand-ins are the rule)."""
    return is_member(user, meeting.team)


def may_plan_for(user: User, team: Team) -> bool:
    """Whether the user may plan meetings of ``team``: a lead of it, or who leads all teams."""
    return is_member(user, team, lead=True)


def _as_guest(user: User) -> QuerySet[Guest, Any]:
    """Ids of the meetings that the user is a guest of."""
    rows = Guest.objects.filter(
        staff__user_id=user.pk, staff__school_id__in=schools_where(user, "join_teams")
    )
    return rows.values("meeting_id")
