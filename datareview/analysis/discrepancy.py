"""Dual discrepancy: students far below their peers in both level and growth."""

from __future__ import annotations

import numpy as np
import pandas as pd

from datareview.analysis.door import Columns, Paired, door
from datareview.analysis.inputs import AS_IS, Key, Number, Truth
from datareview.analysis.schema import INSUFFICIENT, OK, ZERO_VARIANCE

MIN_PEERS = 20
ROUNDING = 1e-9  # relative to the peers' mean: a smaller spread is rounding error


@door(
    Paired("fits", "group"),
    fits=Columns(status=AS_IS, level=Number(), slope=Number()),
    group=Key(is_optional=True),
    higher_is_better=Truth(),
    spread=Number(needed=True),
    percentile=Number(0, 100),
)
def dual_discrepancy(
    fits: pd.DataFrame,
    group: pd.Series,
    *,
    higher_is_better: bool = True,
    spread: float = 1.0,
    percentile: float | None = None,
) -> pd.DataFrame:
    """Find the students whose level and growth are both far below their peers'.

    Parameters
    ----------
    fits : DataFrame
        From `trends.fit_trends`: ``status``, ``level`` (the line on the last day), ``slope``.
    group : Series
        Peers: same grade, measure and window; same index. A series without a group has no peers.
    higher_is_better : bool
        If False, far above counts instead.
    spread : float
        Number of standard deviations below the peers' mean; 0.5, 1 and 1.5 are in use.
    percentile : float, optional
        Instead of ``spread``: at or below this percentile (25) of the peers in both.

    Returns
    -------
    DataFrame
        Same index: ``status``, ``is_discrepant``, ``level_gap`` and ``slope_gap`` (standard deviations from
        the peers' means, negative is worse), ``peers``. "insufficient_data" without a slope or with fewer
        than 20 peers: use published norms there. "undefined_zero_variance" if the peers do not differ at all.

    Notes
    -----
    gap = (x - mean of the peers) / SD of the peers, n - 1; a student is not their own peer.

    References
    ----------
    Fuchs & Fuchs (1998), Learn. Disabil. Res. Pract. 13, 204; Burns & Senesac (2005), J. Sch. Psych. 43, 393.
    """
    sign = 1.0 if higher_is_better else -1.0
    codes, _names = pd.factorize(group.to_numpy(), sort=True)
    usable = (fits["status"] == OK).to_numpy() & (codes >= 0)
    out = pd.DataFrame(index=fits.index)
    far = usable.copy()
    for name, column in (("level_gap", "level"), ("slope_gap", "slope")):
        x = sign * fits[column].to_numpy(np.float64)
        peers, mean, sd = _without_self(x, codes, usable)
        with np.errstate(divide="ignore", invalid="ignore"):
            # Peers who are all equal have a spread of rounding errors only.
            gap = np.where(sd > ROUNDING * np.abs(mean), (x - mean) / sd, np.nan)
        out[name] = gap
        far &= gap <= -spread if percentile is None else _share_under(x, codes, usable) <= percentile / 100.0
    enough = usable & (peers >= MIN_PEERS)
    alike = enough & out[["level_gap", "slope_gap"]].isna().any(axis=1).to_numpy()
    out["is_discrepant"] = enough & ~alike & far
    out.loc[~enough | alike, ["level_gap", "slope_gap"]] = np.nan
    out["peers"] = np.where(usable, peers, 0).astype(int)
    out.insert(0, "status", np.select([alike, enough], [ZERO_VARIANCE, OK], INSUFFICIENT))
    return out


def _without_self(
    x: np.ndarray, codes: np.ndarray, usable: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Size, mean and standard deviation of each one's group, leaving out the one itself."""
    size = max(int(codes.max(initial=-1)) + 1, 1)
    many = np.bincount(codes[usable], minlength=size)
    n = many[codes] - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        # Centered on the group's mean first, so that large values lose no digits.
        centre = (np.bincount(codes[usable], x[usable], minlength=size) / many)[codes]
        d = np.where(usable, x - centre, 0.0)
        total = np.bincount(codes[usable], d[usable], minlength=size)[codes] - d
        squares = np.bincount(codes[usable], d[usable] ** 2, minlength=size)[codes] - d**2
        mean = total / n
        sd = np.sqrt(np.maximum(squares - n * mean**2, 0.0) / (n - 1))
    return n, mean + centre, sd


def _share_under(x: np.ndarray, codes: np.ndarray, usable: np.ndarray) -> np.ndarray:
    """Share of the peers with a lower value, ties counting half; the one itself is left out."""
    frame = pd.Series(np.where(usable, x, np.nan))
    grouped = frame.groupby(codes)
    return ((grouped.rank(method="average") - 1.0) / (grouped.transform("count") - 1.0)).to_numpy()
