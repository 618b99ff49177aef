"""Cohorts of students that a page can show: of a team, a section or the whole school."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.records.models import Enrollment, Section, SectionTeacher, Student
from datareview.records.permissions import students_of_team, students_visible_to
from teams.access.permissions import can, visible_teams
from teams.access.scope import scope_of
from teams.lib.parameters import uuid_or_none

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import School, Team, User

SCHOOL, TEAM, SECTION = "school", "team", "section"


@dataclass(frozen=True, slots=True)
class Cohort:
    """A named set of enrolled students whom the user may see.

    ``key`` identifies the cohort in a URL: "school", "team:<uuid>" or "section:<uuid>".
    """

    key: str
    name: str
    school: School
    students: QuerySet[Student]
    team: Team | None = None


def cohorts_of(user: User, school: School) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Cohorts the user may choose, own teams first: (kind, name of the kind, [(key, name)])."""
    own = scope_of(user).team_ids
    teams = sorted(
        (team for team in visible_teams(user, school) if team.is_active),
        key=lambda team: (team.pk not in own, team.name),
    )
    groups = [
        (TEAM, _("Teams"), [(f"{TEAM}:{team.uuid}", str(team)) for team in teams]),
        (SECTION, _("Sections"), [(f"{SECTION}:{row.uuid}", str(row)) for row in _sections(user, school)]),
    ]
    if can(user, "see_school", school):
        groups.append((SCHOOL, _("School"), [(SCHOOL, str(school))]))
    return [group for group in groups if group[2]]


def cohort_of(user: User, school: School, key: str) -> Cohort | None:
    """The cohort with this ``key``, or None if the user may not see it."""
    kind, _colon, public = key.partition(":")
    visible = students_visible_to(user).filter(school=school, status=Student.Status.ACTIVE)
    if key == SCHOOL and can(user, "see_school", school):
        return Cohort(key, str(school), school, visible)
    uuid = uuid_or_none(public)
    if kind == TEAM and uuid:
        team = next((one for one in visible_teams(user, school) if one.uuid == uuid), None)
        return Cohort(key, str(team), school, visible & students_of_team(team), team) if team else None
    if kind == SECTION and uuid:
        section = _sections(user, school).filter(uuid=uuid).first()
        if section is None:
            return None
        here = Enrollment.objects.on(school.today()).filter(section=section).values("student_id")
        return Cohort(key, str(section), school, visible.filter(pk__in=here))
    return None


def _sections(user: User, school: School) -> QuerySet[Section]:
    """Sections that the user, or a colleague whom they replace, teaches; all if the user may see all students."""
    sections = Section.objects.filter(school=school, year__ends_on__gte=school.today()).order_by("name")
    if can(user, "see_all_students", school):
        return sections
    scope = scope_of(user)
    taught = SectionTeacher.objects.on(school.today()).filter(
        staff__in=[*scope.employed_ids, *scope.replaced_ids]
    )
    return sections.filter(pk__in=taught.values("section_id"))
