"""Who may see an assessment, change it, and see the answers of which classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from datareview.records.models import Assessment, Section, SectionTeacher
from teams.access.permissions import can, first_moments, is_member, schools_where
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of
from teams.access.scope import scope_of
from teams.directory.models import School, Staff, Substitution, Team, TeamGrade, TeamMember
from teams.lib import clock
from teams.lib.request_cache import read_once

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from django.db.models import QuerySet

    from teams.directory.models import User


def assessments_visible_to(user: User) -> QuerySet[Assessment]:
    """Assessments of the user's teams, of classes the user teaches, and of schools where they see all students.

    Deleted ones are left out, and a team's assessments from before the day from which a new member reads its record.
    Teachers, and who substitutes for them, see those given to their class: by who teaches it on that day or today.
    """
    overseen = schools_where(user, "see_school")
    found = Q(team__school__in=schools_where(user, "see_all_students"))
    for one in scope_of(user).memberships:
        is_whole = one.reads_from is None or one.school_id in overseen
        found |= Q(team=one.team_id) if is_whole else Q(team=one.team_id, given_on__gte=one.reads_from)
    day = clock.server_day()
    own = _links_of(user, day).filter(section__assessments=OuterRef("pk"))
    then = _links_of(user, OuterRef("given_on")).filter(section__assessments=OuterRef("pk"))
    return Assessment.objects.filter(found | Exists(own) | Exists(then), deleted_at=None)


def may_see_assessment(user: User, assessment: Assessment) -> bool:
    """Whether the assessment is one of `assessments_visible_to`; members of its team need no query, others one."""
    team_id = assessment.team_id
    is_own = team_id in scope_of(user).team_ids and team_id not in first_moments(user)
    if is_own and assessment.deleted_at is None:
        return True
    return _is_visible(user, assessment.pk)


@read_once(
    Assessment,
    Assessment.sections.through,
    Section,
    SectionTeacher,
    Staff,
    Substitution,
    Team,
    TeamMember,
    School,
)
def _is_visible(user: User, assessment_id: int) -> bool:
    return bool(prepared_rows(_visible, reader_of(user), assessment_id))


def _visible(user: User, assessment_id: int) -> QuerySet[Assessment, Any]:
    return assessments_visible_to(user).filter(pk=assessment_id).order_by().values_list("pk")


def deleted_assessments(user: User, team: Team) -> QuerySet[Assessment]:
    """Deleted assessments of ``team`` that the user may restore, latest first."""
    if not may_make_assessments(user, team):
        return Assessment.objects.none()
    return Assessment.objects.filter(team=team).exclude(deleted_at=None).order_by("-deleted_at")


def assessments_to_copy(user: User, school: School) -> QuerySet[Assessment]:
    """Assessments of all teams of ``school``, whose items those who make assessments there may copy. None has answers."""
    rows = Assessment.objects.filter(team__school=school, deleted_at=None)
    return rows if can(user, "join_teams", school) else rows.none()


def may_edit_assessment(user: User, assessment: Assessment) -> bool:
    """Whether the user may change the assessment: members of its team today, while the team is active."""
    return may_make_assessments(user, assessment.team)


def may_make_assessments(user: User, team: Team) -> bool:
    """Whether the user may make assessments for ``team``: its members, their substitutes and coordinators."""
    return team.is_active and is_member(user, team)


def classes_open_to(user: User, assessment: Assessment) -> QuerySet[Section]:
    """The classes of an assessment whose answers the user may see by student, beside the class's or teacher's name.

    These are the classes that the user teaches, or substitutes in, on the day of the assessment or today, and those
    that a teacher opened (`ClassShare`). Nobody else sees a class, whatever their role. None if the user may not see
    the assessment.
    """
    if not may_see_assessment(user, assessment):
        return Section.objects.none()
    opened = Q(class_shares__assessment=assessment, class_shares__closed_at=None)
    found = classes_of(assessment).filter(_taught_by(user, assessment) | opened)
    return Section.objects.filter(pk__in=found.values("pk"))


def classes_taught_by(user: User, assessment: Assessment) -> QuerySet[Section]:
    """The classes of an assessment that the user teaches, or substitutes in, on its day or today."""
    if not may_see_assessment(user, assessment):
        return Section.objects.none()
    return classes_of(assessment).filter(_taught_by(user, assessment))


def _taught_by(user: User, assessment: Assessment) -> Q:
    taught = Q()
    for day in {assessment.given_on, clock.server_day()}:
        taught |= Q(pk__in=_links_of(user, day).values("section"))
    return taught


def classes_of(assessment: Assessment) -> QuerySet[Section]:
    """The classes that are given an assessment, and those in which somebody sat it."""
    sat = assessment.sittings.exclude(section=None).values("section")
    return Section.objects.filter(Q(pk__in=planned_classes(assessment).values("pk")) | Q(pk__in=sat))


def planned_classes(assessment: Assessment) -> QuerySet[Section]:
    """The classes that are given an assessment: those chosen, or else those of its team on its day."""
    if assessment.sections.exists():
        return assessment.sections.all()
    return classes_of_team(assessment.team, assessment.given_on)


def classes_of_team(team: Team, day: dt.date) -> QuerySet[Section]:
    """The classes that the members of ``team`` teach on ``day``.

    They are those of its subject if the team is responsible for its members' sections, and else those of its grades.
    """
    return classes_by_team(team.pk, team.cohort, team.subject, day)


def classes_by_team(team_id: int, cohort: str, subject: str, day: dt.date) -> QuerySet[Section]:
    """As `classes_of_team`, by what it needs of the team, so that it can be prepared."""
    links = SectionTeacher.objects.on(day).filter(
        staff__in=TeamMember.objects.active(day).filter(team=team_id).values("staff")
    )
    found = Section.objects.filter(pk__in=links.values("section"))
    if cohort == Team.Cohort.SECTIONS:
        return found.filter(subject=subject)
    grades = TeamGrade.objects.filter(team=team_id)
    return found.filter(Q(grade=None) | Q(grade__in=grades.values("grade")))


def _links_of(user: User, day: dt.date | OuterRef) -> QuerySet[SectionTeacher]:
    """Teaching of the user, and of those whom the user replaces, on ``day`` (a day, or a field of an outer query)."""
    return links_of_staff(scope_of(user).employed_ids, day)


def links_of_staff(own: Collection[int], day: dt.date | OuterRef) -> QuerySet[SectionTeacher]:
    """Teaching of staff (primary keys), and of those whom they replace, on ``day``."""
    replaces = Q(
        staff__replacements__substitute__in=own,
        staff__replacements__starts_on__lte=day,
        staff__replacements__ends_on__gte=day,
    )
    not_over = [
        Q(ends_on=None) | Q(ends_on__gte=day),
        Q(section__ends_on=None) | Q(section__ends_on__gte=day),
    ]
    not_left = Q(staff__ends_on=None) | Q(staff__ends_on__gte=day)
    begun = Q(starts_on=None) | Q(starts_on__lte=day)
    return SectionTeacher.objects.filter(begun, *not_over, not_left, Q(staff__in=own) | replaces)
