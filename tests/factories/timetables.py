"""Periods of a day, and who teaches in them."""

from __future__ import annotations

import datetime as dt

from teams.directory.models import Duty, Period
from teams.tables.reading import read_table
from teams.timetable.files import LIMITS, lines_of
from teams.timetable.kind import TIMETABLES
from tests.factories import checked_files


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


def lines_in(content, name="timetable.csv"):
    """The rows of a timetable file, read in this process."""
    return lines_of(read_table(content, name, LIMITS))


def upload_timetable(cast, content, name="timetable.csv"):
    """A timetable file whose check has been started."""
    return checked_files.upload(TIMETABLES, cast, content, name)


def check_file(cast, content, name="timetable.csv"):
    """Upload a timetable file, and let the worker check it."""
    return checked_files.check(TIMETABLES, cast, content, name)


def apply_file(cast, row):
    """Apply a checked timetable file as the worker does."""
    return checked_files.apply(TIMETABLES, cast, row)


def undo_file(cast, row):
    """Undo an applied timetable file as the worker does."""
    return checked_files.undo(TIMETABLES, cast, row)
