"""Conventions shared by all results of the kernel: a status instead of a number, and days as ordinals."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

OK = "ok"
INSUFFICIENT = "insufficient_data"
ZERO_VARIANCE = "undefined_zero_variance"
ONE_CLASS = "undefined_one_class"
SUPPRESSED = "suppressed"
NOT_CALCULATED = "not_calculated"

STATUSES = (OK, INSUFFICIENT, ZERO_VARIANCE, ONE_CLASS, SUPPRESSED, NOT_CALCULATED)


def statuses(which: np.ndarray, *names: str) -> Any:
    """Status of each row, by its index into ``names`` (a mask selects the first or second)."""
    return pd.array(names, dtype="str").take(np.asarray(which, np.intp))


def days_of(days: pd.Series) -> np.ndarray:
    """Proleptic ordinals (``date.toordinal``) of dates, timestamps or ordinals, as int64."""
    if pd.api.types.is_integer_dtype(days.dtype):
        return days.to_numpy(np.int64)
    if pd.api.types.is_datetime64_any_dtype(days.dtype):
        epoch = dt.date(1970, 1, 1).toordinal()
        return days.to_numpy("datetime64[D]").astype(np.int64) + epoch
    return np.fromiter((day.toordinal() for day in days), np.int64, len(days))
