"""What can have happened to a student after a rule judged: known only from the days after it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from datareview.flags.conditions import FAILING, conditions_in
from datareview.flags.models import Rule
from datareview.flags.queries.scorecards import LEVEL, OUTCOMES, outcome_in_words
from datareview.records.models import Benchmark, Domain
from datareview.records.models.measures import AT

if TYPE_CHECKING:
    import pandas as pd

    from datareview.trends.frames.scope import ScopeData
    from teams.directory.models import School

LEAST_MARKED = 10  # days after the judgement, for a share of them
ABSENT, INCIDENTS = 0.1, 2
SUSPENSIONS = ("iss", "oss")
# Rules of these kinds are named as their domain is.
OF_DOMAIN: dict[str, str] = {Domain.ATTENDANCE: "absence", Domain.BEHAVIOR: "incidents"}


def outcome_choices(school: School) -> list[tuple[str, str]]:
    """Outcomes by key, in words: those of all schools, and the last level on each measure with benchmarks."""
    measured = Benchmark.objects.filter(measure__school=school).order_by("measure__name")
    levels = [
        (f"{LEVEL}{key}", outcome_in_words(f"{LEVEL}{key}", {key: name}))
        for key, name in dict(measured.values_list("measure__key", "measure__name")).items()
    ]
    return [*((key, str(words)) for key, words in OUTCOMES.items()), *levels]


def usual_outcome(rule: Rule) -> str:
    """The key of the outcome that a rule is meant to foresee."""
    if rule.kind == Rule.Kind.SCORECARD:
        return str(rule.cut_points["outcome"])
    if rule.measure:
        return LEVEL + rule.measure.key
    if rule.kind != Rule.Kind.CONDITIONS:
        return OF_DOMAIN.get(rule.kind, "mark")
    measures = [one["measure"] for one in conditions_in(rule.cut_points) if one["measure"]]
    academic = LEVEL + measures[0] if measures else "mark"
    return OF_DOMAIN.get(rule.cut_points["domain"], academic)


def outcomes_after(known: ScopeData, day: int, key: str) -> pd.Series:
    """1 or 0 for each student whose outcome is known from the days after ``day`` (an ordinal), by id."""
    later = {
        name: frame[frame["day"] > day]
        for name in ("attendance", "incidents", "grades", "scores")
        for frame in [getattr(known, name)]
    }
    if key == "absence":
        marks = later["attendance"].dropna(subset=["absent"]).groupby("student_id")["absent"]
        days, absent = marks.size(), marks.sum()
        return (absent >= ABSENT * days - 1e-9)[days >= LEAST_MARKED].astype(float)
    if key == "incidents":
        rows = later["incidents"]
        suspended = rows["consequence"].isin(SUSPENSIONS).groupby(rows["student_id"]).any()
        many = rows.groupby("student_id").size()
        happened = (many >= INCIDENTS) | suspended
        return happened.reindex(known.students["student_id"], fill_value=False).astype(float)
    if key == "mark":
        core = later["grades"][later["grades"]["is_core"]]
        last = core.groupby(["student_id", "section_id"])["percent"].last()
        return (last.groupby("student_id").min() < FAILING).astype(float)
    return _levels(known, later["scores"], key.removeprefix(LEVEL))


def _levels(known: ScopeData, scores: pd.DataFrame, key: str) -> pd.Series:
    from datareview.trends.services.trend_rows import trend_rows

    ids = known.measures.set_index("key")["measure_id"]
    rows = trend_rows(replace(known, scores=scores[scores["measure_id"] == ids.get(key, 0)]))
    levels = rows.set_index("student_id")["benchmark_level"].astype(float).dropna()
    return (levels < AT).astype(float)
