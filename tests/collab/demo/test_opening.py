"""The demo opens on a school morning, and its clock stops while the demo is stopped."""

from __future__ import annotations

import datetime as dt
import os

import pytest

from collab.demo.calendar import ZONE, is_school_day, school_days
from collab.demo.opening import best_day, has_work_behind, main, open_demo, opening_after, stood_at

JULY = dt.datetime(2026, 7, 12, 15, 30, tzinfo=dt.UTC)  # a Sunday


def chicago(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=ZONE)


def shown(offset: int, now: dt.datetime) -> dt.datetime:
    """The time a clock with this offset shows at the machine's ``now``."""
    return dt.datetime.fromtimestamp(now.timestamp() + offset, ZONE)


@pytest.mark.parametrize("start", range(2024, 2040))
def test_on_any_real_day_it_is_a_tuesday_in_term_without_a_holiday_around_it(start):
    for day in (dt.date(start, 1, 1) + dt.timedelta(days=n) for n in range(0, 366, 5)):
        best = best_day(day)
        around = [best + dt.timedelta(days=n) for n in range(-14, 15)]
        assert best.weekday() == 1
        assert has_work_behind(best)
        assert [one for one in around if one.weekday() < 5 and not is_school_day(one)] == []
        assert abs(best - day) < dt.timedelta(days=130)


@pytest.mark.parametrize(
    ("outside", "inside"),
    [
        ("2026-07-12", "2026-05-19"),  # summer
        ("2026-11-29", "2026-11-10"),  # a holiday's Sunday
        ("2026-12-25", "2027-01-19"),
        ("2027-02-17", "2027-02-16"),
        ("2028-02-29", "2028-02-29"),
    ],
)
def test_it_is_close_to_the_real_date(outside, inside):
    assert best_day(dt.date.fromisoformat(outside)) == dt.date.fromisoformat(inside)


def test_before_thanksgiving_there_is_school_on_weekdays_of_the_term_but_for_holidays():
    days = school_days(2026, dt.date(2026, 11, 28))
    assert (days[0], days[-1]) == (dt.date(2026, 8, 17), dt.date(2026, 11, 25))
    assert len(days) == 15 * 5 - 1 - 2 - 2  # Labor Day, fall break, Thanksgiving


@pytest.mark.parametrize(
    ("stood", "opens"),
    [
        ((2026, 11, 10, 7, 21), (2026, 11, 10, 7, 40)),  # just made
        ((2026, 11, 10, 9, 30), (2026, 11, 10, 9, 30)),  # in the middle of the morning: it goes on
        ((2026, 11, 10, 12, 0), (2026, 11, 11, 7, 40)),
        ((2026, 11, 11, 2, 0), (2026, 11, 11, 7, 40)),
        ((2026, 11, 13, 16, 0), (2026, 11, 16, 7, 40)),  # over the weekend
        ((2026, 11, 25, 16, 0), (2026, 11, 30, 7, 40)),  # over Thanksgiving
        ((2027, 6, 4, 13, 0), (2027, 8, 17, 7, 40)),  # over the summer
    ],
)
def test_it_continues_the_same_morning_or_opens_on_the_next(stood, opens):
    assert opening_after(chicago(*stood)) == chicago(*opens)


def test_a_new_demo_starts_before_its_opening_and_opens_when_filled(tmp_path):
    offset = open_demo(tmp_path / "new", JULY)
    assert shown(offset, JULY) == chicago(2026, 5, 19, 7, 20)
    file = tmp_path / "new" / "clock"
    made = JULY + dt.timedelta(minutes=3)
    os.utime(file, (made.timestamp(), made.timestamp()))
    assert stood_at(file) == chicago(2026, 5, 19, 7, 23)
    assert shown(open_demo(tmp_path / "new", made), made) == chicago(2026, 5, 19, 7, 40)


@pytest.mark.parametrize(
    ("minutes", "opens"),
    [(45, (2026, 5, 19, 8, 5)), (9 * 60, (2026, 5, 20, 7, 40))],
    ids=["used for a while", "left running all day"],
)
def test_days_later_it_continues_from_where_its_clock_stopped(tmp_path, minutes, opens):
    open_demo(tmp_path, JULY)
    stopped = JULY + dt.timedelta(minutes=minutes)
    os.utime(tmp_path / "clock", (stopped.timestamp(), stopped.timestamp()))
    later = stopped + dt.timedelta(days=120)  # the clocks were changed in between
    assert shown(open_demo(tmp_path, later), later) == chicago(*opens)


def test_another_day_can_be_chosen_and_is_kept(tmp_path):
    day = dt.date(2026, 3, 10)
    offset = open_demo(tmp_path, JULY, day)
    assert shown(offset, JULY) == chicago(2026, 3, 10, 7, 20)
    os.utime(tmp_path / "clock", (JULY.timestamp(), JULY.timestamp()))
    assert shown(open_demo(tmp_path, JULY, day), JULY) == chicago(2026, 3, 10, 7, 40)
    with pytest.raises(ValueError, match=r"made for 2026-03-10; remove that folder first"):
        open_demo(tmp_path, JULY, dt.date(2026, 3, 11))


def test_a_district_that_was_made_without_a_clock_is_not_given_another_day(tmp_path):
    (tmp_path / "collab.sqlite3").touch()
    with pytest.raises(ValueError, match="has no clock of its own yet; remove that folder first"):
        open_demo(tmp_path, JULY)


@pytest.mark.parametrize("day", ["2026-03-22", "2026-03-23", "2026-07-07", "2026-09-08"])
def test_a_day_without_school_or_without_anything_to_show_is_refused(tmp_path, day):
    with pytest.raises(ValueError, match="no day on which twelve weeks of school lie behind"):
        open_demo(tmp_path, JULY, dt.date.fromisoformat(day))
    assert not (tmp_path / "clock").exists()


def test_from_the_command_line_it_prints_the_offset_and_what_the_clock_shows(tmp_path, capsys):
    main(str(tmp_path), "2026-03-10")
    offset = capsys.readouterr().out
    assert (tmp_path / "clock").read_text().split() == [offset.strip(), "2026-03-10"]
    main(str(tmp_path), "show")
    assert capsys.readouterr().out == "Tue, Mar 10, 2026, 7:20\u00a0AM\n"
    with pytest.raises(SystemExit, match="dev: Invalid isoformat string"):
        main(str(tmp_path), "tomorrow")
