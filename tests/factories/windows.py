"""Benchmark windows on days that a test needs, whatever the day it runs on."""

from __future__ import annotations

import datetime as dt
from typing import Any

from datareview.records.models import BenchmarkWindow


def let_winter_begin_today(cast: Any) -> None:
    """Fall lasts from the year's first day to yesterday, winter for sixty days from today, then spring."""
    today = cast.school.today()
    year = cast.school.years.on(today).get()
    winter, spring = today, today + dt.timedelta(days=60)
    spans = {"fall": (year.starts_on, winter), "winter": (winter, spring), "spring": (spring, year.ends_on)}
    BenchmarkWindow.objects.filter(year=year).delete()
    for key, (first, next_one) in spans.items():
        last = next_one - dt.timedelta(days=1)
        BenchmarkWindow.objects.create(year=year, key=key, starts_on=first, ends_on=last)
