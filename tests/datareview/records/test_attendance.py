"""Which days of attendance count: enrolled, school open."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from datareview.records.models import AttendanceDay, Stay
from datareview.trends.frames.scope import read_scope
from datareview.trends.models import TrendScope
from teams.directory.models import Holiday
from teams.directory.queries.days import closed_days

ROOT = Path(__file__).parents[3]
# What stores, merges or erases marks, or only asks whether there are any.
WRITERS = {"checking", "imports", "loading", "roster", "setup", "privacy"}


@pytest.fixture
def marked(cast):
    """Maya absent on the last 5 of 30 days, and present on every day of the thirty before."""
    cast.maya.attendance.all().delete()
    today = cast.school.today()
    cast.days = [today - dt.timedelta(days=back) for back in range(60)][::-1]
    AttendanceDay.objects.bulk_create(
        AttendanceDay(
            student=cast.maya, day=day, mark="unexcused" if day > today - dt.timedelta(days=5) else "present"
        )
        for day in cast.days
    )
    return cast


def counted(cast):
    """The days that count; the same if the closed days were read before."""
    closed = closed_days([cast.school.pk], cast.days[0], cast.days[-1])
    found, again = (
        list(rows.filter(student=cast.maya).order_by("day").values_list("day", flat=True))
        for rows in (AttendanceDay.objects.that_count(), AttendanceDay.objects.that_count(closed))
    )
    assert found == again
    return found


def enrolled(cast, **dates):
    for name, value in dates.items():
        setattr(cast.maya, name, value)
    cast.maya.save()


def test_without_dates_every_mark_counts(marked):
    """A roster without first days says nothing about when children came."""
    enrolled(marked, entered_on=None, left_on=None)
    assert counted(marked) == marked.days


def test_marks_before_the_first_day_and_after_the_last_do_not_count(marked):
    enrolled(marked, entered_on=marked.days[30], left_on=marked.days[50])
    assert counted(marked) == marked.days[30:51]


def test_an_earlier_stay_counts_and_the_time_between_does_not(marked):
    enrolled(marked, entered_on=marked.days[40], left_on=None)
    Stay.objects.create(student=marked.maya, entered_on=None, left_on=marked.days[9])
    Stay.objects.create(student=marked.maya, entered_on=marked.days[20], left_on=marked.days[29])
    Stay.objects.create(student=marked.jonas, entered_on=None, left_on=marked.days[-1])
    assert counted(marked) == marked.days[:10] + marked.days[20:30] + marked.days[40:]


def test_a_mark_on_a_day_on_which_the_school_was_closed_does_not_count(marked):
    enrolled(marked, entered_on=None)
    first, last = marked.days[10], marked.days[12]
    Holiday.objects.create(school=marked.school, name="Break", starts_on=first, ends_on=last)
    Holiday.objects.create(school=marked.other_school, name="Theirs", starts_on=last, ends_on=marked.days[-1])
    assert counted(marked) == marked.days[:10] + marked.days[13:]


def test_the_share_of_a_child_who_came_late_is_of_the_days_since(marked):
    """5 of 30 days, not 5 of 60."""
    enrolled(marked, entered_on=marked.days[30])
    scope = TrendScope.objects.get_or_create(school=marked.school, grade=marked.maya.grade)[0]
    frame = read_scope(scope, marked.days[0], marked.days[-1]).attendance
    absent = frame[frame["student_id"] == marked.maya.pk]["absent"]
    assert (absent.sum(), len(absent)) == (5, 30)


def test_everything_that_counts_days_reads_the_days_that_count():
    reads = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for app in ("datareview", "collab")
        for path in sorted((ROOT / app).rglob("*.py"))
        if not {*WRITERS, "migrations", "demo"} & set(path.parts)
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"AttendanceDay\.objects\.(?!that_count)", line)
    ]
    assert reads == []
