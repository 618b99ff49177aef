"""When a flag opens and closes: a pure function of its evaluations, so that values at a cut do not flap."""

from __future__ import annotations

import numpy as np
import pandas as pd

APART = 7  # days between two evaluations that count as two
REOPENS = 30  # days after closing within which a flag is the same one again
SEVERE = 3


def flag_history(
    evaluations: pd.DataFrame, *, apart: int = APART, severe: int = SEVERE, reopens: int = REOPENS
) -> pd.DataFrame:
    """Follow every flag through its evaluations.

    Parameters
    ----------
    evaluations : DataFrame
        ``key`` (student, indicator, school year and rule version together), ``day`` (ordinal), ``severity`` (0:
        the rule does not hold) and ``is_clear`` (the value is past the margin at which the flag may close).
        One row a key and day, any order; a day on which nothing could be judged has no row.
    apart : int
        Least days between the two evaluations that open or close a flag.
    severe : int
        Severity from which one evaluation opens it.
    reopens : int
        Days after closing within which holding again reopens the same flag.

    Returns
    -------
    DataFrame
        The evaluations in order of key and day with ``state`` ("none", "pending", "open", "closed"),
        ``event`` ("opened", "closed", "reopened" or ""), ``number`` (of the flag of this key; 0 before the
        first) after each.

    Notes
    -----
    Opens when the rule held at the evaluation before and at one at least ``apart`` days after the first sighting
    without a clear one between, or at once when severe. Closes when cleared past the margin at two evaluations at
    least ``apart`` days apart with no holding between. Holding without severity keeps an open flag open; neither
    holding nor clear changes nothing but ends a first sighting. Works day by day over all keys at once.
    """
    rows = evaluations.sort_values(["key", "day"], kind="stable").reset_index(drop=True)
    codes, keys = pd.factorize(rows["key"])
    day = rows["day"].to_numpy(np.int64)
    holds = rows["severity"].to_numpy(np.int64)
    clear = rows["is_clear"].to_numpy(bool) & (holds == 0)
    nth = rows.groupby(codes).cumcount().to_numpy()
    size, never = len(keys), np.iinfo(np.int64).min // 2
    is_open, number = np.zeros(size, bool), np.zeros(size, np.int64)
    seen, cleared, closed = (np.full(size, never) for _ in range(3))
    state, event = np.full(len(rows), "none", object), np.full(len(rows), "", object)
    numbers = np.zeros(len(rows), np.int64)
    for step in range(int(nth.max(initial=-1)) + 1):
        at = np.flatnonzero(nth == step)
        who, today = codes[at], day[at]
        held, free = holds[at] > 0, clear[at]
        seen[who] = np.where(held, np.where(seen[who] == never, today, seen[who]), never)
        cleared[who] = np.where(free, np.where(cleared[who] == never, today, cleared[who]), never)
        cleared[who[held]] = never
        twice = held & (today - seen[who] >= apart)
        opens = ~is_open[who] & (twice | (holds[at] >= severe))
        again = opens & (today - closed[who] <= reopens) & (closed[who] != never)
        closes = is_open[who] & free & (today - cleared[who] >= apart)
        number[who] += opens & ~again
        is_open[who] = (is_open[who] | opens) & ~closes
        closed[who] = np.where(closes, today, closed[who])
        event[at] = np.select([again, opens, closes], ["reopened", "opened", "closed"], "")
        state[at] = np.select(
            [is_open[who], held, closed[who] != never], ["open", "pending", "closed"], "none"
        )
        numbers[at] = number[who]
    return rows.assign(state=state, event=event, number=numbers)
