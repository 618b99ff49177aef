"""Whether a level is kept after the end of support."""

from __future__ import annotations

import numpy as np
import pytest

from datareview.analysis.maintenance import level_kept


@pytest.mark.parametrize(
    ("before", "since", "sem", "expected"),
    [
        ([80, 91, 92, 93], [88, 70, 84], None, (90, 83.25, 84, True)),  # the goal, not the 92 of the end
        ([80, 85, 86, 87], [79], None, (86, 79.25, 79, False)),
        ([80, 85, 86, 87], [79], 8.0, (86, 78, 79, True)),  # within one error of measurement
        ([], [84], None, (90, 83.25, 84, True)),
        ([91, 92, 93], [], None, (90, 83.25, None, None)),
        ([91, 92, 93], [60, 61, 90, 91, 92], None, (90, 83.25, 91, True)),  # the newest three
    ],
)
def test_the_level_and_what_keeps_it(before, since, sem, expected):
    found = level_kept(before, since, baseline=63, goal=90, sem=sem)
    assert (found.level, found.least, found.value, found.is_kept) == expected


@pytest.mark.parametrize(("value", "is_kept"), [(7, True), (7.5, True), (8, False)])
def test_lower_is_better_is_the_mirror_image(value, is_kept):
    found = level_kept([4, 5, 6], [value], baseline=15, goal=5, higher_is_better=False)
    assert (found.level, found.least, found.is_kept) == (5, 7.5, is_kept)


def test_by_error_alone_one_of_seven_checks_at_the_level_says_gone_back():
    rng = np.random.default_rng(7)
    scores = rng.normal(50, 4, size=(4000, 6))
    found = [level_kept(list(row[:3]), list(row[3:]), baseline=45, goal=90, sem=4) for row in scores]
    wide = [level_kept(list(row[:3]), list(row[3:]), baseline=90, goal=90, sem=4) for row in scores]
    assert np.mean([not one.is_kept for one in found]) < 0.01  # a quarter of 45 is far more than the error
    assert np.mean([not one.is_kept for one in wide]) == pytest.approx(1 / 7, abs=0.02)
