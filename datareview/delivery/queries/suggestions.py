"""Suggested figures of students who start in a group: a baseline from the data of each, and a goal by one rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from datareview.plans.queries.figures import (
    cuts_by_grade,
    rate_in_words,
    recent_span,
    suggested_baseline,
    suggested_goal,
)
from datareview.plans.queries.points import recent_points_of
from teams.lib import formats

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from datareview.flags.models import Candidate
    from datareview.records.models import Benchmark, Measure, Student
    from teams.directory.models import School


class GoalRule(TextChoices):
    """Where the goals of a group come from."""

    GROWTH = "growth", gettext_lazy("One and a half times typical growth")
    BENCHMARK = "benchmark", gettext_lazy("The benchmark on the goal date")
    OWN = "own", gettext_lazy("A goal of our own")


@dataclass(frozen=True, slots=True)
class Entrant:
    """A student who is about to start in a group, for the concern of a candidate if there is one."""

    student: Student
    candidate: Candidate | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """The suggested baseline and goal of a student, with sentences that explain them."""

    baseline: float | None
    goal: float | None
    words: str
    warning: str = ""


def suggested_figures(
    school: School,
    entrants: Sequence[Entrant],
    measure: Measure | None,
    *,
    starts_on: dt.date,
    goal_on: dt.date,
    rule: str = GoalRule.GROWTH,
    own: float | None = None,
) -> dict[int, Figures]:
    """Map student ids to suggested figures on ``measure``; a constant number of queries.

    ``own`` is the goal of all if ``rule`` is a goal of our own.
    """
    students = [entrant.student for entrant in entrants]
    until = min(school.today(), starts_on)
    ids = {student.pk for student in students}
    points = recent_points_of(ids, measure, until - recent_span(measure), until) if measure else {}
    cuts = cuts_by_grade(school.pk, measure, {student.grade for student in students}, goal_on)
    found = {}
    for student in students:
        baseline, words = suggested_baseline(measure, points.get(student.pk, []))
        theirs = cuts.get(student.grade) if student.grade is not None else None
        goal, goal_words = _goal(measure, theirs, baseline, (goal_on - starts_on).days / 7, rule, own)
        rate = rate_in_words(measure, theirs, baseline, goal, (goal_on - starts_on).days / 7)
        found[student.pk] = Figures(
            baseline,
            goal,
            " ".join(sentence for sentence in (words, goal_words, rate) if sentence),
            _warning(measure, theirs, baseline, goal),
        )
    return found


def _goal(
    measure: Measure | None,
    cuts: Benchmark | None,
    baseline: float | None,
    weeks: float,
    rule: str,
    own: float | None,
) -> tuple[float | None, str]:
    if rule == GoalRule.OWN:
        return own, ""
    if rule == GoalRule.BENCHMARK:
        if cuts is None:
            return None, _("No benchmark is known for this measure and grade.")
        return cuts.at, ""
    return suggested_goal(measure, cuts, baseline, weeks)


def _warning(
    measure: Measure | None, cuts: Benchmark | None, baseline: float | None, goal: float | None
) -> str:
    """Why the student may need no plan on this measure: already at the goal, or at the benchmark."""
    if measure is None or baseline is None:
        return ""
    for line, words in (
        (goal, _("Already at the goal of %(line)s: no plan is needed on this measure.")),
        (cuts.at if cuts else None, _("Already at the benchmark of %(line)s.")),
    ):
        if line is not None and (baseline >= line if measure.higher_is_better else baseline <= line):
            return words % {"line": formats.number(line)}
    return ""
