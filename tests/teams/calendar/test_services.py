"""Years, terms, holidays, the day cycle and the bell schedule; invalid changes raise an error with a sentence."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from teams.calendar import services as calendar
from teams.calendar.queries import coming_weeks
from teams.directory.models import Duty, Holiday, Period, SchoolYear, Term
from teams.directory.queries.days import cycle_days
from teams.lib.errors import DomainError

SEPTEMBER, JUNE = dt.date(2027, 9, 1), dt.date(2028, 6, 9)


def year(cast, **fields):
    values = {"name": "2027-28", "starts_on": SEPTEMBER, "ends_on": JUNE}
    return calendar.save_year(cast.school, actor=cast.ada, **{**values, **fields})


def test_a_year_is_added_and_changed_by_users_who_may(cast):
    made = year(cast)
    assert year(cast, year=made, name="27/28").name == "27/28"
    assert SchoolYear.objects.filter(school=cast.school).count() == 2
    with pytest.raises(PermissionDenied):
        calendar.save_year(cast.school, actor=cast.ana, name="x", starts_on=SEPTEMBER, ends_on=JUNE)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"ends_on": SEPTEMBER - dt.timedelta(days=1)}, "before the first"),
        ({"name": "Again", "starts_on": JUNE, "ends_on": JUNE + dt.timedelta(days=9)}, "overlaps 2027-28"),
        (
            {"starts_on": JUNE + dt.timedelta(days=9), "ends_on": JUNE + dt.timedelta(days=90)},
            "named 2027-28",
        ),
        ({"name": "Long", "ends_on": SEPTEMBER + dt.timedelta(days=733)}, "up to two years"),
    ],
)
def test_years_do_not_overlap_or_share_a_name(cast, fields, sentence):
    year(cast)
    with pytest.raises(DomainError, match=sentence):
        year(cast, **fields)
    assert SchoolYear.objects.filter(school=cast.school).count() == 2


def test_a_year_with_classes_stays_and_an_empty_one_goes_with_its_terms(cast):
    with pytest.raises(DomainError, match="This year has classes"):
        calendar.remove_year(cast.school.years.get(), actor=cast.ada)
    empty = year(cast)
    calendar.save_term(empty, actor=cast.ada, name="One", starts_on=SEPTEMBER, ends_on=dt.date(2027, 12, 1))
    calendar.remove_year(empty, actor=cast.ada)
    assert not Term.objects.filter(name="One").exists()


def test_terms_are_within_their_year_and_do_not_overlap(cast):
    made = year(cast)
    fields = {"actor": cast.ada, "starts_on": SEPTEMBER, "ends_on": dt.date(2027, 12, 1)}
    first = calendar.save_term(made, name="One", **fields)
    with pytest.raises(DomainError, match="overlaps One"):
        calendar.save_term(made, name="Two", **fields)
    with pytest.raises(DomainError, match="outside 2027-28"):
        calendar.save_term(made, name="Two", **{**fields, "ends_on": dt.date(2028, 7, 1)})
    with pytest.raises(DomainError, match="term would be outside"):
        year(cast, year=made, starts_on=dt.date(2027, 10, 1))
    assert calendar.save_term(made, name="Fall", term=first, **fields).name == "Fall"


def test_adding_a_holiday_twice_adds_one_and_moves_a_turning_cycle(cast):
    calendar.set_cycle(
        cast.school, actor=cast.ada, cycle="turning", cycle_days=2, cycle_from=dt.date(2028, 2, 28)
    )
    cast.school.refresh_from_db()
    for _click in range(2):
        calendar.add_holiday(cast.school, actor=cast.ada, name="Leap", starts_on=dt.date(2028, 2, 29))
    assert Holiday.objects.count() == 1
    found = cycle_days(cast.school, dt.date(2028, 2, 28), dt.date(2028, 3, 2))
    assert found == {dt.date(2028, 2, 28): 0, dt.date(2028, 3, 1): 1, dt.date(2028, 3, 2): 0}


def test_a_holiday_ends_after_150_days_at_most(cast):
    """A wrong digit in the year must not close the school for centuries."""
    holiday = {"actor": cast.ada, "name": "Winter", "starts_on": SEPTEMBER}
    with pytest.raises(DomainError, match="up to 150 days"):
        calendar.add_holiday(cast.school, **holiday, ends_on=dt.date(2099, 1, 4))
    assert not Holiday.objects.exists()
    calendar.add_holiday(cast.school, **holiday, ends_on=SEPTEMBER + dt.timedelta(days=150))
    assert Holiday.objects.count() == 1


@pytest.mark.parametrize("day", [dt.date(1950, 1, 2), dt.date(2099, 1, 5)])
def test_a_cycle_begins_within_ten_years(cast, day):
    with pytest.raises(DomainError, match="within ten years"):
        calendar.set_cycle(cast.school, actor=cast.ada, cycle="turning", cycle_days=6, cycle_from=day)


def test_the_coming_weeks_show_the_cycle_day_or_why_there_is_none(cast):
    monday = dt.date(2026, 11, 23)
    Holiday.objects.create(
        school=cast.school,
        name="Thanksgiving",
        starts_on=dt.date(2026, 11, 26),
        ends_on=dt.date(2026, 11, 27),
    )
    (week,) = coming_weeks(cast.school, monday + dt.timedelta(days=1), weeks=1)
    assert [(day.cycle_day, day.closed) for day in week] == [
        ("Mon", ""), ("Tue", ""), ("Wed", ""), ("", "Thanksgiving"), ("", "Thanksgiving"),
    ]  # fmt: skip
    assert [day.is_today for day in week] == [False, True, False, False, False]


def period(cast, name="1", start=8, end=9, **fields):
    return calendar.save_period(
        cast.school,
        actor=cast.cora,
        cycle_day=0,
        name=name,
        starts_at=dt.time(start),
        ends_at=dt.time(end),
        **fields,
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("2", 8, 10), "overlaps 1 .8:00–9:00\xa0AM"),
        (("1", 9, 10), "named 1"),
        (("2", 10, 9), "ends before it begins"),
    ],
)
def test_periods_of_a_day_do_not_overlap(cast, arguments, sentence):
    period(cast)
    with pytest.raises(DomainError, match=sentence):
        period(cast, *arguments)


def test_changing_a_period_keeps_its_duties_and_a_day_is_copied_once(cast):
    made = period(cast)
    Duty.objects.create(staff=cast.staff.ana, period=made, kind="teaching", label="4A")
    period(cast, "First", 8, 10, period=made, is_protected=True)
    assert Duty.objects.get().period.name == "First"
    assert calendar.copy_day(cast.school, actor=cast.cora, source=0, targets=[1, 2, 0, 9]).made == 2
    again = calendar.copy_day(cast.school, actor=cast.cora, source=0, targets=[1, 2])
    assert (again.made, again.kept) == (0, [1, 2])
    cast.school.periods.filter(cycle_day=1).update(name="Old")
    over = calendar.copy_day(cast.school, actor=cast.cora, source=0, targets=[0, 1], replace=True)
    assert (over.made, over.kept) == (1, [])
    assert not cast.school.periods.filter(name="Old").exists()
    assert list(Period.objects.values_list("cycle_day", "is_protected")) == [(0, True), (1, True), (2, True)]


def test_a_shorter_cycle_does_not_drop_periods_silently(cast):
    calendar.set_cycle(cast.school, actor=cast.ada, cycle="week", cycle_days=10, cycle_from=None)
    cast.school.refresh_from_db()
    calendar.save_period(
        cast.school, actor=cast.ada, cycle_day=7, name="1", starts_at=dt.time(8), ends_at=dt.time(9)
    )
    with pytest.raises(DomainError, match="1 period is on a day"):
        calendar.set_cycle(cast.school, actor=cast.ada, cycle="week", cycle_days=5, cycle_from=None)
    with pytest.raises(DomainError, match="5 or 10 days"):
        calendar.set_cycle(cast.school, actor=cast.ada, cycle="week", cycle_days=6, cycle_from=None)
