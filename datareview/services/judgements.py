"""What each rule of a school says about each student as of a day.

Every student the run covers gets a judgement, also those of whom a rule can say nothing yet: those are
neither held nor clear, so an open flag stays. Demographics cannot be reached from here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from datareview.models import Domain, Rule, Severity
from datareview.queries.flags import Judgement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

    from datareview.frames import Known

NOTHING = 0
RECENT_SCORE = 120  # days


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the judges look at: everything known, and the trends made of it."""

    known: Known
    trends: pd.DataFrame


def judge_scope(rules: Iterable[Rule], known: Known, trends: pd.DataFrame) -> dict[int, dict[int, Judgement]]:
    """Rule id → student id → judgement, for every enrolled student of the scope."""
    facts = _Facts(known, trends)
    return {rule.pk: _JUDGES[rule.kind](rule, rule.limits, facts) for rule in rules}


def _attendance(rule: Rule, limits: dict[str, Any], facts: _Facts) -> dict[int, Judgement]:
    """Days absent of days marked; compared in half days, so that 18 of 180 is exactly 10 %."""
    days = facts.known.attendance.groupby("student_id")["absent"].agg(["sum", "size"])
    judged = {}
    for student_id, absent, enrolled in days.itertuples():
        halves, whole = int(absent * 2), int(enrolled) * 2
        cuts = [limits["watch"], limits["act"], limits["severe"]]
        severity = (
            sum(100 * halves >= cut * whole for cut in cuts) if enrolled >= limits["min_days"] else NOTHING
        )
        evidence = {
            "absent": float(absent),
            "enrolled": int(enrolled),
            "share": 100 * halves / whole,
            "cut": cuts[max(severity - 1, 0)],
        }
        clear = 100 * halves < (limits["watch"] - limits["margin"]) * whole
        judged[student_id] = Judgement(Domain.ATTENDANCE, severity, clear, evidence)
    return _for_all(facts, judged, Domain.ATTENDANCE)


def _behavior(rule: Rule, limits: dict[str, Any], facts: _Facts) -> dict[int, Judgement]:
    """Incidents and suspensions in the last school days; one suspension asks for action, two at once."""
    known = facts.known
    school_days = np.sort(known.attendance["day"].unique())[-int(limits["window"]) :]
    first = school_days[0] if len(school_days) else known.until
    recent = known.incidents[known.incidents["day"] >= first]
    suspended = recent["consequence"].isin(["iss", "oss"])
    counts = recent.assign(suspended=suspended).groupby("student_id")["suspended"].agg(["size", "sum"])
    judged = {}
    for student_id, incidents, suspensions in counts.itertuples():
        severity = int(incidents >= limits["watch"]) + int(incidents >= limits["act"])
        severity = max(
            severity, Severity.ACT if suspensions == 1 else 0, Severity.SEVERE if suspensions > 1 else 0
        )
        evidence = {
            "incidents": int(incidents),
            "suspensions": int(suspensions),
            "window": int(limits["window"]),
        }
        judged[student_id] = Judgement(
            Domain.BEHAVIOR, int(severity), bool(incidents < limits["watch"]), evidence
        )
    none = {"incidents": 0, "suspensions": 0, "window": int(limits["window"])}
    return _for_all(facts, judged, Domain.BEHAVIOR, is_clear=True, evidence=none)


def _course(rule: Rule, limits: dict[str, Any], facts: _Facts) -> dict[int, Judgement]:
    """The latest mark in each core course, and its fall since the first mark more than six weeks before."""
    core = facts.known.grades[facts.known.grades["is_core"]]
    latest = core.groupby(["student_id", "section_id"], as_index=False).last()
    earlier = core.merge(
        latest[["student_id", "section_id", "day"]], on=["student_id", "section_id"], suffixes=("", "_now")
    )
    earlier = earlier[earlier["day"] <= earlier["day_now"] - 42]
    before = earlier.groupby(["student_id", "section_id"])["percent"].last().rename("before")
    latest = latest.join(before, on=["student_id", "section_id"])
    judged = {}
    for student_id, marks in latest.groupby("student_id"):
        failing = [
            (name, round(p, 1))
            for name, p in zip(marks["section"], marks["percent"], strict=True)
            if p < limits["watch"]
        ]
        low = sum(percent < limits["act"] for _name, percent in failing)
        fall = (marks["before"] - marks["percent"]).max()
        drop = (
            marks.loc[(marks["before"] - marks["percent"]).idxmax(), "section"]
            if fall >= limits["drop"]
            else None
        )
        severity = (
            Severity.SEVERE
            if low > 1
            else Severity.ACT
            if low
            else Severity.WATCH
            if failing or drop
            else NOTHING
        )
        clear = bool((marks["percent"] >= limits["watch"] + limits["margin"]).all())
        cut = limits["act"] if low else limits["watch"]
        shown = [mark for mark in failing if mark[1] < cut]
        evidence = {"failing": shown, "dropped": [drop, float(fall)] if drop else None, "cut": cut}
        judged[int(student_id)] = Judgement(Domain.ACADEMIC, int(severity), clear, evidence)
    return _for_all(facts, judged, Domain.ACADEMIC)


def _benchmark(rule: Rule, limits: dict[str, Any], facts: _Facts) -> dict[int, Judgement]:
    """The level of the last score; within one standard error of the cut it is never more than a watch."""
    measure = rule.measure
    rows = facts.trends[facts.trends["measure_id"] == rule.measure_id]
    rows = rows[rows["benchmark_level"].notna()]
    judged = {}
    for row in rows.to_dict("records"):
        if facts.known.until - row["last_on"] > RECENT_SCORE:
            continue
        level = int(row["benchmark_level"])
        cut = row["cut_below"] if level == 1 else row["cut_at"]
        near = measure.sem is not None and abs(row["last_value"] - cut) <= measure.sem
        severity = {1: Severity.ACT, 2: Severity.WATCH}.get(level, NOTHING)
        severity = min(severity, Severity.WATCH) if near else severity
        sign = 1 if measure.higher_is_better else -1
        clear = sign * (row["last_value"] - row["cut_at"]) >= (measure.sem or 0)
        evidence = {
            "value": row["last_value"],
            "day": dt.date.fromordinal(int(row["last_on"])).isoformat(),
            "cut": row["cut_at"],
            "level": level,
            "near_cut": bool(near),
        }
        judged[row["student_id"]] = Judgement(measure.domain, int(severity), bool(clear), evidence)
    return _for_all(facts, judged, measure.domain)


def _growth(rule: Rule, limits: dict[str, Any], facts: _Facts) -> dict[int, Judgement]:
    """Growth whose whole interval lies under what is expected of the grade (over, where lower is better)."""
    measure = rule.measure
    rows = facts.trends[facts.trends["measure_id"] == rule.measure_id]
    rows = rows[(rows["status"] == "ok") & rows["expected_slope"].notna() & rows["pooled_high"].notna()]
    judged = {}
    for row in rows.to_dict("records"):
        weeks = (row["last_on"] - row["first_on"]) / 7
        if row["n"] < limits["min_scores"] or weeks < limits["min_weeks"]:
            continue
        better = measure.higher_is_better
        best = row["pooled_high"] if better else -row["pooled_low"]
        goal = row["expected_slope"] if better else -row["expected_slope"]
        severity = Severity.ACT if best < 0 else Severity.WATCH if best < goal else NOTHING
        evidence = {
            "slope": row["pooled_slope"],
            "low": row["pooled_low"],
            "high": row["pooled_high"],
            "n": int(row["n"]),
            "expected": row["expected_slope"],
        }
        clear = (row["pooled_slope"] >= goal) if better else (row["pooled_slope"] <= -goal)
        judged[row["student_id"]] = Judgement(measure.domain, int(severity), bool(clear), evidence)
    return _for_all(facts, judged, measure.domain)


def _for_all(
    facts: _Facts,
    judged: dict[int, Judgement],
    domain: str,
    *,
    is_clear: bool = False,
    evidence: dict[str, Any] | None = None,
) -> dict[int, Judgement]:
    """A judgement for every student; those not judged hold nothing and, unless said so, clear nothing."""
    empty = Judgement(domain, NOTHING, is_clear, evidence or {})
    return {
        student_id: judged.get(student_id, empty)
        for student_id in facts.known.students["student_id"].tolist()
    }


_JUDGES: dict[str, Callable[[Rule, dict[str, Any], _Facts], dict[int, Judgement]]] = {
    Rule.Kind.ATTENDANCE: _attendance,
    Rule.Kind.BEHAVIOR: _behavior,
    Rule.Kind.COURSE: _course,
    Rule.Kind.BENCHMARK: _benchmark,
    Rule.Kind.GROWTH: _growth,
}
