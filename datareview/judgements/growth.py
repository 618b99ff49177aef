"""Judge growth on a measure: its chance to be below what is expected, and few wrong flags over a grade."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from datareview.analysis.schema import OK
from datareview.analysis.shortfall import error_correlation, flag_by_chance, growth_chances
from datareview.flags.models import Severity
from datareview.flags.queries.flags import NOTHING, Judgement

if TYPE_CHECKING:
    from datareview.records.models import Measure
    from datareview.trends.frames.scope import ScopeData

RECENT_SCORE = 120  # days
EVEN = 0.5  # the chance at which growth is as likely below the line as not
DIGITS = 6


def judge_growth(
    measure: Measure, cut_points: dict[str, Any], known: ScopeData, trends: pd.DataFrame
) -> dict[int, Judgement]:
    """Judgements by student id, of those with enough recent scores, an expected growth and fourteen others to compare with.

    Of those with the chance that the rule asks for, as many are flagged as keep the expected share of wrong flags; "act"
    are those who are as likely below a share of what is expected. Where lower is better, all is mirrored.
    """
    sign = 1 if measure.higher_is_better else -1
    rows = trends[trends["measure_id"] == measure.pk].reset_index(drop=True)
    expected = sign * rows["expected_slope"].astype(float)
    far = expected - (1 - cut_points["share"] / 100) * expected.abs()
    scores = known.scores[known.scores["measure_id"] == measure.pk]
    found = growth_chances(
        rows.assign(slope=sign * rows["slope"].astype(float)),
        pd.DataFrame({"below": expected, "far": far}),
        correlation=error_correlation(scores.rename(columns={"student_id": "series"})),
    )
    found = found.assign(student=rows["student_id"], n=rows["n"], far_line=far, expected=expected)
    is_long = rows["last_on"] - rows["first_on"] >= 7 * cut_points["min_weeks"]
    is_recent = known.until - rows["last_on"] <= RECENT_SCORE
    is_judged = is_long & is_recent & (rows["n"] >= cut_points["min_scores"]) & found["below"].notna()
    found = found[is_judged & (found["status"] == OK)]
    least, wrong = cut_points["chance"] / 100, cut_points["wrong"] / 100
    watch, act = (
        flag_by_chance(found[name].to_numpy(), least=least, wrong=wrong) for name in ("below", "far")
    )
    severities = np.select([act, watch], [Severity.ACT, Severity.WATCH], NOTHING).tolist()
    return {
        int(row["student"]): Judgement(
            measure.domain,
            severity,
            row["below"] <= EVEN,
            _evidence(row, sign),
            int(Severity.ACT if row["far"] > EVEN else NOTHING),
        )
        for row, severity in zip(found.to_dict("records"), severities, strict=True)
    }


def _evidence(row: dict[str, Any], sign: int) -> dict[str, Any]:
    """The figures of the sentence, in the measure's own direction."""
    low, high = sorted([sign * row["low"], sign * row["high"]])
    figures = {
        "slope": sign * row["slope"],
        "low": low,
        "high": high,
        "expected": sign * row["expected"],
        "chance": row["below"],
        "far": sign * row["far_line"],
        "chance_far": row["far"],
    }
    return {"n": int(row["n"])} | {name: round(value, DIGITS) for name, value in figures.items()}
