"""Validation that a score needs before anyone acts on it: how right it was for a later year.

Never on the rows it was fitted to, and never on rows picked at random from the same year: next year's students are
another cohort.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from datareview.analysis.door import Paired, door
from datareview.analysis.flagquality import (
    AtCapacity,
    AtThreshold,
    Ranking,
    at_capacity,
    at_threshold,
    rank_quality,
)
from datareview.analysis.inputs import AS_IS, Count, Number, Truth
from datareview.analysis.probability import Calibration, calibration
from datareview.analysis.schema import INSUFFICIENT, OK

if TYPE_CHECKING:
    from collections.abc import Sequence

NOT_VALIDATED = "not validated here"


@dataclass(frozen=True, slots=True)
class Validation:
    """How right a score was for students of a later year, with the cohort, the week and the outcome.

    ``status`` is "insufficient_data" with fewer than 50 students with or without the outcome: the figures are still
    given, and ``word`` says "not validated here". ``capacity`` holds the figures for the students a team can serve,
    ``threshold`` those for the score that selects them. ``untouched`` is the ranking without students who got help.
    """

    status: str
    word: str
    cohort: str
    as_of_week: int
    outcome: str
    learned: tuple[int, ...]
    tested: tuple[int, ...]
    n: int
    base_rate: float | None
    ranking: Ranking
    capacity: AtCapacity
    threshold: AtThreshold | None
    calibration: Calibration | None
    untouched: Ranking | None

    def to_json(self) -> dict[str, object]:
        """As plain data, for keeping."""
        return asdict(self)


@door(years=Count(), first_tested=Count())
def split_by_year(years: np.ndarray, *, first_tested: int) -> tuple[np.ndarray, np.ndarray]:
    """Split students into training years (before ``first_tested``) and test years (from it on).

    Parameters
    ----------
    years : array of int
        School year of each student.
    first_tested : int
        The first year held out.

    Returns
    -------
    (array of bool, array of bool)
        Masks of the training and of the test students.

    Raises
    ------
    ValueError
        If one of them is empty.

    Notes
    -----
    A student who repeats a grade is in both parts with different data, as will happen in use.

    References
    ----------
    Steyerberg & Harrell (2016), J. Clin. Epidemiol. 69, 245 (validation in time).
    """
    at = np.asarray(years)
    learn, test = at < first_tested, at >= first_tested
    if not learn.any() or not test.any():
        raise ValueError("A split by time needs students before and from the first year tested.")
    return learn, test


@door(
    Paired("score", "outcome", "probability", "is_helped"),
    score=Number(),
    outcome=Number(0, 1),
    capacity=Count(),
    learned=AS_IS,
    tested=AS_IS,
    as_of_week=Count(),
    cohort=AS_IS,
    outcome_name=AS_IS,
    probability=Number(),
    is_helped=Truth(),
)
def validate(
    score: np.ndarray,
    outcome: np.ndarray,
    *,
    capacity: int,
    learned: Sequence[int],
    tested: Sequence[int],
    as_of_week: int,
    cohort: str = "",
    outcome_name: str = "",
    probability: np.ndarray | None = None,
    is_helped: np.ndarray | None = None,
) -> Validation:
    """Validate a score against the outcomes of students of a later year.

    Parameters
    ----------
    score : array
        Points or another score of each student tested, as of ``as_of_week``; higher is more at risk.
    outcome : array
        0 or 1; missing if unknown.
    capacity : int
        Number of students a team can serve.
    learned, tested : sequence of int
        School years the score was fitted to (none for a preset) and years it is tested on.
    as_of_week : int
        Week of the school year, 0 or more, at which the score was made.
    cohort, outcome_name : str
        Who was tested and for what, in words.
    probability : array, optional
        The score as a predicted probability, 0 to 1.
    is_helped : array of bool, optional
        Whether each student got help because of a flag.

    Returns
    -------
    Validation
        Always with the base rate.

    Raises
    ------
    ValueError
        If a test year is not later than every training year.

    Notes
    -----
    Uses the figures of `flagquality`. Help that works makes a good score look bad: compare ``ranking`` with
    ``untouched``.

    References
    ----------
    Collins and others (2015), Ann. Intern. Med. 162, 55 (TRIPOD).
    """
    if not tested or (learned and min(tested) <= max(learned)):
        raise ValueError("A score is tested on later years than those that taught it.")
    ranking = rank_quality(score, outcome)
    at = at_capacity(score, outcome, capacity)
    rest = None
    if is_helped is not None:
        alone = ~np.asarray(is_helped, bool)
        rest = rank_quality(np.asarray(score)[alone], np.asarray(outcome)[alone])
    return Validation(
        status=OK if ranking.is_validated else INSUFFICIENT,
        word="" if ranking.is_validated else NOT_VALIDATED,
        cohort=cohort,
        as_of_week=as_of_week,
        outcome=outcome_name,
        learned=tuple(sorted(learned)),
        tested=tuple(sorted(tested)),
        n=ranking.n,
        base_rate=ranking.positives / ranking.n if ranking.n else None,
        ranking=ranking,
        capacity=at,
        threshold=None if at.threshold is None else at_threshold(score, outcome, at.threshold),
        calibration=None if probability is None else calibration(probability, outcome),
        untouched=rest,
    )
