"""The teams of a school in a list, with their people and meetings."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils import translation

from collab.meetings.models import Meeting
from datareview.records.models import Section
from teams.access.permissions import can, teams_visible_to
from teams.directory.models import Team, TeamGrade, TeamMember
from teams.lib import clock
from teams.lib.parameters import int_or_none
from teams.lib.tags.grades import grade

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import School, SchoolYear, User

A_PAGE = 50
SORTS: dict[str, tuple[Any, ...]] = {
    "kind": ("kind",),
    "next": (F("next_at").asc(nulls_last=True),),
    "members": ("-member_count",),
}


@dataclass(frozen=True, slots=True)
class ListedTeam:
    """One team: its leads, who led it last if nobody does now, and when it meets."""

    team: Team
    grades: list[int]
    leads: list[TeamMember]
    former_lead: TeamMember | None
    members: int
    next_at: dt.datetime | None
    has_met: bool


@dataclass(frozen=True, slots=True)
class TeamList:
    """A page of teams, the choices of its filter, and what the reader may do."""

    rows: list[ListedTeam]
    page: Page
    grades: list[int]
    total: int
    may_edit: bool


def team_list(user: User, school: School, wanted: dict[str, Any]) -> TeamList:
    """Teams of ``school`` that ``user`` may see, filtered by ``wanted`` (the query string)."""
    visible = teams_visible_to(user).filter(school=school)
    page = Paginator(listed_teams(user, school, wanted), A_PAGE).get_page(wanted.get("page", 1))
    grades = TeamGrade.objects.filter(team__in=visible).values_list("grade", flat=True)
    return TeamList(
        rows=_rows(list(page), school.today()),
        page=page,
        grades=sorted(set(grades)),
        total=visible.count(),
        may_edit=can(user, "edit_teams", school),
    )


def listed_teams(user: User, school: School, wanted: dict[str, Any]) -> QuerySet[Team]:
    """The teams that `team_list` shows on all its pages."""
    visible = teams_visible_to(user).filter(school=school)
    teams = _with_meetings(_narrowed(visible, school, wanted), school)
    if wanted.get("show") == "never":
        teams = teams.filter(has_met=False)  # type: ignore[misc]
    return teams.order_by(*SORTS.get(wanted.get("sort", ""), ()), "name", "pk")


def subjects_of(school: School) -> list[str]:
    """The subjects of the school's sections."""
    rows = Section.objects.filter(school=school).exclude(subject="").order_by("subject")
    return list(rows.values_list("subject", flat=True).distinct())


def cancelled_by_copy(school: School, teams: QuerySet[Team]) -> list[tuple[SchoolYear, int]]:
    """Each current or later school year, latest first, with how many planned meetings copying ``teams`` to it cancels.

    Those are all from the first day of the year on, and at once all of them if it has begun.
    """
    planned, found = Meeting.objects.filter(team__in=teams, state=Meeting.State.PLANNED), []
    for year in school.years.filter(ends_on__gte=school.today()).order_by("-starts_on"):
        has_begun = year.starts_on <= school.today()
        later = (
            planned if has_begun else planned.filter(starts_at__gte=school.at(year.starts_on, dt.time.min))
        )
        found.append((year, later.count()))
    return found


def missing_grade_teams(school: School) -> str:
    """Lines for a grade team of each grade that has none, with the teachers of its sections, to paste.

    Teams are named in the school's language, not in that of the person who adds them.
    """
    year = school.years.on(school.today()).first()
    teams = Team.objects.filter(school=school, kind=Team.Kind.GRADE, is_active=True)
    there = set(TeamGrade.objects.filter(team__in=teams).values_list("grade", flat=True))
    teachers: dict[int, dict[str, None]] = defaultdict(dict)
    rows = Section.objects.filter(school=school, year=year, grade__isnull=False).order_by("name")
    for number, email in rows.values_list("grade", "teachers__user__email"):
        if number is not None and email:
            teachers[number][email] = None
    with translation.override(school.language):
        return "\n".join(
            f"{grade(number)}; grade; {number}; ; {', '.join(teachers[number])}"
            for number in range(school.lowest_grade, school.highest_grade + 1)
            if number not in there
        )


def _narrowed(teams: QuerySet[Team], school: School, wanted: dict[str, Any]) -> QuerySet[Team]:
    show = wanted.get("show", "")
    teams = teams.filter(is_active=show != "archived")
    active = TeamMember.objects.active(school.today())
    if show == "leaderless":
        teams = teams.exclude(pk__in=active.filter(is_lead=True).values("team_id"))
    if wanted.get("kind") in Team.Kind:
        teams = teams.filter(kind=wanted["kind"])
    if (number := int_or_none(wanted.get("grade"))) is not None:
        teams = teams.filter(grades__grade=number)
    for word in wanted.get("q", "").split()[:4]:
        person = Q(staff__user__first_name__icontains=word) | Q(staff__user__last_name__icontains=word)
        teams = teams.filter(Q(name__icontains=word) | Q(pk__in=active.filter(person).values("team_id")))
    return teams


def _with_meetings(teams: QuerySet[Team], school: School) -> QuerySet[Team]:
    """Add ``next_at``, ``has_met`` and ``member_count``."""
    meetings = Meeting.objects.filter(team=OuterRef("pk"))
    coming = meetings.filter(state__in=[Meeting.State.PLANNED, Meeting.State.LIVE], ends_at__gte=clock.now())
    active = TeamMember.objects.active(school.today()).values("pk")
    return teams.annotate(
        next_at=Subquery(coming.order_by("starts_at").values("starts_at")[:1]),
        has_met=Exists(meetings.filter(state__in=[Meeting.State.CLOSED, Meeting.State.LIVE])),
        member_count=Count("members", filter=Q(members__in=active), distinct=True),
    )


def _rows(teams: list[Team], today: dt.date) -> list[ListedTeam]:
    grades: dict[int, list[int]] = defaultdict(list)
    for row in TeamGrade.objects.filter(team__in=teams):
        grades[row.team_id].append(row.grade)
    leads: dict[int, list[TeamMember]] = defaultdict(list)
    former: dict[int, TeamMember] = {}
    rows = TeamMember.objects.filter(team__in=teams, is_lead=True).select_related("staff__user")
    active = set(TeamMember.objects.active(today).filter(team__in=teams).values_list("pk", flat=True))
    for member in rows.order_by("ends_on", "staff__ends_on", "pk"):
        if member.pk in active:
            leads[member.team_id].append(member)
        elif member.starts_on <= today:
            former[member.team_id] = member
    return [
        ListedTeam(
            team=team,
            grades=grades[team.pk],
            leads=leads[team.pk],
            former_lead=None if leads[team.pk] else former.get(team.pk),
            members=team.member_count,  # type: ignore[attr-defined]
            next_at=team.next_at,  # type: ignore[attr-defined]
            has_met=team.has_met,  # type: ignore[attr-defined]
        )
        for team in teams
    ]
