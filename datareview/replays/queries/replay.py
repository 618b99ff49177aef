"""A rule, and the one it would replace, judged in earlier terms by what was known then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from datareview.flags.models import Rule, Severity
from datareview.records.models import Student
from datareview.replays.queries.landmarks import landmarks_of, students_then
from datareview.replays.queries.outcomes import outcomes_after
from datareview.trends.models import TrendScope
from teams.access.prepared import many_ids

if TYPE_CHECKING:
    from collections.abc import Callable

    from datareview.replays.queries.landmarks import Landmark
    from datareview.trends.frames.scope import ScopeData
A_WEEK = 7


@dataclass(frozen=True, slots=True)
class TermReplay:
    """Students of a term by id, what happened (1, 0, or missing if it is not known), and whom each rule flagged.

    ``before`` is the rule as it is, and flags nobody if there is none yet.
    """

    landmark: Landmark
    students: np.ndarray
    happened: np.ndarray
    before: np.ndarray
    changed: np.ndarray


def replay(
    rule: Rule | None,
    changed: Rule,
    outcome: str,
    step: Callable[[int, int], object] | None = None,
) -> list[TermReplay]:
    """Each earlier term, the latest first; ``rule`` is the one that ``changed`` would replace, if any.

    As in a run, a student is flagged if the rule held on the day and a week before, or at once if it is urgent. Flagged is
    who would be a candidate: "act" or "urgent", or "watch" for a rule that knows nothing else.
    """
    found = []
    school, landmarks, pair = changed.school, landmarks_of(changed.school), (rule, changed)
    for done, landmark in enumerate(landmarks):
        if step:
            step(done, len(landmarks))
        grades = students_then(school, landmark)
        parts = [
            _of_grade(pair, TrendScope(school=school, grade=grade), ids, landmark, outcome)
            for grade, ids in grades.items()
            if any(one and one.covers(grade) for one in pair)
        ]
        if parts:
            found.append(TermReplay(landmark, *(np.concatenate(part) for part in zip(*parts, strict=True))))
    return found


def _of_grade(
    pair: tuple[Rule | None, Rule], scope: TrendScope, ids: list[int], landmark: Landmark, outcome: str
) -> tuple[np.ndarray, ...]:
    """The columns of `TermReplay` of the students who were in one grade."""
    from datareview.trends.frames.scope import read_scope

    students = Student.objects.filter(pk__in=many_ids(ids))
    known = read_scope(scope, landmark.since, landmark.until, students=students)
    day = landmark.judged_on.toordinal()
    happened = outcomes_after(known, day, outcome).reindex(ids)
    flagged = _flagged([one for one in pair if one and one.covers(scope.grade)], known, day)
    return (
        np.array(ids),
        happened.to_numpy(float),
        *(np.isin(ids, list(flagged.get(one.pk, ()) if one else ())) for one in pair),
    )


def _flagged(rules: list[Rule], known: ScopeData, day: int) -> dict[int, set[int]]:
    """The ids of the students whose flag would be open on ``day``, by the id of the rule."""
    from datareview.judgements.judges import judge_scope
    from datareview.trends.services.trend_rows import trend_rows

    judged = []
    for as_of in (day, day - A_WEEK):
        then = known.as_of(as_of)
        judged.append(judge_scope(rules, then, trend_rows(then)))
    now, before = judged
    return {
        rule.pk: {
            pk
            for pk, one in now[rule.pk].items()
            if one.severity >= least_of(rule)
            and (one.severity == Severity.SEVERE or before[rule.pk][pk].severity)
        }
        for rule in rules
    }


def least_of(rule: Rule) -> int:
    """The severity from which ``rule`` makes a student a candidate; of one that only watches, "watch"."""
    is_watch = rule.kind == Rule.Kind.CONDITIONS and rule.cut_points["severity"] == Severity.WATCH
    return Severity.WATCH if is_watch else Severity.ACT
