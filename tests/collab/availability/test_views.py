"""The finder's page: query parameters and their errors."""

from __future__ import annotations

import pytest
from django.urls import reverse

from teams.directory.models import Period
from tests.conftest import make_team
from tests.factories.timetables import make_periods, teach

ADDRESS = "/meetings/find-time/"


@pytest.fixture
def week(cast):
    cast.periods = make_periods(cast.school)
    teach(cast, cast.staff.ana, free=[(1, 3)])
    teach(cast, cast.staff.tom)
    return cast


def read(client, query=None, **headers):
    answer = client.get(ADDRESS, query, **headers)
    return answer, answer.content.decode()


def test_it_starts_with_the_own_team(week, as_user):
    answer, page = read(as_user(week.ana))
    assert reverse("collab:finder-show") == ADDRESS
    assert [person.user for person in answer.context["page"].people] == [week.tom, week.ana]
    assert "Tom B misses Reading 3; 1 period to cover" in page
    assert "Stone" not in page


def test_any_staff_of_the_school_can_be_chosen(week, as_user):
    query = {"team": "", "people": [str(week.staff.gil.uuid), str(week.staff.sol.uuid)], "minutes": "30"}
    answer, page = read(as_user(week.ana), query)
    assert [person.user for person in answer.context["page"].people] == [week.gil, week.sol]
    assert "No timetable yet for" in page


def test_people_of_another_school_cannot(week, as_user):
    answer, page = read(as_user(week.ana), {"people": str(week.staff.zed.uuid)})
    assert (answer.status_code, answer.context["page"].people) == (422, [])
    assert "Zed" not in page


def test_an_invisible_team_cannot(week, as_user):
    team = make_team(week.school, "Leaders", 5, [week.staff.pia])
    answer, page = read(as_user(week.ana), {"team": str(team.uuid)})
    assert (answer.status_code, answer.context["page"].people) == (422, [])
    assert "Leaders" not in page


def test_choosing_another_team_selects_its_members(week, as_user):
    team = make_team(week.school, "Data team", 5, [week.staff.gil])
    query = {"team": str(team.uuid), "of": str(week.team.uuid), "people": str(week.staff.ana.uuid)}
    answer, _page = read(as_user(week.cora), query)
    assert answer.context["page"].people == [week.staff.gil]


def test_people_can_be_added_to_the_team(week, as_user):
    people = [str(week.staff.ana.uuid), str(week.staff.sol.uuid)]
    query = {"team": str(week.team.uuid), "of": str(week.team.uuid), "people": people}
    answer, _page = read(as_user(week.ana), query)
    assert answer.context["page"].people == [week.staff.ana, week.staff.sol]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"minutes": "soon"}, "Enter a whole number."),
        ({"minutes": "1000"}, "less than or equal to 240"),
        ({"week": "tomorrow"}, "Enter a valid date."),
        ({"team": "x"}, "not a valid UUID"),
    ],
)
def test_errors_are_shown_with_the_rest_of_the_page(week, as_user, query, sentence):
    answer, page = read(as_user(week.ana), query)
    assert answer.status_code == 422
    assert sentence in page


@pytest.mark.parametrize(
    ("week_of", "sentence"),
    [
        ("1900-01-01", "within two years"),
        ("2098-12-31", "within two years"),
        ("0001-01-01", "greater than or equal to"),
        ("9999-12-31", "less than or equal to"),
    ],
)
def test_a_week_far_away_is_refused(week, as_user, week_of, sentence):
    answer, page = read(as_user(week.ana), {"week": week_of})
    assert answer.status_code == 422
    assert sentence in page


def test_htmx_gets_the_times_and_the_ticks(week, as_user):
    _answer, page = read(as_user(week.ana), {"minutes": "45"}, headers={"HX-Request": "true"})
    assert "<html" not in page
    assert 'id="found"' in page
    assert 'hx-swap-oob="true"' in page


def test_without_a_bell_schedule_it_says_what_to_do(week, as_user):
    Period.objects.all().delete()
    _answer, page = read(as_user(week.ana))
    assert "bell schedule hasn’t been entered yet" in page
    assert reverse("collab:poll-new") in page
    assert "Enter the bell schedule" not in page
    _answer, page = read(as_user(week.cora))
    assert "Enter the periods and who teaches when" in page or "Once a coordinator enters" in page


@pytest.mark.parametrize("every", ["", "week", "cycle", "nonsense"])
def test_frequency_is_asked_where_a_cycle_is_not_a_week(week, as_user, every):
    address = reverse("collab:finder-show")
    client = as_user(week.ana)
    assert 'name="every"' not in client.get(address, {"every": every}).content.decode()
    week.school.cycle, week.school.cycle_days = "turning", 2
    week.school.save()
    answer = client.get(address, {"every": every})
    assert answer.status_code == 200
    kept = "cycle" if every == "cycle" else "week"
    assert f'<option value="{kept}" selected>' in answer.content.decode()
