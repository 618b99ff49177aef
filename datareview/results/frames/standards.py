"""Standards of an assessment: points by student, bands, and the share of students who have mastered each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from django.utils.translation import gettext as _

from datareview.analysis.equity import wilson_interval
from datareview.analysis.mastery import MIN_ITEMS_OF_STANDARD, ROUNDING, mastery_bands
from datareview.results.frames.names import standard_name
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from datareview.records.models import AssessmentItem, Standard

ALL_ITEMS = 0  # the key of a choice that is no standard
MIN_STUDENTS = 10  # fewer are counted, and no share is drawn


@dataclass(frozen=True, slots=True)
class StandardResult:
    """One standard of an assessment over some students: ``n`` have answers to all of its ``items``.

    ``right`` is the share of the points, 0 to 1, None without students. ``share``, ``low`` and ``high`` are of the
    students who have mastered it; None with fewer than three items. ``note`` says what is too little to judge.
    """

    standard: Standard
    items: int
    n: int
    right: float | None
    mastering: int | None
    share: float | None
    low: float | None
    high: float | None

    @property
    def name(self) -> str:
        """The standard in a few words."""
        return standard_name(self.standard)

    @property
    def not_yet(self) -> int:
        """Students who have not mastered it; 0 where that is not known."""
        return 0 if self.mastering is None else self.n - self.mastering

    @property
    def mark(self) -> str:
        """The place of the share on a drawn scale; empty without one."""
        return _mark(self.share)

    @property
    def low_mark(self) -> str:
        """The place of the lower end of the interval."""
        return _mark(self.low)

    @property
    def high_mark(self) -> str:
        """The place of the upper end of the interval."""
        return _mark(self.high)

    @property
    def percent(self) -> str:
        """The share who have mastered it as text; empty without one."""
        return "" if self.share is None else formats.percent(100 * self.share, 0)

    @property
    def low_text(self) -> str:
        """The lower end of the interval as text."""
        return formats.percent(100 * (self.low or 0.0), 0)

    @property
    def high_text(self) -> str:
        """The upper end of the interval as text."""
        return formats.percent(100 * (self.high or 0.0), 0)

    @property
    def note(self) -> str:
        """What makes the result uncertain, in a sentence; empty if nothing does."""
        if self.items < MIN_ITEMS_OF_STANDARD:
            return _("Fewer than three items: too few to say who is secure.")
        if 0 < self.n < MIN_STUDENTS:
            return _("Only %(n)s students: one more or less changes the picture.") % {
                "n": formats.number(self.n)
            }
        return ""


def _mark(share: float | None) -> str:
    return "" if share is None else f"{round(100 * share, 1)}%"


def standards_of(items: Iterable[AssessmentItem]) -> dict[int, Standard]:
    """The standards of ``items`` by primary key, in the order of the test."""
    return {item.standard_id: item.standard for item in items if item.standard_id and item.standard}


def standard_results(
    items: Sequence[AssessmentItem], points: pd.DataFrame, mastery: float
) -> list[StandardResult]:
    """The results of each standard, in the order of the test, over the students of ``points``."""
    values = points.to_numpy(np.float64)
    place_of: dict[Any, int] = {number: place for place, number in enumerate(points.columns)}
    found = []
    for key, standard in standards_of(items).items():
        own = [item for item in items if item.standard_id == key]
        theirs = values[:, np.array([place_of[item.number] for item in own], dtype=np.intp)]
        whole = theirs[np.isfinite(theirs).all(axis=1)]
        shares = whole.sum(axis=1) / sum(item.max_points for item in own)
        found.append(standard_result(standard, count_of(own, key), shares, mastery))
    return found


def standard_result(
    standard: Standard, items: int, shares: np.ndarray | Sequence[float], mastery: float
) -> StandardResult:
    """The result of a standard with so many ``items``, from the share of its points of each student who is entered whole."""
    shares = np.asarray(shares, np.float64)
    n = len(shares)
    if not n:
        return StandardResult(standard, items, 0, None, None, None, None, None)
    right = float(shares.mean())
    if items < MIN_ITEMS_OF_STANDARD:
        return StandardResult(standard, items, n, right, None, None, None, None)
    mastering = int((shares >= mastery - ROUNDING).sum())
    low, high = wilson_interval(mastering, n)
    return StandardResult(standard, items, n, right, mastering, mastering / n, low, high)


def possible_points(items: Iterable[AssessmentItem]) -> pd.Series:
    """The points possible by number of the item."""
    return pd.Series({item.number: float(item.max_points) for item in items}, dtype="float64")


def numbers_of(items: Iterable[AssessmentItem], standard: int = ALL_ITEMS) -> list[int]:
    """The numbers of the items of a standard (primary key), or of all."""
    return [item.number for item in items if standard in (ALL_ITEMS, item.standard_id)]


def count_of(items: Iterable[AssessmentItem], standard: int) -> int:
    """How many items ask a standard (primary key): a total of several counts as these."""
    return sum(item.parts for item in items if item.standard_id == standard)


def bands_of(
    items: Sequence[AssessmentItem], points: pd.DataFrame, mastery: float, standard: int = ALL_ITEMS
) -> pd.Series:
    """The band of each student on a standard or on all items; missing unless all of those items were entered."""
    return mastery_bands(points_on(items, points, standard)["share"], cut=mastery)


def points_on(
    items: Sequence[AssessmentItem], points: pd.DataFrame, standard: int = ALL_ITEMS
) -> pd.DataFrame:
    """Points of each student on a standard (primary key) or on all items.

    Returns
    -------
    DataFrame
        Indexed by student: ``got`` and ``possible`` (points, of the items that were entered; ``got`` is missing where
        none was), and ``share`` (0 to 1; missing unless all of the items were entered).
    """
    numbers = numbers_of(items, standard)
    theirs, most = points[numbers], possible_points(items).reindex(numbers)
    known = theirs.notna()
    got, possible = theirs.sum(axis=1, min_count=1), known.mul(most, axis=1).sum(axis=1)
    return pd.DataFrame(
        {"got": got, "possible": possible, "share": (got / possible).where(known.all(axis=1))}
    )


def bandable_standards(items: Sequence[AssessmentItem]) -> dict[int, Standard]:
    """Standards with enough items to band students by."""
    return {
        key: standard
        for key, standard in standards_of(items).items()
        if count_of(items, key) >= MIN_ITEMS_OF_STANDARD
    }
