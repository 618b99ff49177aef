"""The indicators of a scorecard asked of each student, and the points and severity they give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from datareview.analysis.rulekinds import Conditions, judge_conditions
from datareview.analysis.schema import OK
from datareview.analysis.scorecard import scorecard_from_json
from datareview.flags.conditions import column_of, condition_code, conditions_in
from datareview.flags.models import Severity
from datareview.flags.queries.flags import NOTHING, Judgement
from datareview.judgements.kernel_conditions import errors_of, kernel_indicator

if TYPE_CHECKING:
    from datareview.trends.frames.scope import ScopeData


def indicators_of(settings: dict[str, Any], known: ScopeData, table: pd.DataFrame) -> pd.DataFrame:
    """By student and the code of each indicator: 1 if it applies, 0 if not, missing if that is unknown."""
    errors = errors_of(known)
    columns = {}
    for condition in conditions_in(settings):
        found = judge_conditions(table, Conditions((kernel_indicator("0", condition, errors),)))
        columns[condition_code(condition)] = np.where(
            found["status"] == OK, found["holds"].astype(float), np.nan
        )
    return pd.DataFrame(columns, index=table.index)


def judge_scorecard(settings: dict[str, Any], known: ScopeData, table: pd.DataFrame) -> dict[int, Judgement]:
    """Judge the points of each student by ``table``, the figures that the indicators compare.

    Who has no figure at all is not judged; one that is missing gives no points.
    """
    indicators = indicators_of(settings, known, table)
    card = scorecard_from_json(settings["card"])
    names = known.measures.set_index("key")["name"].to_dict()
    conditions = {condition_code(one): one for one in conditions_in(settings)}
    figures = {code: table[column_of(one)].tolist() for code, one in conditions.items()}
    judged = {}
    rows = zip(table.index.tolist(), card.total(indicators).tolist(), indicators.to_numpy(), strict=True)
    for place, (student, total, values) in enumerate(rows):
        if np.isnan(values).all():
            judged[student] = Judgement(settings["domain"], NOTHING, is_clear=False, evidence={})
            continue
        given = card.explain(pd.Series(values, index=indicators.columns))
        parts = [
            {
                **conditions[code],
                "measure": names.get(conditions[code]["measure"], ""),
                "value": figures[code][place],
                "points": points,
            }
            for code, points in given
        ]
        severity = (
            Severity.ACT
            if total >= settings["act"]
            else Severity.WATCH
            if total >= settings["watch"]
            else NOTHING
        )
        band = next((one for one in reversed(card.bands) if one.low <= total), None)
        evidence = {"points": total, "parts": parts, "rate": band and round(band.events / band.n, 6)}
        if band:
            evidence |= {"rate_low": round(band.rate_low, 6), "rate_high": round(band.rate_high, 6)}
        judged[student] = Judgement(settings["domain"], int(severity), total < settings["watch"], evidence)
    return judged
