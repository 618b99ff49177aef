"""Periods of a day, and who teaches in them."""

from __future__ import annotations

import datetime as dt

from django.core.files.base import ContentFile

from teams.directory.models import Duty, Period
from teams.tables.reading import read_table
from teams.timetable.files import LIMITS, lines_of
from teams.timetable.services import (
    apply_timetable_file,
    check_timetable_file,
    start_applying,
    start_checking,
    stored_timetable,
)


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
    file = ContentFile(content, name=name)
    with stored_timetable(cast.school, actor=cast.ada, file=file, name=name) as row:
        return start_checking(row, actor=cast.ada)


def check_file(cast, content, name="timetable.csv"):
    """Upload a timetable file, and let the worker check it."""
    row = upload_timetable(cast, content, name)
    check_timetable_file(row.job, None)
    row.refresh_from_db()
    return row


def apply_file(cast, row):
    """Apply a checked timetable file as the worker does."""
    row = start_applying(row, actor=cast.ada)
    apply_timetable_file(row.job, None)
    row.refresh_from_db()
    return row
