"""Periods of a day, and who teaches in them."""

from __future__ import annotations

import datetime as dt

from teams.directory.models import Duty, Period


def make_periods(school):
    times = {1: (8, 0), 2: (9, 0), 3: (10, 0), 4: (13, 0)}
    return {
        (day, number): Period.objects.create(
            school=school,
            name=str(number),
            cycle_day=day,
            starts_at=dt.time(hour, minute),
            ends_at=dt.time(hour, minute + 50),
        )
        for day in range(5)
        for number, (hour, minute) in times.items()
    }


def teach(cast, staff, *, free=(), duty=()):
    """Everything is a lesson except ``free`` and ``duty``."""
    Duty.objects.bulk_create(
        Duty(
            staff=staff,
            period=period,
            kind="free" if key in free else "duty" if key in duty else "teaching",
            label="" if key in free else "Hall" if key in duty else f"Reading {key[1]}",
        )
        for key, period in cast.periods.items()
    )
