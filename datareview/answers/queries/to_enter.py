"""Recent assessments of classes that the user teaches, with how many students are not entered yet."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, Subquery

from datareview.assessments.permissions import links_of_staff, may_see_assessment
from datareview.records.models import Assessment, Enrollment, Sitting
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of
from teams.access.scope import scope_of
from teams.directory.models import Team, TeamGrade

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import School, User

RECENT = dt.timedelta(days=21)
MOST = 5


def checks_to_enter(user: User, school: School, today: dt.date) -> list[Assessment]:
    """Assessments of the last three weeks of which students in the user's classes miss, oldest first, in one query.

    ``missing`` is how many of these students, who are in the class since that day, have no answers and were not absent.
    """
    found = prepared_rows(_not_entered, reader_of(user), school.pk, today, today - RECENT)
    return [one for one in found if may_see_assessment(user, one)]


def _not_entered(user: User, school_id: int, today: dt.date, since: dt.date) -> QuerySet[Assessment]:
    own = scope_of(user).employed_ids
    missing = (
        Enrollment.objects.on(today)
        # `_is_asked` says so again for each row: this way only the user's own classes are looked through.
        .filter(section__in=links_of_staff(own, today).values("section"))
        .filter(starts_on__lte=OuterRef("given_on"))
        .filter(_is_asked(own, today))
        .exclude(
            Exists(Sitting.objects.filter(assessment=OuterRef(OuterRef("pk")), student=OuterRef("student")))
        )
        .order_by()
        .annotate(n=_count_of("student"))
        .values("n")
    )
    rows = Assessment.objects.filter(
        team__school=school_id, deleted_at=None, given_on__gte=since, given_on__lte=today
    )
    counted = rows.annotate(missing=Subquery(missing, output_field=IntegerField())).filter(missing__gt=0)
    return counted.select_related("team").order_by("given_on", "pk")[:MOST]


def _count_of(field: str) -> Func:
    """The number of different values, over all rows of a subquery."""
    return Func(
        F(field),
        function="COUNT",
        template="%(function)s(DISTINCT %(expressions)s)",
        output_field=IntegerField(),
    )


def _is_asked(own: list[int], today: dt.date) -> Q:
    """Whether an enrollment is in a class of the staff ``own`` that takes the outer query's assessment.

    As `planned_classes` says: the classes that were chosen, or else those of the team's members in its grades or subject.
    """
    assessment, team = OuterRef(OuterRef("pk")), OuterRef(OuterRef("team"))
    links = links_of_staff(own, today).filter(section=OuterRef("section"))
    of_member = links.filter(
        Q(staff__memberships__ends_on=None) | Q(staff__memberships__ends_on__gte=today),
        staff__memberships__team=team,
        staff__memberships__starts_on__lte=today,
    )
    chosen = Assessment.sections.through.objects.filter(assessment=assessment)
    by_section = Team.objects.filter(pk=team, cohort=Team.Cohort.SECTIONS)
    in_grades = Q(section__grade=None) | Exists(
        TeamGrade.objects.filter(team=team, grade=OuterRef("section__grade"))
    )
    of_team = Exists(by_section.filter(subject=OuterRef("section__subject"))) | (
        ~Exists(by_section) & in_grades
    )
    return (Exists(links) & Exists(chosen.filter(section=OuterRef("section")))) | (
        ~Exists(chosen) & Exists(of_member) & of_team
    )
