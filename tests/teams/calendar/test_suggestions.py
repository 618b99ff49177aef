"""The suggested school year: its days against published calendars, what is added, and the page."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from django.core.exceptions import PermissionDenied

from teams.calendar.queries import suggestion_for
from teams.calendar.services import add_usual_days
from teams.calendar.usual_days import is_in_united_states, usual_holidays, usual_terms_of, usual_year
from teams.directory.models import Holiday, SchoolYear
from teams.lib.errors import DomainError


def days(first):
    return {one.name: (one.starts_on.isoformat(), one.ends_on.isoformat()) for one in usual_holidays(first)}


def test_the_holidays_are_those_of_the_federal_calendar():
    """Labor Day, Columbus Day, Veterans Day, Thanksgiving, King, Washington and Memorial Day as published (OPM)."""
    assert days(2026) == {
        "Labor Day": ("2026-09-07", "2026-09-07"),
        "Indigenous Peoples’ Day": ("2026-10-12", "2026-10-12"),
        "Veterans Day": ("2026-11-11", "2026-11-11"),
        "Thanksgiving": ("2026-11-26", "2026-11-27"),
        "Winter break": ("2026-12-21", "2027-01-01"),
        "Martin Luther King Jr. Day": ("2027-01-18", "2027-01-18"),
        "Presidents’ Day": ("2027-02-15", "2027-02-15"),
        "Spring break": ("2027-03-22", "2027-03-26"),
        "Memorial Day": ("2027-05-31", "2027-05-31"),
    }


@pytest.mark.parametrize("first", range(2020, 2045))
def test_every_year_holds_its_holidays_on_weekdays(first):
    year, holidays = usual_year(first), usual_holidays(first)
    assert (year.starts_on.month, year.ends_on.month) == (8, 6)
    assert year.starts_on.weekday() == 0
    for one in holidays:
        assert year.starts_on < one.starts_on <= one.ends_on < year.ends_on
        assert (one.starts_on.weekday() < 5, one.ends_on.weekday() < 5) == (True, True)
    winter = next(one for one in holidays if one.name == "Winter break")
    assert winter.starts_on <= dt.date(first, 12, 25) <= winter.ends_on + dt.timedelta(days=2)
    has_veterans_day = dt.date(first, 11, 11).weekday() < 5
    assert len(holidays) == 8 + has_veterans_day


@pytest.mark.parametrize("many", [2, 3, 4])
def test_terms_fill_the_year_without_gaps(many):
    year = usual_year(2026)
    terms = usual_terms_of(year.starts_on, year.ends_on, many)
    assert [len(terms), terms[0].starts_on, terms[-1].ends_on] == [many, year.starts_on, year.ends_on]
    for before, after in pairwise(terms):
        assert after.starts_on - before.ends_on == dt.timedelta(days=1)
        assert after.starts_on.weekday() == 0


def test_a_year_shorter_than_its_terms_gets_none():
    assert usual_terms_of(dt.date(2026, 8, 17), dt.date(2026, 8, 25), 4) == []


@pytest.mark.parametrize(
    ("zone", "is_us"),
    [("America/Chicago", True), ("Pacific/Honolulu", True), ("Europe/Berlin", False), ("UTC", False)],
)
def test_holidays_are_known_by_the_country_of_the_time_zone(zone, is_us):
    assert is_in_united_states(zone) is is_us


@pytest.fixture
def school(cast):
    """A school whose present year, from August to June, has no days off."""
    cast.school.holidays.all().delete()
    usual = usual_year(this(cast.school))
    cast.school.years.update(name=usual.name, starts_on=usual.starts_on, ends_on=usual.ends_on)
    return cast.school


def this(school):
    """The year in which the present school year began."""
    today = school.today()
    return today.year if today.month > 6 else today.year - 1


def test_a_known_year_lacks_its_holidays_and_is_not_added_again(cast, school):
    first = this(school)
    usual = usual_holidays(first)
    days_off = next(one for one in usual if one.name == "Thanksgiving")
    Holiday.objects.create(
        school=school, name="Fall break", starts_on=days_off.starts_on, ends_on=days_off.starts_on
    )
    found = suggestion_for(school, first)
    assert (found.year, found.known.name) == (None, usual_year(first).name)
    assert found.holidays == [one for one in usual if one.name != "Thanksgiving"]


def test_a_new_year_comes_with_terms_and_holidays(cast, school):
    next_year = this(school) + 1
    found = suggestion_for(school, next_year)
    year = {"name": found.year.name, "starts_on": found.year.starts_on, "ends_on": found.year.ends_on}
    add_usual_days(school, actor=cast.ada, year=year, terms=2, holidays=found.holidays)
    added = SchoolYear.objects.get(school=school, name=usual_year(next_year).name)
    assert list(added.terms.order_by("starts_on").values_list("name", flat=True)) == ["Term 1", "Term 2"]
    assert school.holidays.count() == len(found.holidays)
    again = suggestion_for(school, next_year)
    assert (again.year, again.holidays) == (None, [])


def test_a_school_elsewhere_gets_a_year_without_holidays(cast, school):
    school.time_zone = "Europe/Berlin"
    assert suggestion_for(school, this(school) + 1).holidays == []
    assert suggestion_for(school, this(school) + 1).year is not None


def test_nothing_chosen_and_strangers_are_refused(cast, school):
    with pytest.raises(DomainError, match="Choose what to add"):
        add_usual_days(school, actor=cast.ada)
    with pytest.raises(PermissionDenied):
        add_usual_days(school, actor=cast.ana, holidays=suggestion_for(school, this(school)).holidays)
    assert not school.holidays.exists()


def test_the_page_adds_what_is_ticked(cast, school, as_user):
    cora, first = as_user(cast.cora), this(school)
    assert "/calendar/years/suggest/" in cora.get("/calendar/").content.decode()
    address = f"/calendar/years/suggest/?from={first}"
    assert "Suggested days without school" in cora.get(address).content.decode()
    labor_day = usual_holidays(first)[0]
    assert cora.post(address, {"holidays": [labor_day.key]}).status_code == 302
    assert list(school.holidays.values_list("name", "starts_on")) == [("Labor Day", labor_day.starts_on)]
    assert cora.post(address, {"holidays": [labor_day.key]}).status_code == 422
    new = {"name": "Next", "starts_on": f"{first + 1}-08-16", "ends_on": f"{first + 1}-01-01", "terms": "2"}
    refused = cora.post(f"/calendar/years/suggest/?from={first + 1}", new)
    assert refused.status_code == 422
    assert "The last day is before the first" in refused.content.decode()
