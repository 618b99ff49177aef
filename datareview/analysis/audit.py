"""Audit whether a risk score treats groups alike. Group membership audits a score and never enters one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from datareview.analysis.door import Paired, door
from datareview.analysis.flagquality import rank_quality
from datareview.analysis.inputs import Key, Number
from datareview.analysis.schema import INSUFFICIENT, OK

MIN_AUDIT, MIN_AUDIT_EVENTS = 100, 10
HIGH_FLAG_RATIO, LOW_FOUND_RATIO = 1.5, 0.8


@door(
    Paired("score", "outcome", "group", "probability"),
    score=Number(),
    outcome=Number(0, 1),
    group=Key(is_optional=True),
    threshold=Number(needed=True),
    probability=Number(0, 1),
)
def audit_score(
    score: np.ndarray,
    outcome: np.ndarray,
    group: np.ndarray,
    *,
    threshold: float,
    probability: np.ndarray | None = None,
) -> pd.DataFrame:
    """Audit a risk score by group. A notice for people to judge, never a reason for thresholds by group.

    Parameters
    ----------
    score, outcome : array
        As for `flagquality.rank_quality`.
    group : array
        Group of each student; missing ones are left out.
    threshold : float
        Students at or above it are flagged.
    probability : array, optional
        The score as a predicted probability, for calibration in the large.

    Returns
    -------
    DataFrame
        By group: ``status``, ``n``, ``positives``, ``flag_rate``, ``found`` (share flagged of those with the
        outcome), ``false_alarms`` (of those without), ``precision``, ``auc``, ``said_less_seen``,
        ``flag_ratio`` and ``found_ratio`` (against all other students; missing if those are too few, or none
        of them is flagged), ``notice``: "flagged more" if the flag ratio is over 1.5 (or no one else is
        flagged), "found less" if the found ratio is under 0.8. "insufficient_data" with fewer than 100 students or
        10 with the outcome.

    Notes
    -----
    flag_ratio = flag rate of the group / flag rate of all others; found_ratio is the same for sensitivities;
    said_less_seen = mean (probability - outcome). Ratios are not rounded before the comparison. If base rates differ,
    rates cannot be equal in all three ways at once (Chouldechova 2017): people must judge what a notice means.

    References
    ----------
    Hardt, Price & Srebro (2016), NeurIPS 29 (rates by group); 29 CFR 1607.4 D (four fifths); Chouldechova (2017),
    Big Data 5, 153.
    """
    frame = pd.DataFrame(
        {
            "score": np.asarray(score, np.float64),
            "y": np.asarray(outcome, np.float64),
            "group": np.asarray(group, object),
            "said": np.nan if probability is None else np.asarray(probability, np.float64),
        }
    ).dropna(subset=["score", "y", "group"])
    frame["flagged"] = (frame["score"] >= threshold).astype(float)
    names = sorted(pd.Series(np.asarray(group, object)).dropna().unique(), key=str)
    rows = {name: _audit_one(frame, (frame["group"] == name).to_numpy()) for name in names}
    return pd.DataFrame.from_dict(rows, orient="index")


def _audit_one(frame: pd.DataFrame, inside: np.ndarray) -> dict[str, object]:
    own, others = frame[inside], frame[~inside]
    n, positives = len(own), int(own["y"].sum())
    row: dict[str, object] = {"status": INSUFFICIENT, "n": n, "positives": positives}
    empty = (
        "flag_rate",
        "found",
        "false_alarms",
        "precision",
        "auc",
        "said_less_seen",
        "flag_ratio",
        "found_ratio",
    )
    row |= dict.fromkeys(empty, np.nan) | {"notice": ""}
    if n < MIN_AUDIT or positives < MIN_AUDIT_EVENTS:
        return row
    rates, other = _rates(own), _rates(others)
    auc = rank_quality(own["score"].to_numpy(), own["y"].to_numpy()).auc
    row |= {"status": OK, **rates, "auc": _missing(auc)}
    row["said_less_seen"] = float((own["said"] - own["y"]).mean())
    if len(others) < MIN_AUDIT or others["y"].sum() < MIN_AUDIT_EVENTS:
        return row
    flag_ratio = rates["flag_rate"] / other["flag_rate"] if other["flag_rate"] else np.nan
    found_ratio = rates["found"] / other["found"] if other["found"] else np.nan
    # Multiplied out, so that it also catches a group when no one else is flagged.
    notices = {
        "flagged more": rates["flag_rate"] > HIGH_FLAG_RATIO * other["flag_rate"],
        "found less": rates["found"] < LOW_FOUND_RATIO * other["found"],
    }
    words = [word for word, holds in notices.items() if holds]
    return row | {"flag_ratio": flag_ratio, "found_ratio": found_ratio, "notice": ", ".join(words)}


def _rates(part: pd.DataFrame) -> dict[str, float]:
    with np.errstate(invalid="ignore"):
        flagged, y = part["flagged"].to_numpy(), part["y"].to_numpy()
        shares = {"found": flagged[y > 0], "false_alarms": flagged[y <= 0], "precision": y[flagged > 0]}
    found = {name: float(values.mean()) if len(values) else np.nan for name, values in shares.items()}
    return {"flag_rate": float(flagged.mean()) if len(flagged) else np.nan, **found}


def _missing(value: float | None) -> float:
    return np.nan if value is None else value
