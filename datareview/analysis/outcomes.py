"""What flags are expected to be, and what became of them: counts that a team can hold against its time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from datareview.analysis.equity import wilson_interval
from datareview.analysis.schema import INSUFFICIENT, OK

MIN_FLAGS = 10  # flags with a known outcome before a precision is shown
CONFIRMED, FALSE_ALARM = "confirmed", "false_alarm"


@dataclass(frozen=True, slots=True)
class Expected:
    """Of the ``k`` students served, how many are expected to have the outcome, and the threshold that serves them."""

    status: str
    k: int
    n: int
    true_flags: float | None = None
    low: float | None = None
    high: float | None = None
    threshold: float | None = None


def expect_flags(probability: np.ndarray, k: int, *, level: float = 0.80) -> Expected:
    """What a team may expect of the ``k`` students most at risk: "of 30 flagged, expect about 25, 22 to 28".

    Parameters
    ----------
    probability : array
        0 to 1 of each student now, from rates that were validated; missing ones are left out.
    k : int
        Students the team can serve.
    level : float
        Of the interval of the count, 0 to 1.

    Returns
    -------
    Expected
        "insufficient_data" without students or capacity. ``threshold`` is the probability of the last one served.

    Notes
    -----
    Sum of the k greatest probabilities; its standard deviation sqrt(sum p(1-p)), the interval normal with a half
    added on either side, within 0 and k. The interval holds chance alone, not that this year may differ from
    those that taught the rates.

    References
    ----------
    Hong (2013), Comput. Stat. Data Anal. 59, 41 (sums of unlike yes-or-no outcomes, normal approximation).
    """
    p = np.asarray(probability, np.float64)
    p = np.sort(p[np.isfinite(p) & (p >= 0) & (p <= 1)])[::-1]
    served = p[: max(min(k, len(p)), 0)]
    if not len(served):
        return Expected(INSUFFICIENT, max(min(k, len(p)), 0), len(p))
    expected = float(served.sum())
    half = float(stats.norm.ppf(0.5 + level / 2) * np.sqrt((served * (1 - served)).sum()) + 0.5)
    low, high = max(expected - half, 0.0), min(expected + half, float(len(served)))
    return Expected(OK, len(served), len(p), expected, low, high, float(served[-1]))


def flag_precision(flags: pd.DataFrame, *, level: float = 0.95, min_flags: int = MIN_FLAGS) -> pd.DataFrame:
    """How often the flags of each indicator were right, with and without students who got help.

    Parameters
    ----------
    flags : DataFrame
        A row a flag: ``indicator``, ``outcome`` ("confirmed", "false_alarm", or missing while it is not known),
        ``is_helped`` (whether something was done about it) and optionally ``is_improved``, ``is_override`` (the
        outcome is somebody's word against the data) and further columns to split by: ``term``.
    level : float
        Of the intervals, 0 to 1.
    min_flags : int
        Known outcomes under which no precision is shown.

    Returns
    -------
    DataFrame
        By indicator (and term, where there is one): ``status``, ``flags``, ``known``, ``confirmed``, ``helped``,
        ``improved`` (of those helped), ``overrides``, ``precision`` with ``low`` and ``high`` of all known
        outcomes, and ``untouched``, ``untouched_precision``, ``untouched_low``, ``untouched_high`` of students who
        got no help.

    Notes
    -----
    precision = confirmed / known, with Wilson's interval. Help that works turns a true flag into what looks like a
    false alarm: read both columns, and teach no scorecard from the first alone. Overrides are counted apart
    because they are a judgement and not an outcome; they stay in ``known``.

    References
    ----------
    Wilson (1927), JASA 22, 209; Lenert, Matheny & Walsh (2019), JAMIA 26, 1645 (help that hides what was predicted).
    """
    split = ["indicator", "term"] if "term" in flags else ["indicator"]
    known = flags["outcome"].isin([CONFIRMED, FALSE_ALARM])
    confirmed = flags["outcome"] == CONFIRMED
    helped = flags["is_helped"].astype(bool)
    counts = flags[split].assign(
        flags=1,
        known=known,
        confirmed=confirmed,
        helped=helped,
        improved=_true(flags, "is_improved") & helped,
        overrides=_true(flags, "is_override") & known,
        untouched=known & ~helped,
        untouched_confirmed=confirmed & ~helped,
    )
    out = counts.groupby(split, sort=True).sum().astype(np.int64)
    out = _shares(out, "confirmed", "known", ("precision", "low", "high"), level, min_flags)
    names = ("untouched_precision", "untouched_low", "untouched_high")
    out = _shares(out, "untouched_confirmed", "untouched", names, level, min_flags)
    out.insert(0, "status", np.where(out["known"] >= min_flags, OK, INSUFFICIENT))
    return out


def _true(flags: pd.DataFrame, name: str) -> pd.Series:
    return (
        flags[name].fillna(value=False).astype(bool)
        if name in flags
        else pd.Series(data=False, index=flags.index)
    )


def _shares(
    out: pd.DataFrame, hits: str, of: str, names: tuple[str, str, str], level: float, min_flags: int
) -> pd.DataFrame:
    """Share, lower and upper end; missing where there are too few."""
    found = [
        (case / n, *wilson_interval(int(case), int(n), level=level))
        if n >= max(min_flags, 1)
        else (np.nan,) * 3
        for case, n in zip(out[hits], out[of], strict=True)
    ]
    out[list(names)] = np.array(found, float).reshape(-1, 3)
    return out
