"""Who may see, plan, run and take part in a meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from collab.meetings.models import Guest, Meeting
from teams.access.permissions import first_moments, is_member, schools_where, staff_where, visible_team_ids
from teams.access.scope import scope_of
from teams.directory.models import Substitution, TeamMember

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from teams.directory.models import Team, User


def meetings_visible_to(user: User) -> QuerySet[Meeting]:
    """Meetings of the user's teams, of schools whose overview they see, and those they are a guest of."""
    return Meeting.objects.filter(on_visible_record(user) | Q(pk__in=meetings_as_guest(user)))


def on_visible_record(user: User, *, path: str = "", at: str = "starts_at") -> Q:
    """Condition that a row is of a visible team, and not from before the user may read that team's record.

    ``path`` leads from the row to the one with the ``team`` and the moment ``at``, such as "meeting__".
    """
    first = first_moments(user)
    found = Q(**{f"{path}team__in": visible_team_ids(user) - first.keys()})
    for team_id, moment in first.items():
        found |= Q(**{f"{path}team": team_id, f"{path}{at}__gte": moment})
    return found


def viewers_of(meeting_id: int, users: Collection[int]) -> set[int]:
    """The subset of ``users`` (ids) who may see the meeting: `meetings_visible_to` for many users at once."""
    meeting = Meeting.objects.select_related("team__school").filter(pk=meeting_id).first()
    if meeting is None:
        return set()
    school, theirs = meeting.team.school, {"staff__user_id__in": users}
    team = TeamMember.objects.active().filter(team=meeting.team_id)
    if not school.newcomers_read_all:
        team = team.filter(starts_on__lte=meeting.starts_at.astimezone(school.tz).date())
    members = team.filter(**theirs)
    standing_in = Substitution.objects.active().filter(
        replaced__in=team.values("staff_id"), substitute__user_id__in=users
    )
    joining = staff_where(school, "join_teams").values("user_id")
    guests = Guest.objects.filter(meeting=meeting, staff__school=school, staff__user__in=joining, **theirs)
    seeing = staff_where(school, "see_school").filter(user_id__in=users)
    return {
        *members.values_list("staff__user_id", flat=True),
        *standing_in.values_list("substitute__user_id", flat=True),
        *guests.values_list("staff__user_id", flat=True),
        *seeing.values_list("user_id", flat=True),
    }


def may_take_part_in(user: User, meeting: Meeting) -> bool:
    """Whether the user may contribute to ``meeting``: members of its team and guests."""
    return is_member(user, meeting.team) or meetings_as_guest(user).filter(meeting=meeting).exists()


def may_run(user: User, meeting: Meeting) -> bool:
    """Whether the user may arrange, start, steer and close ``meeting``: any member, since stand-ins are common."""
    return is_member(user, meeting.team)


def may_plan_for(user: User, team: Team) -> bool:
    """Whether the user may plan meetings of ``team``: its leads, and leaders of all teams."""
    return is_member(user, team, lead=True)


def may_prepare(user: User, meeting: Meeting) -> bool:
    """Whether the user may read and publish the draft of its agenda: the team's leads and the meeting's facilitator.

    And who replaces one of them.
    """
    scope = scope_of(user)
    if may_plan_for(user, meeting.team) or meeting.team_id in scope.prepared_team_ids:
        return True
    own = {*scope.employed_ids, *scope.replaced_ids}
    return meeting.facilitator_id in own and may_take_part_in(user, meeting)


def may_arrange(user: User, meeting: Meeting) -> bool:
    """Whether the user may arrange the agenda: who may run the meeting, but of a draft only who may prepare it."""
    return may_prepare(user, meeting) if meeting.is_draft else may_run(user, meeting)


def meetings_as_guest(user: User) -> QuerySet[Guest, Any]:
    """Ids of the meetings where the user is a guest, at schools where they take part in meetings."""
    joining = schools_where(user, "join_teams")
    own = [staff.pk for staff in scope_of(user).employed if staff.school_id in joining]
    return Guest.objects.filter(staff__in=own).values("meeting_id")
