"""Scope data built by hand: the frames that judges use, without a database."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd

from datareview.flags.models import Rule
from datareview.flags.queries.flags import Judgement, reason_of
from datareview.judgements.judges import judge_scope
from datareview.records.models import Measure
from datareview.records.models.measures import CUTS
from datareview.records.windows import SchoolWindows
from datareview.trends.frames.scope import ScopeData
from datareview.trends.services.trend_rows import COLUMNS, trend_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DAY = dt.date(2025, 5, 30)  # a Friday of the spring window
UNTIL = DAY.toordinal()
SINCE = dt.date(2024, 8, 1).toordinal()
FRAMES = {
    "students": {"student_id": "int64"},
    "scores": {"student_id": "int64", "measure_id": "int64", "day": "int64", "value": "float64"},
    "attendance": {"student_id": "int64", "day": "int64", "absent": "float64"},
    "incidents": {"student_id": "int64", "day": "int64", "severity": "object", "consequence": "object"},
    "grades": {
        "student_id": "int64",
        "section_id": "int64",
        "section": "object",
        "is_core": "bool",
        "day": "int64",
        "percent": "float64",
    },
    "standards": {
        "student_id": "int64",
        "standard_id": "int64",
        "day": "int64",
        "is_secure": "float64",
    },
    "measures": {
        "measure_id": "int64",
        "key": "object",
        "name": "object",
        "derived_from": "object",
        "higher_is_better": "bool",
        "sem": "float64",
        "scale_min": "float64",
        "scale_max": "float64",
    },
    "cuts": {
        "measure_id": "int64",
        "window": "object",
        **dict.fromkeys(CUTS, "float64"),
        "growth_per_week": "float64",
    },
}


def known(
    students: Iterable[int],
    *,
    until: int = UNTIL,
    since: int = SINCE,
    **rows: Iterable[Sequence[Any]],
) -> ScopeData:
    """Frames of ``students`` since a day, with rows given by frame name in column order.

    Rows of ``cuts`` have the cut points of the usual four levels.
    """
    given = {"students": [[student] for student in students], **rows}
    given["cuts"] = [_all_levels(*row) for row in rows.get("cuts", [])]
    frames = {
        name: pd.DataFrame(list(given.get(name, [])), columns=list(kinds)).astype(kinds)
        for name, kinds in FRAMES.items()
    }
    return ScopeData(since=since, until=until, windows=SchoolWindows(), **frames)


def _all_levels(
    measure_id: int, window: str, below: float, at: float, above: float, growth: float
) -> list[Any]:
    """A row of cut points without a level further out."""
    worst = float("-inf") if below < above else float("inf")
    return [measure_id, window, *[worst] * 3, below, at, above, *[-worst] * 3, growth]


def marks(student: int, absent: float, of: int, *, until: int = UNTIL) -> list[tuple[int, int, float]]:
    """``of`` days marked up to ``until``, the first ones absent; a fraction in ``absent`` is part of a day."""
    return [(student, until - of + 1 + place, min(max(absent - place, 0.0), 1.0)) for place in range(of)]


def rule(kind: str, measure: Measure | None = None, **parameters: float) -> Rule:
    """An unsaved rule."""
    return Rule(pk=1, kind=kind, measure=measure, parameters=parameters)


def measure(*, higher_is_better: bool = True, sem: float | None = 8) -> Measure:
    """Oral reading fluency, or seconds per page, where lower is better."""
    name = "Oral reading fluency" if higher_is_better else "Seconds a page"
    return Measure(pk=7, name=name, domain="academic", higher_is_better=higher_is_better, sem=sem)


def judge(one: Rule, frames: ScopeData, trends: pd.DataFrame | None = None) -> dict[int, Judgement]:
    """The judgements of rule ``one`` by student, on the given trends or those of the scores."""
    if trends is None:
        trends = trend_rows(frames)
    return judge_scope([one], frames, trends)[one.pk]


def found(judgement: Judgement) -> tuple[int, bool]:
    """Severity, and whether it is beyond the margin."""
    assert type(judgement.severity) is int
    assert type(judgement.is_clear) is bool
    return judgement.severity, judgement.is_clear


def sentence(one: Rule, judgement: Judgement) -> str:
    """The reason people read; empty if the rule does not apply."""
    return reason_of(one, judgement.evidence) if judgement.severity else ""


def trend(**fields: Any) -> pd.DataFrame:
    """A trend of student 1 on `measure`: ten scores over ten weeks, overridden by ``fields``."""
    usual = {
        "student_id": 1,
        "measure_id": 7,
        "status": "ok",
        "n": 10,
        "first_on": UNTIL - 70,
        "last_on": UNTIL,
        "last_value": 100.0,
    }
    return pd.DataFrame([{**usual, **fields}], columns=COLUMNS)
