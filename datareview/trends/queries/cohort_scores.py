"""Last scores of a group of students on a measure before a day: baselines and results of decisions."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.records.models import Enrollment, Measure, Score, Section, SectionTeacher
from datareview.records.models.measures import AT
from datareview.records.permissions import students_of_team
from datareview.trends.models import Trend
from teams.lib.parameters import uuid_or_none

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from datareview.records.models import Student
    from teams.directory.models import Team

RECENT = dt.timedelta(days=120)


def cohort_choices(team: Team) -> list[tuple[str, str]]:
    """Groups of a team's students for decisions, as (key, name)."""
    day = team.school.today()
    taught = SectionTeacher.objects.on(day).filter(staff__in=team.members.active().values("staff"))
    attended = Enrollment.objects.on(day).filter(student__in=students_of_team(team))
    sections = Section.objects.filter(pk__in=taught.values("section_id")).filter(
        pk__in=attended.values("section_id")
    )
    return [
        ("team", _("All students of the team")),
        ("below", _("Those below the benchmark now")),
        *((f"section:{row.uuid}", row.name) for row in sections.order_by("name")),
    ]


def team_cohort(team: Team, key: str, measure: Measure) -> QuerySet[Student]:
    """The students of ``team`` in the group with ``key`` (`cohort_choices`); empty if the key is unknown."""
    students = students_of_team(team)
    if key == "team":
        return students
    if key == "below":
        return students.filter(
            pk__in=Trend.objects.filter(measure=measure, benchmark_level__lt=AT).values("student")
        )
    if key.startswith("section:") and (chosen := uuid_or_none(key.removeprefix("section:"))):
        here = Enrollment.objects.on(team.school.today()).filter(section__uuid=chosen)
        return students.filter(pk__in=here.values("student_id"))
    return students.none()


def cohort_measures(team: Team) -> QuerySet[Measure]:
    """Measures on which students of ``team`` have scores this year."""
    scores = Score.objects.filter(student__in=students_of_team(team), taken_on__gte=team.school.year_start())
    measures = Measure.objects.in_use().filter(school=team.school, pk__in=scores.values("measure"))
    return measures.order_by("name")


def last_scores(
    students: Collection[int], measure: Measure, *, until: dt.date, after: dt.date | None = None
) -> dict[int, float]:
    """Map student ids to the last score on ``measure`` up to ``until``, after ``after`` (default: 120 days earlier)."""
    first = after + dt.timedelta(days=1) if after else until - RECENT
    rows = Score.objects.filter(student__in=students, measure=measure, taken_on__range=(first, until))
    return dict(rows.order_by("taken_on", "pk").values_list("student_id", "value"))
