"""When a flag opens, rises, falls and closes: a pure function of its evaluations, so that values at a cut do not flap.

A key identifies one flag: student, indicator, school year and version of the rule (`flag_keys`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from datareview.analysis.door import Columns, door
from datareview.analysis.inputs import AS_IS, Count, Key, Ordinal, Truth, Whence

if TYPE_CHECKING:
    from collections.abc import Sequence

APART = 7  # days two evaluations must be apart to count as two
REOPENS = 30  # days after closing within which the same flag is reopened
SEVERE = 3
LONGEST_SNOOZE = 30  # days
IDENTITY = ("student", "indicator", "school_year", "version")
NEVER = np.iinfo(np.int64).min // 2


@door(rows=Columns(), identity=AS_IS)
def flag_keys(rows: pd.DataFrame, *, identity: Sequence[str] = IDENTITY) -> pd.Series:
    r"""Make one deterministic key per flag, fit for a unique constraint.

    Parameters
    ----------
    rows : DataFrame
        The columns of ``identity``.
    identity : sequence of str
        Columns that are equal in all evaluations of one flag.

    Returns
    -------
    Series
        Text, with the index of ``rows``.

    Notes
    -----
    key = the values joined by "|", with "|" and "\" in a value escaped, so that no two identities share a key.
    """
    keys = pd.Series("", index=rows.index)
    for place, name in enumerate(identity):
        text = (
            _read_key(rows, name)
            .astype(str)
            .str.replace("\\", r"\\", regex=False)
            .str.replace("|", r"\|", regex=False)
        )
        keys = text if place == 0 else keys + "|" + text
    return keys


def _read_key(rows: pd.DataFrame, name: str) -> pd.Series:
    return pd.Series(Key().read(rows[name], Whence("rows", name, rows.index)), rows.index)


@door(
    evaluations=Columns(
        key=Key(), day=Ordinal(), severity=Count(), is_clear=Truth(), maybe={"keeps": Count()}
    ),
    apart=Count(),
    severe=Count(),
    reopens=Count(),
)
def flag_history(
    evaluations: pd.DataFrame, *, apart: int = APART, severe: int = SEVERE, reopens: int = REOPENS
) -> pd.DataFrame:
    """Follow every flag through its evaluations.

    Parameters
    ----------
    evaluations : DataFrame
        ``key``, ``day`` (ordinal), ``severity`` (0, the rule does not apply, to 3) and ``is_clear`` (the value is
        past the margin at which the flag may close); optionally ``keeps`` (the severity an open flag would keep
        because of the margins, see `indicators.judge_indicator`). Any order. Days on which nothing could be judged
        have no row; if a key has several rows on one day, the most severe counts.
    apart : int
        Minimum number of days between the two evaluations that open, raise, lower or close a flag.
    severe : int
        Severity at which a single evaluation opens or raises the flag.
    reopens : int
        Days after closing within which the same flag is reopened.

    Returns
    -------
    DataFrame
        One row per key and day, in that order, with ``state`` ("none", "pending", "open", "closed"), ``level`` (the
        severity of the open flag, 0 if none is open), ``event`` ("opened", "reopened", "raised", "lowered",
        "closed" or "") and ``number`` (counting the flags of this key; 0 before the first) after each evaluation.

    Notes
    -----
    Level L is reached if every evaluation since one at least ``apart`` days ago was of severity L or more, or at
    once if this one is ``severe`` or more. It is left if every evaluation since one at least ``apart`` days ago
    would not keep it. Opening is reaching level 1, closing is leaving it. So it takes two consecutive evaluations a
    week apart to make a change, and only a severe one can reverse it within a week. An evaluation that neither
    applies nor is clear keeps an open flag open and ends a pending one.
    Works evaluation by evaluation over all keys at once. Depends on the evaluations only: a repeated or late run
    gives the same history.

    References
    ----------
    None: a convention of the product. Flags open late by design; use ``severe`` for what cannot wait a week.
    """
    rows = _one_a_day(evaluations)
    codes, keys = pd.factorize(rows["key"])
    day, severity, keeps = (rows[name].to_numpy(np.int64) for name in ("day", "severity", "keeps"))
    nth = rows.groupby(codes).cumcount().to_numpy()
    levels = np.arange(1, SEVERE + 1)
    size = len(keys)
    level, number, closed = np.zeros(size, np.int64), np.zeros(size, np.int64), np.full(size, NEVER)
    since, under = (np.full((size, SEVERE), NEVER) for _ in range(2))
    names = ("state", "event")
    out = {name: np.full(len(rows), "", object) for name in names}
    out |= {name: np.zeros(len(rows), np.int64) for name in ("level", "number")}
    for step in range(int(nth.max(initial=-1)) + 1):
        at = np.flatnonzero(nth == step)
        who, today, now, was = codes[at], day[at], severity[at], level[codes[at]]
        since[who] = _run(since[who], now[:, None] >= levels, today)
        under[who] = _run(under[who], keeps[at][:, None] < levels, today)
        reached = _lasted(since[who], today, apart).sum(axis=1)
        reached = np.where(now >= severe, np.maximum(reached, now), reached)
        left = _lasted(under[who], today, apart)
        # Levels are left from the top: the highest one not left yet remains.
        stays = np.where(left, 0, levels).max(axis=1, initial=0)
        after = np.maximum(np.minimum(was, stays), reached)
        opens, closes = (was == 0) & (after > 0), (was > 0) & (after == 0)
        again = opens & (closed[who] != NEVER) & (today - closed[who] <= reopens)
        number[who] += opens & ~again
        closed[who] = np.where(closes, today, closed[who])
        level[who] = after
        changes = [again, opens, closes, after > was, after < was]
        out["event"][at] = np.select(changes, ["reopened", "opened", "closed", "raised", "lowered"], "")
        states = [after > 0, now > 0, closed[who] != NEVER]
        out["state"][at] = np.select(states, ["open", "pending", "closed"], "none")
        out["level"][at], out["number"][at] = after, number[who]
    return rows.assign(**{name: out[name] for name in ("state", "level", "event", "number")})


def _one_a_day(evaluations: pd.DataFrame) -> pd.DataFrame:
    """Sort by key and day, make ``keeps`` and ``is_clear`` consistent, and keep the most severe row of a day."""
    holds = evaluations["severity"].to_numpy(np.int64)
    clear = evaluations["is_clear"].to_numpy(bool) & (holds == 0)
    kept = evaluations["keeps"].to_numpy(np.int64) if "keeps" in evaluations else holds
    keeps = np.where(clear, 0, np.maximum(np.maximum(kept, holds), 1))
    rows = evaluations.assign(severity=holds, is_clear=clear, keeps=keeps)
    rows = rows.sort_values(["key", "day", "severity", "keeps"], kind="stable")
    return rows.drop_duplicates(["key", "day"], keep="last").reset_index(drop=True)


def _run(first: np.ndarray, holds: np.ndarray, today: np.ndarray) -> np.ndarray:
    """Day on which the current run of evaluations began; `NEVER` if there is none."""
    return np.where(holds, np.where(first == NEVER, today[:, None], first), NEVER)


def _lasted(first: np.ndarray, today: np.ndarray, apart: int) -> np.ndarray:
    return np.asarray((first != NEVER) & (today[:, None] - first >= apart))


@door(
    history=Columns(key=Key(), day=Ordinal(), state=AS_IS, event=AS_IS),
    snoozes=Columns(key=Key(), day=Ordinal(), until=Ordinal()),
    longest=Count(),
)
def snoozed(history: pd.DataFrame, snoozes: pd.DataFrame, *, longest: int = LONGEST_SNOOZE) -> pd.Series:
    """Mark the rows of a history on which the flag is snoozed.

    Parameters
    ----------
    history : DataFrame
        From `flag_history`.
    snoozes : DataFrame
        ``key``, ``day`` on which the flag was snoozed and ``until`` (ordinals, both included).
    longest : int
        Days after which a longer snooze ends.

    Returns
    -------
    Series of bool
        With the index of ``history``. The flag itself stays open and is still evaluated.

    Notes
    -----
    A snooze ends early if the flag is raised, or closes and opens again: only the milder flag was snoozed. Of two
    snoozes the later one counts. Requiring a reason is up to the caller.

    References
    ----------
    None: a convention of the product.
    """
    if snoozes.empty or history.empty:
        return pd.Series(data=False, index=history.index)
    codes = pd.factorize(pd.concat([history["key"], snoozes["key"]], ignore_index=True))[0]
    rows = pd.DataFrame({"code": codes[: len(history)], "day": history["day"].to_numpy(np.int64)})
    begins = snoozes["day"].to_numpy(np.int64)
    ends = np.minimum(snoozes["until"].to_numpy(np.int64), begins + longest)
    asked = pd.DataFrame({"code": codes[len(history) :], "day": begins, "begins": begins, "ends": ends})
    news = history["event"].isin(["opened", "reopened", "raised"]).to_numpy()
    rows["news"] = rows["day"].where(news).groupby(rows["code"]).cummax().groupby(rows["code"]).ffill()
    found = pd.merge_asof(
        rows.assign(place=np.arange(len(rows))).sort_values("day", kind="stable"),
        asked.sort_values(["day", "ends"], kind="stable"),
        on="day",
        by="code",
    ).sort_values("place")
    is_open = (history["state"] == "open").to_numpy()
    within = (found["day"] <= found["ends"]) & (found["news"].fillna(NEVER) <= found["begins"])
    return pd.Series(is_open & within.to_numpy(bool), index=history.index)
