"""Who may see, plan, run and take part in a meeting."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q

from collab.meetings.models import Guest, Meeting
from teams.access.permissions import first_moments, is_member, schools_where, staff_able, visible_team_ids
from teams.access.prepared import prepared_rows
from teams.access.scope import scope_of
from teams.directory.models import Substitution, TeamMember

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

    from django.db.models import QuerySet

    from teams.directory.models import Staff, Team, User


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


def viewers_of(users: Mapping[int, Collection[int]]) -> dict[int, set[int]]:
    """For each meeting (id), those of its ``users`` (ids) who may see it: `meetings_visible_to` for many at once."""
    meetings = prepared_rows(_with_school, [*users])
    everyone = {one for found in users.values() for one in found}
    if not meetings or not everyone:
        return {meeting: set() for meeting in users}
    teams = {meeting.team_id for meeting in meetings}
    members: dict[int, list[tuple[int, int, dt.date]]] = defaultdict(list)
    for team_id, staff, user, since in prepared_rows(_members_of, teams):
        members[team_id].append((staff, user, since))
    substitutes: dict[int, set[int]] = defaultdict(set)
    for replaced, user in prepared_rows(_substitutes_in, teams, everyone):
        substitutes[replaced].add(user)
    guests = set(prepared_rows(_guests_at, [*users], everyone))
    seeing = set(prepared_rows(_seeing_school, {meeting.team.school_id for meeting in meetings}, everyone))
    found: dict[int, set[int]] = {meeting: set() for meeting in users}
    for meeting in meetings:
        school = meeting.team.school
        day = meeting.starts_at.astimezone(school.tz).date()
        here = [row for row in members[meeting.team_id] if school.newcomers_read_all or row[2] <= day]
        may = {user for _staff, user, _since in here}
        may |= {one for staff, _user, _since in here for one in substitutes[staff]}
        found[meeting.pk] = {
            user
            for user in users[meeting.pk]
            if user in may or (meeting.pk, user) in guests or (school.pk, user) in seeing
        }
    return found


def _with_school(meetings: list[int]) -> QuerySet[Meeting]:
    return Meeting.objects.select_related("team__school").filter(pk__in=meetings)


def _members_of(teams: list[int]) -> QuerySet[TeamMember, tuple[int, int, int, dt.date]]:
    rows = TeamMember.objects.active().filter(team__in=teams)
    return rows.values_list("team_id", "staff_id", "staff__user_id", "starts_on")


def _substitutes_in(teams: list[int], users: list[int]) -> QuerySet[Substitution, tuple[int, int]]:
    replaced = TeamMember.objects.active().filter(team__in=teams).values("staff_id")
    rows = Substitution.objects.active().filter(replaced__in=replaced, substitute__user__in=users)
    return rows.values_list("replaced_id", "substitute__user_id")


def _guests_at(meetings: list[int], users: list[int]) -> QuerySet[Guest, tuple[int, int]]:
    rows = Guest.objects.filter(
        meeting__in=meetings, staff__user__in=users, staff__in=staff_able("join_teams")
    )
    return rows.filter(staff__school=F("meeting__team__school")).values_list("meeting_id", "staff__user_id")


def _seeing_school(schools: list[int], users: list[int]) -> QuerySet[Staff, tuple[int, int]]:
    rows = staff_able("see_school").filter(school__in=schools, user__in=users)
    return rows.values_list("school_id", "user_id")


def may_take_part_in(user: User, meeting: Meeting) -> bool:
    """Whether the user may contribute to ``meeting``: members of its team and guests."""
    return is_member(user, meeting.team) or meetings_as_guest(user).filter(meeting=meeting).exists()


def may_run(user: User, meeting: Meeting) -> bool:
    """Whether the user may arrange, steer and close ``meeting``: any member, since stand-ins are common."""
    return is_member(user, meeting.team)


def may_start(user: User, meeting: Meeting) -> bool:
    """Whether the user may start ``meeting`` today: any member on its day, before that only who may prepare it."""
    return may_run(user, meeting) and (not meeting.is_early or may_prepare(user, meeting))


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
