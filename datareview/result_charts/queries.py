"""What can be explored on the page of results: an item's options, and a class's checks of the school year."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Sum

from datareview.assessments.permissions import assessments_visible_to
from datareview.records.models import AssessmentItem, ItemResponse, Sitting
from datareview.result_charts.frames import CheckScores, against_chart, item_chart, time_chart

if TYPE_CHECKING:
    from datareview.charts.spec import Chart
    from datareview.records.models import Assessment, Student
    from datareview.results.queries.page import ResultsPage
    from teams.directory.models import User

MOST_CHECKS = 8


@dataclass(frozen=True, slots=True)
class ToExplore:
    """Charts of a page of results, each None if there is nothing to draw: ``item`` is about the item with ``number``."""

    number: int | None
    item: Chart | None
    against: Chart | None
    over_time: Chart | None


def to_explore(user: User, page: ResultsPage, wanted: str) -> ToExplore:
    """The options of the ``wanted`` item (a number as text; else one to talk about), and an own class's other checks.

    Other checks are shown of a class that the user teaches, with those who sat both in this class.
    """
    with_options = [one for one in page.items if one.options]
    asked = [one for one in with_options if str(one.number) == wanted]
    chosen = next(iter([*asked, *(one for one in page.talk if one.options), *with_options]), None)
    item = item_chart(chosen) if chosen else None
    number = chosen.number if chosen else None
    if page.chosen is None or not page.chosen.is_own or page.map is None:
        return ToExplore(number, item, None, None)
    students = {row.student.pk: row.student for band in page.map.bands for row in band.rows if row.student}
    checks = _checks(user, page, students)
    now = checks[-1] if checks and checks[-1].assessment.pk == page.assessment.pk else None
    earlier = [one for one in checks if one is not now]
    if now is None or not earlier:
        return ToExplore(number, item, None, None)
    first = next((one for one in earlier if one.assessment.pk == page.assessment.again_of_id), earlier[-1])
    is_again = first.assessment.pk == page.assessment.again_of_id
    return ToExplore(
        number,
        item,
        against_chart(first, now, students, is_again=is_again),
        time_chart(checks[-MOST_CHECKS:], students, 100 * page.assessment.mastery),
    )


def _checks(user: User, page: ResultsPage, students: dict[int, Student]) -> list[CheckScores]:
    """The team's checks of the school year until this one that ``students`` sat in the chosen class, oldest first."""
    assessment, section = page.assessment, page.chosen.section if page.chosen else None
    until = (assessment.team.school.year_start(assessment.given_on), assessment.given_on)
    rows = assessments_visible_to(user).filter(team=assessment.team_id, given_on__range=until)
    rows = rows.exclude(given_on=assessment.given_on, pk__gt=assessment.pk)
    found: dict[int, Assessment] = {one.pk: one for one in rows.order_by("given_on", "pk")}
    asked = AssessmentItem.objects.filter(assessment__in=found, is_dropped=False).order_by()
    items = dict(asked.values_list("assessment").annotate(n=Count("pk")))
    sat = Sitting.objects.filter(
        assessment__in=found,
        section=section,
        student__in=students,
        is_absent=False,
    )
    here = set(sat.values_list("assessment_id", "student_id"))
    answers = ItemResponse.objects.filter(
        item__assessment__in=found, item__is_dropped=False, student__in=students
    ).order_by()
    sums = answers.values_list("item__assessment_id", "student_id").annotate(
        n=Count("pk"), got=Sum("points"), possible=Sum("item__max_points")
    )
    scores: dict[int, dict[int, float]] = defaultdict(dict)
    for pk, student, n, got, possible in sums:
        if n == items[pk] and possible and (pk, student) in here:
            scores[pk][student] = 100 * got / possible
    return [CheckScores(one, scores[pk]) for pk, one in found.items() if scores[pk]]
