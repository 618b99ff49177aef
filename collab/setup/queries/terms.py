"""The terms that a new school begins with."""

from __future__ import annotations

import datetime as dt

YEAR_BEGINS = 7  # July; a school that begins earlier or later changes the dates


def usual_terms(day: dt.date) -> list[tuple[dt.date, dt.date]]:
    """First and last days of the two terms that a new school begins with, in the school year of ``day``."""
    first = day.year if day.month >= YEAR_BEGINS else day.year - 1
    new_year = dt.date(first + 1, 1, 1)
    return [
        (dt.date(first, YEAR_BEGINS, 1), new_year - dt.timedelta(days=1)),
        (new_year, dt.date(first + 1, YEAR_BEGINS, 1) - dt.timedelta(days=1)),
    ]
