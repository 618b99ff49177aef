"""Distractor analysis of multiple-choice items: who chooses each option, and whether the key is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from datareview.analysis.door import Columns, door
from datareview.analysis.inputs import AS_IS
from datareview.analysis.items import MIN_DIFFICULTY, MIN_STABLE, top_weights
from datareview.analysis.schema import INSUFFICIENT, NOT_CALCULATED, OK, ZERO_VARIANCE

if TYPE_CHECKING:
    from collections.abc import Sequence

NOT_WORKING = 0.05  # share of students below which a distractor is not working
BLANK = ""


@door(choices=Columns(), key=AS_IS, options=AS_IS, convention=AS_IS)
def distractor_table(
    choices: pd.DataFrame,
    key: pd.Series,
    *,
    options: Sequence[str] | None = None,
    convention: str = "plain",
) -> pd.DataFrame:
    """Statistics of every option of every item, with warnings about distractors and keys.

    Parameters
    ----------
    choices : DataFrame
        One row per student who took the test, one column per item: the label of the chosen option, missing or ""
        for a blank. Leave out absent students.
    key : Series
        Label of the right option by item; indexed like the columns. An item without one is not scored.
    options : sequence of str, optional
        Labels of all options on the paper, so that options no one chose are listed too; by default every label
        that occurs in the test.
    convention : str
        "plain": those who chose the option against everyone else. "attali_fraenkel": those who chose a distractor
        against those who chose the key; for the key, against everyone else.

    Returns
    -------
    DataFrame
        Indexed by ``item`` and ``option`` ("" for blanks): ``status``, ``is_key``, ``n``, ``share`` (of all
        students, 0 to 1), ``mean_rest`` (points on the other items), ``r`` (point-biserial correlation of choosing
        it with the rest score), ``top_share`` (share among the third with the highest rest score; tied students
        count fractionally), ``not_working`` (a distractor under 5 %), ``is_suspicious`` (a distractor with r above
        0, or chosen more often than the key by the top third: wrong key or two right answers), ``review_first``
        (on every row of an item whose key has a lower r than one of its distractors), ``is_stable`` (30 students
        or more). With fewer than 10 students, or no key ("not_calculated"), only ``n`` and no warnings.

    Notes
    -----
    r = (mean rest of choosers - mean of all) / SD sqrt(p / (1 - p)), SD with n. Attali and Fraenkel: the
    same within those who chose the option or the key, which separates the two better. Points are 1 for the key, 0
    otherwise. Gray it out with 10 to 29 students: by chance alone about half of the distractors that attract no
    one in particular have an r above 0.

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
    # Shape (students, items, options): whether the student chose the option.
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
    """Text of a label: 2.0 becomes "2" (pandas turns numbers beside a blank into floats); missing becomes ""."""
    if value is None or value != value or value is pd.NA:  # noqa: PLR0124 NaN alone differs from itself
        return BLANK
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _columns(
    chosen: np.ndarray, rest: np.ndarray, is_key: np.ndarray, convention: str
) -> dict[str, np.ndarray]:
    """Shares, means, correlations and warnings, each of shape (items, options)."""
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
    """Point-biserial correlation from sums over choosers and over everyone; missing where nothing varies."""
    n = np.asarray(n, np.float64)
    both = n * squares - total**2  # n² times the variance of the score
    of_choice = count * (n - count)
    fits = (both > 1e-9 * np.maximum(n * squares, 1)) & (of_choice > 0)
    scale = np.sqrt(np.where(fits, both * of_choice, 1.0))
    return np.where(fits, np.clip((n * sums - count * total) / scale, -1.0, 1.0), np.nan)
