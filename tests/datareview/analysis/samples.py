"""Answers and scores shared by several test modules."""

from __future__ import annotations

import numpy as np
import pandas as pd

# Law School Admission Test, section 6: 1000 students, 5 items (Bock & Lieberman 1970, Psychometrika 35, 179;
# data set LSAT of the R package ltm). Answers in the order of the test, with the number of students who gave them.
LSAT = {
    "00000": 3, "00001": 6, "00010": 2, "00011": 11, "00100": 1, "00101": 1, "00110": 3, "00111": 4,
    "01000": 1, "01001": 8, "01011": 16, "01101": 3, "01110": 2, "01111": 15, "10000": 10, "10001": 29,
    "10010": 14, "10011": 81, "10100": 3, "10101": 28, "10110": 15, "10111": 80, "11000": 16, "11001": 56,
    "11010": 21, "11011": 173, "11100": 11, "11101": 61, "11110": 28, "11111": 298,
}  # fmt: skip


def lsat():
    rows = [[float(mark) for mark in pattern] for pattern, count in LSAT.items() for _one in range(count)]
    return pd.DataFrame(rows, columns=[f"q{i}" for i in range(1, 6)])


def answers(n=60, k=8, seed=3):
    rng = np.random.default_rng(seed)
    ability = rng.normal(0, 1.2, (n, 1))
    chance = 1 / (1 + np.exp(-(ability - np.linspace(-1.5, 1.5, k))))
    return pd.DataFrame((rng.random((n, k)) < chance).astype(float), columns=[f"q{i}" for i in range(k)])


ONE = pd.Series(1.0, index=answers().columns)


def simulated(students=200, weeks=8, seed=1, slope_sd=0.5, error=6.0, slope=1.2):
    """Students of one group: levels 80 ± 15, slopes 1.2 ± 0.5 per week, errors of 6; and one future score each."""
    rng = np.random.default_rng(seed)
    level = rng.normal(80, 15, students)
    own = rng.normal(slope, slope_sd, students)
    week = np.arange(weeks + 4)
    y = level[:, None] + own[:, None] * week + rng.normal(0, error, (students, len(week)))
    frame = pd.DataFrame(
        {
            "series": np.repeat(np.arange(students), len(week)),
            "group": 0,
            "day": np.tile(739000 + 7 * week, students),
            "value": y.ravel(),
        }
    )
    known = frame["day"] < 739000 + 7 * weeks
    return frame[known].reset_index(drop=True), frame[frame["day"] == 739000 + 7 * weeks].reset_index(
        drop=True
    )


def hard_and_easy(seed=2, students=120):
    """Six tests of unequal difficulty, taken on different days; each student misses two of them."""
    rng = np.random.default_rng(seed)
    easy = np.array([12.0, -15.0, 9.0, -14.0, 15.0, -7.0])
    frame = pd.DataFrame(
        {
            "series": np.repeat(np.arange(students), 6),
            "group": 0,
            "occasion": np.tile(list("abcdef"), students),
            "day": 739000 + np.tile(30 * np.arange(6), students) + rng.integers(0, 20, students * 6),
        }
    )
    frame["truth"] = np.repeat(rng.normal(70, 8, students), 6)
    frame["value"] = frame["truth"] + np.tile(easy, students) + rng.normal(0, 5, students * 6)
    missed = np.argsort(rng.random((students, 6)), axis=1)[:, :2]
    keep = np.ones((students, 6), bool)
    np.put_along_axis(keep, missed, values=False, axis=1)
    return frame, keep.ravel()
