"""Agreement of people who score the same pieces with one rubric: exact, adjacent, and beyond chance."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from datareview.analysis.door import Columns, door
from datareview.analysis.inputs import Count, Number
from datareview.analysis.schema import INSUFFICIENT, OK, ZERO_VARIANCE

if TYPE_CHECKING:
    import pandas as pd

MIN_PIECES = 5  # scored by the same two people; with fewer, kappa says nothing


@dataclass(frozen=True, slots=True)
class RaterAgreement:
    """How far scores agree.

    ``pairs`` counts two scores of one piece by two people. ``exact`` and ``adjacent`` (equal, or next to each other) are
    shares of the pairs, 0 to 1, None without pairs. ``kappa`` is the agreement beyond chance, at most 1, None unless
    ``status`` is "ok".
    """

    status: str
    pieces: int
    pairs: int
    exact: float | None
    adjacent: float | None
    kappa: float | None


@door(scores=Columns(rest=Number()), power=Count())
def rater_agreement(scores: pd.DataFrame, *, power: int = 2) -> RaterAgreement:
    """Agreement of people who scored the same pieces on an ordered scale.

    Parameters
    ----------
    scores : DataFrame
        One row per piece, one column per person: whole levels, missing where a person has not scored a piece.
    power : int
        What a difference of d levels counts: d to this power. 0 counts all differences alike (Cohen 1960).

    Returns
    -------
    RaterAgreement
        ``status`` is "insufficient_data" if no two people scored `MIN_PIECES` of the same pieces, and
        "undefined_zero_variance" if all their scores are equal.

    Notes
    -----
    With more than two people, kappa is the mean over the pairs of people (Light 1971). It is low where nearly all pieces
    are on one level, even if people agree: show the exact share first.

    References
    ----------
    Cohen (1960), Educ. Psychol. Meas. 20, 37; Cohen (1968), Psychol. Bull. 70, 213; Light (1971), Psychol. Bull. 76, 365.
    """
    values = scores.to_numpy(np.float64, na_value=np.nan)
    differences, kappas, is_enough = [], [], False
    for one, other in combinations(range(values.shape[1]), 2):
        both = np.isfinite(values[:, [one, other]]).all(axis=1)
        first, second = values[both, one], values[both, other]
        differences.append(np.abs(first - second))
        if len(first) >= MIN_PIECES:
            is_enough = True
            kappa = _kappa(first, second, power)
            if kappa is not None:
                kappas.append(kappa)
    gaps = np.concatenate(differences) if differences else np.array([])
    pieces = int((np.isfinite(values).sum(axis=1) >= 2).sum())
    return RaterAgreement(
        status=OK if kappas else ZERO_VARIANCE if is_enough else INSUFFICIENT,
        pieces=pieces,
        pairs=len(gaps),
        exact=float((gaps == 0).mean()) if len(gaps) else None,
        adjacent=float((gaps <= 1).mean()) if len(gaps) else None,
        kappa=float(np.mean(kappas)) if kappas else None,
    )


def _kappa(first: np.ndarray, second: np.ndarray, power: int) -> float | None:
    """Weighted kappa of two people; None if chance alone would make no difference."""
    expected = np.abs(first[:, None] - second[None, :])
    seen = np.abs(first - second)
    if power == 0:
        expected, seen = expected > 0, seen > 0
    chance = float((expected ** max(power, 1)).mean())
    return None if chance == 0 else 1 - float((seen ** max(power, 1)).mean()) / chance
