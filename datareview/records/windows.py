"""The three benchmark windows of a school year."""

import datetime as dt

FALL, WINTER, SPRING = "fall", "winter", "spring"


def window_of(day: dt.date) -> str:
    """The benchmark window of ``day``: July to October, November to February, March to June."""
    if 7 <= day.month <= 10:
        return FALL
    return SPRING if 3 <= day.month <= 6 else WINTER


def window_end(day: dt.date) -> dt.date:
    """The last day of the benchmark window of ``day``."""
    if 7 <= day.month <= 10:
        return dt.date(day.year, 10, 31)
    if 3 <= day.month <= 6:
        return dt.date(day.year, 6, 30)
    return dt.date(day.year + (day.month > 2), 3, 1) - dt.timedelta(days=1)
