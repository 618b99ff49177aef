"""What the wrong options of a multiple-choice item do: who chooses them, and whether the key is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from datareview.analysis.items import MIN_DIFFICULTY, MIN_STABLE, top_weights
from datareview.analysis.schema import INSUFFICIENT, NOT_CALCULATED, OK, ZERO_VARIANCE

if TYPE_CHECKING:
    from collections.abc import Sequence

NOT_WORKING = 0.05  # of the students: a distractor that fewer choose does nothing
BLANK = ""
CONVENTIONS = ("plain", "attali_fraenkel")


def distractor_table(
    choices: pd.DataFrame,
    key: pd.Series,
    *,
    options: Sequence[str] | None = None,
    convention: str = "plain",
) -> pd.DataFrame:
    """Who chose each option of each item, and what is odd about it.

    Parameters
    ----------
    choices : DataFrame
        A row a student who sat the test, a column an item: the label of the option chosen, missing or "" for
        a blank. Leave absent students out.
    key : Series
        Label of the right option by item; indexed like the columns. An item without one counts for nothing.
    options : sequence of str, optional
        Labels of all options on the paper, so that those that nobody chose are seen; by default every label
        that occurs in the test.
    convention : str
        "plain": choosing the option against everyone else. "attali_fraenkel": a distractor's choosers
        against those of the key only; the key against everyone else.

    Returns
    -------
    DataFrame
        Indexed by ``item`` and ``option`` (with "" for blanks): ``status``, ``is_key``, ``n``, ``share``
        (of all students, 0 to 1), ``mean_rest`` (points on the other items), ``r`` (point-biserial of
        choosing it with the rest), ``top_share`` (of the third with the highest rest, ties by their share),
        ``not_working`` (a distractor under 5 %), ``is_suspicious`` (a distractor with r above 0, or chosen
        more than the key by the top third: wrong key or two right answers), ``review_first`` (on every row of
        an item whose key has a lower r than one of its distractors), ``is_stable`` (30 students or more).
        Under 10 students, and where an item has no key ("not_calculated"), only ``n`` and no flag.

    Notes
    -----
    r = (mean rest of choosers - mean of all) / SD sqrt(p / (1 - p)), SD with n. Attali and Fraenkel: the
    same within the choosers of the option and of the key, who are easier to tell from one another. Points
    are 1 for the key, 0 otherwise. With 10 to 29 students show it greyed: by chance alone about every second
    distractor without any pull has an r above 0.

    References
    ----------
    Attali & Fraenkel (2000), J. Educ. Meas. 37, 77; Haladyna & Downing (1993), Educ. Psych. Meas. 53, 999 (5 %).
    """
    n, k = choices.shape
    codes, values = pd.factorize(choices.to_numpy(object).ravel(), use_na_sentinel=False)
    seen = [_label(one) for one in values]
    right = [_label(one) for one in key.reindex(choices.columns)]
    names = np.array([*sorted({*seen, *right, *map(_label, options or ())} - {BLANK}), BLANK], object)
    at = {name: place for place, name in enumerate(names)}
    picked = np.array([at[one] for one in seen], np.int64)[codes].reshape(n, k)
    key_at = np.array([at[one] for one in right], np.int64)
    has_key = np.array([name != BLANK for name in right], bool)
    correct = ((picked == key_at) & has_key).astype(np.float64)
    rest = correct.sum(axis=1)[:, None] - correct
    # Students by items by options: whether it was chosen.
    chosen = picked[:, :, None] == np.arange(len(names))
    is_key = (key_at[:, None] == np.arange(len(names))) & has_key[:, None]
    enough = n >= MIN_DIFFICULTY
    shown = has_key & enough
    columns = _columns(chosen, rest, is_key, convention) if enough else {}
    index = pd.MultiIndex.from_product([choices.columns, names], names=["item", "option"])
    out = pd.DataFrame(index=index)
    varies = np.ptp(rest, axis=0) > 0 if n else np.zeros(k, bool)
    status = np.where(has_key, np.where(varies, OK, ZERO_VARIANCE), NOT_CALCULATED)
    status = status if enough else np.full(k, INSUFFICIENT)
    out["status"] = np.repeat(status, len(names))
    out["is_key"], out["n"] = is_key.ravel(), chosen.sum(axis=0).ravel()
    for name in ("share", "mean_rest", "r", "top_share"):
        out[name] = np.where(shown[:, None], columns[name], np.nan).ravel() if enough else np.nan
    for name in ("not_working", "is_suspicious", "review_first"):
        out[name] = (shown[:, None] & columns[name]).ravel() if enough else False
    out["is_stable"] = n >= MIN_STABLE
    return out


def _label(value: object) -> str:
    """Text of a label: 2.0 is "2", as a column of numbers with a blank in it says; a missing one is a blank."""
    if value is None or value != value or value is pd.NA:  # noqa: PLR0124 NaN alone differs from itself
        return BLANK
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _columns(
    chosen: np.ndarray, rest: np.ndarray, is_key: np.ndarray, convention: str
) -> dict[str, np.ndarray]:
    """Shares, means, correlations and flags, items by options."""
    students, _items, options = chosen.shape
    count = chosen.sum(axis=0)
    sums = np.einsum("nko,nk->ko", chosen, rest)
    share = count / students
    with np.errstate(invalid="ignore"):
        mean = sums / np.where(count > 0, count, np.nan)
    plain = _point_biserial(count, sums, students, rest.sum(axis=0)[:, None], (rest**2).sum(axis=0)[:, None])
    r = plain
    if convention == "attali_fraenkel":
        squares = np.einsum("nko,nk->ko", chosen, rest**2)
        of_key = [(part * is_key).sum(axis=1, keepdims=True) for part in (count, sums, squares)]
        with_key = _point_biserial(count, sums, count + of_key[0], sums + of_key[1], squares + of_key[2])
        r = np.where(is_key, plain, with_key)
    third = max(round(students / 3), 1)
    top = np.einsum("nko,nk->ko", chosen, top_weights(rest, third)) / third
    blank = np.arange(options) == options - 1
    wrong = ~is_key & ~blank
    key_top = (top * is_key).sum(axis=1, keepdims=True)
    key_r = np.where(is_key, r, -np.inf).max(axis=1, keepdims=True)
    above = np.where(np.isnan(r), -np.inf, r)
    review = (wrong & (above > key_r)).any(axis=1, keepdims=True) & np.isfinite(key_r)
    return {
        "share": share,
        "mean_rest": mean,
        "r": r,
        "top_share": top,
        "not_working": wrong & (share < NOT_WORKING),
        "is_suspicious": wrong & ((above > 0) | (top > key_top + 1e-12)),
        "review_first": np.broadcast_to(review, share.shape),
    }


def _point_biserial(
    count: np.ndarray, sums: np.ndarray, n: np.ndarray | int, total: np.ndarray, squares: np.ndarray
) -> np.ndarray:
    """Correlate a choice with a score from sums over choosers and over everyone; missing where it cannot vary."""
    n = np.asarray(n, np.float64)
    both = n * squares - total**2  # n² times the variance of the score
    of_choice = count * (n - count)
    fits = (both > 1e-9 * np.maximum(n * squares, 1)) & (of_choice > 0)
    scale = np.sqrt(np.where(fits, both * of_choice, 1.0))
    return np.where(fits, np.clip((n * sums - count * total) / scale, -1.0, 1.0), np.nan)
