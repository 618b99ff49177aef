"""How many flags to expect and how many were right, as counts a team can weigh against its time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from datareview.analysis.door import Columns, door
from datareview.analysis.equity import wilson_interval
from datareview.analysis.inputs import AS_IS, Count, Key, Level, Truth
from datareview.analysis.schema import INSUFFICIENT, OK

MIN_FLAGS = 10  # flags with a known outcome needed to show a precision
CONFIRMED, FALSE_ALARM = "confirmed", "false_alarm"


@dataclass(frozen=True, slots=True)
class Expected:
    """How many of the ``k`` students served are expected to have the outcome, and the threshold that selects them."""

    status: str
    k: int
    n: int
    true_flags: float | None = None
    low: float | None = None
    high: float | None = None
    threshold: float | None = None


@door(
    flags=Columns(
        indicator=Key(),
        outcome=AS_IS,
        is_helped=Truth(),
        maybe={"is_improved": Truth(is_optional=True), "is_override": Truth(is_optional=True), "term": Key()},
    ),
    level=Level(),
    min_flags=Count(),
)
def flag_precision(flags: pd.DataFrame, *, level: float = 0.95, min_flags: int = MIN_FLAGS) -> pd.DataFrame:
    """Precision of each indicator's flags, with and without the students who got help.

    Parameters
    ----------
    flags : DataFrame
        One row per flag: ``indicator``, ``outcome`` ("confirmed", "false_alarm", or missing while unknown),
        ``is_helped`` (whether something was done about it) and optionally ``is_improved``, ``is_override`` (someone
        decided the outcome against the data) and ``term`` to split by.
    level : float
        Confidence level of the intervals, 0 to 1.
    min_flags : int
        Known outcomes needed to show a precision.

    Returns
    -------
    DataFrame
        By indicator (and term, where there is one): ``status``, ``flags``, ``known``, ``confirmed``, ``helped``,
        ``improved`` (of those helped), ``overrides``, ``precision`` with ``low`` and ``high`` of all known
        outcomes, and ``untouched``, ``untouched_precision``, ``untouched_low``, ``untouched_high`` of students who
        got no help.

    Notes
    -----
    precision = confirmed / known, with Wilson's interval. Help that works makes a true flag look like a false
    alarm: read both columns, and do not fit a scorecard to the first alone. Overrides are also counted separately,
    because they are a judgment rather than an outcome; they are included in ``known``.

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
    """Share with lower and upper limit; missing where there are too few."""
    found = [
        (case / n, *wilson_interval(int(case), int(n), level=level))
        if n >= max(min_flags, 1)
        else (np.nan,) * 3
        for case, n in zip(out[hits], out[of], strict=True)
    ]
    out[list(names)] = np.array(found, float).reshape(-1, 3)
    return out
