"""Which benchmark window a day belongs to, by a school's own dates and without them."""

from __future__ import annotations

import datetime as dt

import pytest

from datareview.records.models import BenchmarkWindow
from datareview.records.queries.windows import school_windows
from datareview.records.windows import SchoolWindows, WindowSpan, YearSpan, usual_windows
from teams.directory.models import SchoolYear

OWN = (
    WindowSpan("fall", dt.date(2026, 8, 31), dt.date(2026, 9, 25)),
    WindowSpan("winter", dt.date(2027, 1, 4), dt.date(2027, 1, 29), "Midyear"),
    WindowSpan("spring", dt.date(2027, 4, 26), dt.date(2027, 5, 21)),
)
YEAR = dt.date(2026, 8, 24)
FIRST = YearSpan(YEAR, dt.date(2027, 6, 11), OWN)
SCHOOL = SchoolWindows((FIRST,))


@pytest.mark.parametrize(
    ("day", "key"),
    [
        ((2026, 8, 24), "fall"),
        ((2026, 8, 31), "fall"),
        ((2026, 9, 25), "fall"),
        ((2026, 9, 26), "fall"),
        ((2026, 11, 10), "fall"),
        ((2027, 1, 3), "fall"),
        ((2027, 1, 4), "winter"),
        ((2027, 1, 29), "winter"),
        ((2027, 4, 25), "winter"),
        ((2027, 4, 26), "spring"),
        ((2027, 7, 10), "spring"),
    ],
)
def test_a_day_between_two_windows_belongs_to_the_one_before(day, key):
    assert SCHOOL.key_on(dt.date(*day)) == key


@pytest.mark.parametrize(
    ("day", "key"),
    [
        ((2026, 6, 30), "spring"),
        ((2026, 7, 1), "fall"),
        ((2026, 11, 30), "fall"),
        ((2026, 12, 1), "winter"),
        ((2027, 2, 28), "winter"),
        ((2028, 2, 29), "winter"),
        ((2027, 3, 1), "spring"),
    ],
)
def test_without_dates_the_usual_windows_count(day, key):
    assert SchoolWindows().key_on(dt.date(*day)) == key


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "first"),
    [
        ((2026, 6, 15), (2027, 5, 28), 2026),
        ((2026, 7, 1), (2027, 6, 30), 2026),
        ((2026, 8, 24), (2027, 6, 11), 2026),
        ((2027, 2, 15), (2027, 6, 11), 2026),  # entered in the middle of the year
    ],
)
def test_the_usual_windows_are_those_around_the_middle_of_the_year(starts_on, ends_on, first):
    year = YearSpan(dt.date(*starts_on), dt.date(*ends_on))
    windows = SchoolWindows((year,)).in_year_of(year.starts_on)
    assert [window.starts_on for window in windows] == [
        dt.date(first, 7, 1),
        dt.date(first, 12, 1),
        dt.date(first + 1, 3, 1),
    ]


def test_a_later_year_without_dates_has_those_of_the_year_before():
    school = SchoolWindows((FIRST, YearSpan(dt.date(2027, 8, 23), dt.date(2028, 6, 9))))
    assert [
        (window.key, window.starts_on, window.name) for window in school.in_year_of(dt.date(2027, 9, 1))
    ] == [
        ("fall", dt.date(2027, 8, 31), "Fall"),
        ("winter", dt.date(2028, 1, 4), "Midyear"),
        ("spring", dt.date(2028, 4, 26), "Spring"),
    ]
    assert school.key_on(dt.date(2027, 8, 22)) == "spring"
    assert school.key_on(dt.date(2027, 8, 23)) == "fall"


def test_a_leap_day_moves_to_the_day_before():
    leap = WindowSpan("winter", dt.date(2028, 2, 1), dt.date(2028, 2, 29))
    assert leap.moved_to(1).ends_on == dt.date(2029, 2, 28)
    assert leap.moved_to(0) == leap


@pytest.mark.parametrize(
    ("day", "end"),
    [
        ((2026, 9, 25), (2026, 9, 25)),
        ((2026, 9, 26), (2027, 1, 29)),
        ((2027, 5, 21), (2027, 5, 21)),
    ],
)
def test_the_next_window_ends(day, end):
    assert SCHOOL.end_after(dt.date(*day), today=YEAR) == dt.date(*end)


def test_after_the_last_window_none_ends_in_the_school_year():
    assert SCHOOL.end_after(dt.date(2027, 5, 22), today=YEAR) is None


def test_the_usual_windows_leave_no_day_out():
    fall, winter, spring = usual_windows(dt.date(2028, 2, 3))
    assert (fall.starts_on, spring.ends_on) == (dt.date(2027, 7, 1), dt.date(2028, 6, 30))
    assert winter.starts_on - fall.ends_on == spring.starts_on - winter.ends_on == dt.timedelta(days=1)
    assert usual_windows(dt.date(2027, 7, 1)) == (fall, winter, spring)


def test_names_inside_sentences_keep_the_school_s_own_spelling():
    assert [window.name_in_text for window in OWN] == ["fall", "Midyear", "spring"]


def test_windows_are_read_by_school_and_year(cast, django_assert_num_queries):
    year = SchoolYear.objects.get(school=cast.school)
    theirs = SchoolYear.objects.create(
        school=cast.other_school, name="Theirs", starts_on=year.starts_on, ends_on=year.ends_on
    )
    for one, key in ((year, "late"), (year, "early"), (theirs, "theirs")):
        later = dt.timedelta(days=30 if key == "late" else 0)
        BenchmarkWindow.objects.create(
            year=one, key=key, starts_on=year.starts_on + later, ends_on=year.starts_on + later
        )
    with django_assert_num_queries(2):
        found = school_windows(cast.school.pk)
    assert [window.key for window in found.in_year_of(cast.school.today())] == ["early", "late"]
