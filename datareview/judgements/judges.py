"""Judge each student by each rule of a school as of a day.

Every student of the run gets a judgement. Students with too little data neither meet the rule nor are clear, so
that an open flag stays. Demographics are not accessible here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from datareview.analysis.facts import DIGITS, FALL_DAYS, attendance_facts, behavior_facts
from datareview.analysis.measurement import ROUNDING, is_near_cut
from datareview.analysis.rulekinds import judge_conditions, judge_rule, rule_indicators
from datareview.analysis.schema import OK
from datareview.flags.conditions import FAILING, WINDOW, column_of, conditions_in
from datareview.flags.models import Rule, Severity
from datareview.flags.queries.flags import NOTHING, Judgement
from datareview.judgements.growth import RECENT_SCORE, judge_growth
from datareview.judgements.kernel_conditions import errors_of, figures_of_conditions, kernel_conditions
from datareview.judgements.scorecards import judge_scorecard
from datareview.records.models import Domain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

    from datareview.records.models import Measure
    from datareview.trends.frames.scope import ScopeData

SEVERITIES = {"minor": 1, "moderate": 2, "major": 3}
SUSPENSIONS = ("iss", "oss")


@dataclass(frozen=True, slots=True)
class _Facts:
    """Input of the judges: the data of a scope and its trends."""

    known: ScopeData
    trends: pd.DataFrame


def judge_scope(
    rules: Iterable[Rule], known: ScopeData, trends: pd.DataFrame
) -> dict[int, dict[int, Judgement]]:
    """Map rule ids to student ids to judgements, for every enrolled student of the scope."""
    facts = _Facts(known, trends)
    return {rule.pk: _JUDGES[rule.kind](rule, rule.cut_points, facts) for rule in rules}


def _attendance(rule: Rule, cut_points: dict[str, Any], facts: _Facts) -> dict[int, Judgement]:
    """Judge the share of marked days absent, compared in half days so that 18 of 180 is exactly 10 %."""
    days = facts.known.attendance.rename(columns={"student_id": "student"})
    counted = attendance_facts(days, until=facts.known.until)
    counted = counted[counted["days"] > 0]
    found = judge_rule(counted, rule_indicators(Rule.Kind.ATTENDANCE, cut_points))
    evidence = [
        {"absent": absent, "enrolled": enrolled, "share": 100 * absent / enrolled, "cut": round(100 * cut, 6)}
        for absent, enrolled, cut in zip(
            counted["absent_days"].tolist(),
            counted["days"].tolist(),
            found["threshold"].tolist(),
            strict=True,
        )
    ]
    return _for_all(facts, _judgements(Domain.ATTENDANCE, found, evidence), Domain.ATTENDANCE)


def _behavior(rule: Rule, cut_points: dict[str, Any], facts: _Facts) -> dict[int, Judgement]:
    """Judge incidents and suspensions in the last ``window`` school days of this year; a suspension is urgent."""
    counted, days = _incidents(facts.known, int(cut_points["window"]))
    found = judge_rule(counted, rule_indicators(Rule.Kind.BEHAVIOR, cut_points))
    evidence = [
        {"incidents": many, "suspensions": suspended, "days": days}
        for many, suspended in zip(
            counted["incidents"].tolist(), counted["suspensions"].tolist(), strict=True
        )
    ]
    return _judgements(Domain.BEHAVIOR, found, evidence)


def _incidents(known: ScopeData, window: int) -> tuple[pd.DataFrame, int]:
    """Incidents and suspensions of every student in the last ``window`` school days, and the number of those days."""
    first, days = _window(known, window)
    incidents = known.incidents.rename(columns={"student_id": "student"}).assign(
        severity=known.incidents["severity"].map(SEVERITIES).astype(float),
        suspended=known.incidents["consequence"].isin(SUSPENSIONS),
    )
    counted = behavior_facts(incidents, until=known.until, since=first)
    return counted.reindex(known.students["student_id"], fill_value=0), days


def _window(known: ScopeData, most: int) -> tuple[int, int]:
    """The first of the last ``most`` school days of this year, and their number, fewer early in the year.

    Before the first marked day every weekday counts as one.
    """
    marked = np.unique(known.attendance["day"].to_numpy())[-most:]
    if len(marked) == most:
        return int(marked[0]), most
    first_marked = dt.date.fromordinal(int(marked[0]) if len(marked) else known.until + 1)
    start = np.busday_offset(first_marked, len(marked) - most, roll="forward")
    first = max(dt.date.fromisoformat(str(start)).toordinal(), known.since)
    unmarked = int(np.busday_count(dt.date.fromordinal(first), first_marked))
    return first, len(marked) + max(unmarked, 0)


def _course(rule: Rule, cut_points: dict[str, Any], facts: _Facts) -> dict[int, Judgement]:
    """Judge the latest mark in each core course, and its fall since the last mark six weeks earlier."""
    latest = _latest_marks(facts.known.grades[facts.known.grades["is_core"]])
    fall = (latest["before"] - latest["percent"]).round(DIGITS)
    latest = latest.assign(failed=latest["percent"] < cut_points["act"], fall=fall)
    counted = latest.groupby("student_id").agg(
        lowest=("percent", "min"), core_failures=("failed", "sum"), fall=("fall", "max")
    )
    found = judge_rule(counted, rule_indicators(Rule.Kind.COURSE, cut_points))
    marks: dict[int, list[tuple[str, float, float]]] = {
        student_id: [] for student_id in counted.index.tolist()
    }
    columns = (latest[name].tolist() for name in ("student_id", "section", "percent", "fall"))
    for student_id, *mark in zip(*columns, strict=True):
        marks[student_id].append((mark[0], mark[1], mark[2]))
    evidence = [
        _marks_as_evidence(own, cut_points, is_failing=bool(failures))
        for own, failures in zip(marks.values(), counted["core_failures"].tolist(), strict=True)
    ]
    return _for_all(facts, _judgements(Domain.ACADEMIC, found, evidence), Domain.ACADEMIC)


def _latest_marks(core: pd.DataFrame) -> pd.DataFrame:
    """One row per student and course: ``section``, ``percent``, and ``before``, the last mark six weeks earlier."""
    keys = ["student_id", "section_id"]
    latest = core.groupby(keys, as_index=False).last()
    earlier = core.merge(latest[[*keys, "day"]], on=keys, suffixes=("", "_now"))
    earlier = earlier[earlier["day"] <= earlier["day_now"] - FALL_DAYS]
    return latest.join(earlier.groupby(keys)["percent"].last().rename("before"), on=keys)


def _marks_as_evidence(
    marks: list[tuple[str, float, float]], cut_points: dict[str, Any], *, is_failing: bool
) -> dict[str, Any]:
    """The marks below the cut point that applies, lowest first, the lowest mark, and the largest fall if any.

    ``marks`` are section, percent and fall, which is NaN without an earlier mark.
    """
    cut = cut_points["act"] if is_failing else cut_points["watch"]
    by_percent = sorted(marks, key=itemgetter(1))
    fallen = [mark for mark in marks if mark[2] >= cut_points["drop"]]
    most = max(fallen, key=itemgetter(2), default=None)
    return {
        "failing": [(section, percent) for section, percent, _fall in by_percent if percent < cut],
        "lowest": list(by_percent[0][:2]),
        "dropped": [most[0], most[2]] if most else None,
        "cut": cut,
    }


def _judgements(domain: str, found: pd.DataFrame, evidence: list[dict[str, Any]]) -> dict[int, Judgement]:
    """Convert the kernel's findings to judgements, with the figures for their sentences if it could judge."""
    columns = (found[name].tolist() for name in ("status", "severity", "is_clear", "keeps"))
    return {
        student_id: Judgement(domain, severity, is_clear, figures if status == OK else {}, keeps)
        for student_id, figures, status, severity, is_clear, keeps in zip(
            found.index.tolist(), evidence, *columns, strict=True
        )
    }


def _benchmark(rule: Rule, cut_points: dict[str, Any], facts: _Facts) -> dict[int, Judgement]:
    """Judge the level of the last score; within one standard error of the cut the severity is at most "watch"."""
    measure = _measure_of(rule)
    rows = facts.trends[facts.trends["measure_id"] == measure.pk]
    rows = rows[rows["benchmark_level"].notna()]
    judged = {}
    for row in rows.to_dict("records"):
        if facts.known.until - row["last_on"] > RECENT_SCORE:
            continue
        level = int(row["benchmark_level"])
        near = bool(
            is_near_cut(row["last_value"], row["cut_below"] if level <= 1 else row["cut_at"], measure.sem)
        )
        severity = {2: Severity.WATCH}.get(level, Severity.ACT if level < 2 else NOTHING)
        severity = min(severity, Severity.WATCH) if near else severity
        sign = 1 if measure.higher_is_better else -1
        clear = sign * (row["last_value"] - row["cut_at"]) >= (measure.sem or 0) - ROUNDING
        evidence = {
            "value": row["last_value"],
            "day": dt.date.fromordinal(int(row["last_on"])).isoformat(),
            "cut": row["cut_at"],
            "act": row["cut_below"] if np.isfinite(row["cut_below"]) else row["cut_at"],
            "level": level,
            "near_cut": near,
        }
        judged[row["student_id"]] = Judgement(measure.domain, int(severity), bool(clear), evidence)
    return _for_all(facts, judged, measure.domain)


def _measure_of(rule: Rule) -> Measure:
    """The measure of a rule about scores."""
    if rule.measure is None:
        raise ValueError(f"The rule {rule.key} is about scores and names no measure.")
    return rule.measure


def _growth(rule: Rule, cut_points: dict[str, Any], facts: _Facts) -> dict[int, Judgement]:
    """Judge the chance that growth is below the grade's expected growth."""
    measure = _measure_of(rule)
    judged = judge_growth(measure, cut_points, facts.known, facts.trends)
    return _for_all(facts, judged, measure.domain)


def _conditions(rule: Rule, cut_points: dict[str, Any], facts: _Facts) -> dict[int, Judgement]:
    """Judge the school's own conditions; the evidence has those that are met, or else those that are not.

    A student without enough data to know whether they hold is not judged.
    """
    table = facts_of_conditions(cut_points, facts.known, facts.trends)
    known = facts.known.measures
    names = dict(zip(known["key"].tolist(), known["name"].tolist(), strict=True))
    found = judge_conditions(table, kernel_conditions(cut_points, errors_of(facts.known)))
    evidence = figures_of_conditions(cut_points, found, table, names)
    columns = (found[name].tolist() for name in ("status", "holds", "keeps", "is_clear"))
    severity = int(cut_points["severity"])
    judged = {}
    for student, figures, status, holds, keeps, is_clear in zip(
        table.index.tolist(), evidence, *columns, strict=True
    ):
        judged[student] = Judgement(
            cut_points["domain"],
            severity if holds else NOTHING,
            is_clear,
            figures if status == OK else {},
            severity if keeps else NOTHING,
        )
    return judged


def _scorecard(rule: Rule, cut_points: dict[str, Any], facts: _Facts) -> dict[int, Judgement]:
    """Judge the points of a scorecard by the figures that its indicators compare."""
    return judge_scorecard(
        cut_points, facts.known, facts_of_conditions(cut_points, facts.known, facts.trends)
    )


def facts_of_conditions(cut_points: dict[str, Any], known: ScopeData, trends: pd.DataFrame) -> pd.DataFrame:
    """Every figure that the conditions compare, by student, one column each; missing if unknown."""
    students = known.students.set_index("student_id").index
    days = attendance_facts(known.attendance.rename(columns={"student_id": "student"}), until=known.until)
    latest = _latest_marks(known.grades[known.grades["is_core"]])
    marks = latest.assign(failed=latest["percent"] < FAILING).groupby("student_id")
    table = days.reindex(students)
    table["absence"] = 100 * table["absent"] / table["enrolled"]
    table[["incidents", "suspensions"]] = _incidents(known, WINDOW)[0][["incidents", "suspensions"]]
    table["mark"], table["failures"] = marks["percent"].min(), marks["failed"].sum()
    secure = known.standards.groupby(["student_id", "standard_id"])["is_secure"].last().groupby("student_id")
    table["standards"], table["mastered"] = secure.size() - secure.sum(), 100 * secure.mean()
    rows = trends[known.until - trends["last_on"] <= RECENT_SCORE]
    ids = known.measures.set_index("key")["measure_id"].to_dict()
    columns = {"score": "last_value", "level": "benchmark_level", "growth": "pooled_slope"}
    for condition in conditions_in(cut_points):
        if name := columns.get(condition["data"]):
            own = rows[rows["measure_id"] == ids.get(condition["measure"], 0)].set_index("student_id")
            table[column_of(condition)] = own[name].astype(float)
    return table.astype(float)


def _for_all(facts: _Facts, judged: dict[int, Judgement], domain: str) -> dict[int, Judgement]:
    """Add a judgement that is neither met nor clear for every student not judged."""
    empty = Judgement(domain, NOTHING, is_clear=False, evidence={})
    return {pk: judged.get(pk, empty) for pk in facts.known.students["student_id"].tolist()}


_JUDGES: dict[str, Callable[[Rule, dict[str, Any], _Facts], dict[int, Judgement]]] = {
    Rule.Kind.ATTENDANCE: _attendance,
    Rule.Kind.BEHAVIOR: _behavior,
    Rule.Kind.COURSE: _course,
    Rule.Kind.BENCHMARK: _benchmark,
    Rule.Kind.GROWTH: _growth,
    Rule.Kind.CONDITIONS: _conditions,
    Rule.Kind.SCORECARD: _scorecard,
}
