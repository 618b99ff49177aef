"""Cohorts of students that a page can show: of a team, a section, a group or the whole school."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from datareview.delivery.permissions import groups_visible_to
from datareview.plans.models import GroupMember
from datareview.records.models import Enrollment, Section, Student
from datareview.records.permissions import students_of_team, students_visible_to
from datareview.regrouping.models import GroupedStudent, MasteryBand, RegroupedGroup
from datareview.regrouping.queries.groups import regroupings_visible_to
from datareview.sections.permissions import sections_taught_by
from teams.access.conditions import one_of
from teams.access.permissions import can, visible_teams
from teams.access.scope import scope_of
from teams.lib.parameters import int_or_none, uuid_or_none

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from datareview.plans.models import PlanGroup
    from teams.directory.models import School, Team, User

SCHOOL, TEAM, SECTION, GROUP, TEACHING = "school", "team", "section", "group", "teaching"


@dataclass(frozen=True, slots=True)
class Cohort:
    """A named set of enrolled students whom the user may see.

    ``key`` identifies the cohort in a URL: "school", "team:<uuid>", "section:<uuid>", "group:<uuid>" of an intervention,
    or "teaching:<id>" of the groups that a team forms after an assessment.
    """

    key: str
    name: str
    school: School
    students: QuerySet[Student]
    team: Team | None = None


def cohorts_of(
    user: User, school: School, *, with_groups: bool = False
) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Cohorts the user may choose, own teams first: (kind, name of the kind, [(key, name)])."""
    own = scope_of(user).team_ids
    teams = sorted(
        (team for team in visible_teams(user, school) if team.is_active),
        key=lambda team: (team.pk not in own, team.name),
    )
    found = _named(user, school, with_groups=with_groups)
    groups = [
        (TEAM, _("Teams"), [(f"{TEAM}:{team.uuid}", str(team)) for team in teams]),
        (SECTION, _("Sections"), found[SECTION]),
        (GROUP, _("Groups of interventions"), found[GROUP]),
        (TEACHING, _("Teaching groups"), found[TEACHING]),
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
    uuid, today = uuid_or_none(public), school.today()
    if kind == TEAM and uuid:
        team = next((one for one in visible_teams(user, school) if one.uuid == uuid), None)
        return Cohort(key, str(team), school, visible & students_of_team(team), team) if team else None
    members: QuerySet[Any] | None = None
    named: Section | PlanGroup | str | None = None
    if kind == SECTION and uuid and (named := _sections(user, school).filter(uuid=uuid).first()):
        members = Enrollment.objects.on(today).filter(section=named).values("student_id")
    elif kind == GROUP and uuid and (named := _groups(user, school).filter(uuid=uuid).first()):
        members = GroupMember.objects.on(today).filter(group=named).values("plan__student_id")
    elif kind == TEACHING and (group := _taught(user, school).filter(pk=int_or_none(public) or 0).first()):
        named = _name_of_taught(
            group.band, str(group.regrouping.standard or ""), str(group.regrouping.assessment)
        )
        members = GroupedStudent.objects.filter(group=group).values("student_id")
    return Cohort(key, str(named), school, visible.filter(pk__in=members)) if members is not None else None


def _named(user: User, school: School, *, with_groups: bool) -> dict[str, list[tuple[str, str]]]:
    """Keys and names of sections and groups by kind, in order of name; one query."""
    rows: QuerySet[Any, Any] = _keyed(_sections(user, school), SECTION, "uuid", F("name"))
    if with_groups:
        of, on = F("regrouping__assessment__title"), Coalesce("regrouping__standard__code", Value(""))
        taught = _keyed(_taught(user, school), TEACHING, "pk", of, on, F("band"))
        rows = rows.union(_keyed(_groups(user, school), GROUP, "uuid", F("name")), taught, all=True)
    found: dict[str, list[tuple[str, str]]] = {SECTION: [], GROUP: [], TEACHING: []}
    for kind, public, name, standard, band in rows:
        if kind == TEACHING:
            found[kind].append((f"{kind}:{public}", _name_of_taught(band, standard, name)))
        else:
            found[kind].append((f"{kind}:{uuid_or_none(public)}", name))
    return {kind: sorted(pairs, key=itemgetter(1)) for kind, pairs in found.items()}


def _keyed(
    rows: QuerySet[Any], kind: str, key: str, name: F, standard: Any = None, band: Any = None
) -> QuerySet[Any, Any]:
    none = Value("")
    text = [Cast(one, CharField()) for one in (Value(kind), F(key), name, standard or none, band or none)]
    return rows.order_by().values_list(*text)


def _name_of_taught(band: str, standard: str, assessment: str) -> str:
    return f"{standard or assessment}: {MasteryBand(band).label}"


def _groups(user: User, school: School) -> QuerySet[PlanGroup]:
    """Running groups of interventions that the user may see."""
    rows = groups_visible_to(user).filter(school=school)
    return rows.filter(Q(ended_on=None) | Q(ended_on__gt=school.today()))


def _taught(user: User, school: School) -> QuerySet[RegroupedGroup]:
    """Teaching groups of this school year's assessments of the teams that the user is in."""
    rows = RegroupedGroup.objects.filter(regrouping__assessment__given_on__gte=school.year_start())
    rows = rows.filter(regrouping__assessment__team__school=school)
    return rows.filter(one_of(regroupings_visible_to(user), "regrouping"))


def _sections(user: User, school: School) -> QuerySet[Section]:
    """Sections that the user, or a colleague whom they replace, teaches; all if the user may see all students."""
    today = school.today()
    all_of_them = can(user, "see_all_students", school)
    sections = Section.objects.order_by("name") if all_of_them else sections_taught_by(user, today)
    return sections.filter(school=school, year__ends_on__gte=today)
