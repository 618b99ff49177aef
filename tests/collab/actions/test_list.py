"""The list of action items: whose, which, in what order, and done in place."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from collab.actions.models import Action
from teams.directory.models import Team
from teams.lib import clock

LIST = reverse("collab:action-list")


@pytest.fixture
def texts(as_user):
    def read(user, **query):
        page = as_user(user).get(LIST, query).context["found"].page
        return [action.text for action in page]

    return read


@pytest.fixture
def rows(cast):
    """Ana's: overdue by a week, due today, done, dropped. Tom's: overdue by a day, from a team that Ana is not in."""
    Action.objects.all().delete()
    today = cast.school.today()
    other = Team.objects.create(school=cast.school, name="Grade 5", cohort="grade:5")
    other.members.create(staff=cast.staff.tom, starts_on=today - dt.timedelta(days=30))

    def add(text, owner, days, team=cast.team, **more):
        return Action.objects.create(
            team=team, text=text, owner=owner, due_on=today + dt.timedelta(days=days), made_by=owner.user,
            client_key=uuid.uuid4(), **more,
        )  # fmt: skip

    add("Today", cast.staff.ana, 0)
    add("Week-old", cast.staff.ana, -7)
    add("Finished", cast.staff.ana, -3, state="done", finished_at=clock.now())
    add("No longer", cast.staff.ana, 5, state="dropped", reason="Moved away", finished_at=clock.now())
    add("Of Tom", cast.staff.tom, -1)
    add("Elsewhere", cast.staff.tom, -2, team=other)
    return other


def test_the_longest_overdue_is_first_and_only_open_ones_are_shown(cast, rows, texts):
    assert texts(cast.ana) == ["Week-old", "Today"]


def test_filters_and_orders(cast, rows, texts, as_user):
    assert texts(cast.ana, whose="teams") == ["Week-old", "Of Tom", "Today"]
    assert texts(cast.ana, whose=cast.team.uuid, sort="newest") == ["Of Tom", "Week-old", "Today"]
    assert texts(cast.ana, whose="teams", state="overdue") == ["Week-old", "Of Tom"]
    assert texts(cast.ana, state="done") == ["Finished"]
    assert texts(cast.ana, state="dropped") == ["No longer"]
    assert texts(cast.ana, state="all", find="o") == ["Week-old", "Today", "No longer"]
    sums = as_user(cast.ana).get(LIST, {"state": "done"}).context["found"]
    assert (sums.overdue, sums.open, sums.done) == (1, 2, 1)


def test_another_team_is_shown_to_nobody_outside(cast, rows, texts, as_user):
    assert texts(cast.ana, whose=rows.uuid) == ["Week-old", "Today"]  # as for no team
    assert texts(cast.tom, whose=rows.uuid) == ["Elsewhere"]
    assert texts(cast.pia, whose=rows.uuid) == ["Elsewhere"]
    assert [str(team) for team in as_user(cast.ana).get(LIST).context["found"].teams] == [str(cast.team)]


def test_done_in_place_and_without_scripts_the_list_is_as_it_was(cast, rows, as_user):
    ana, action = as_user(cast.ana), Action.objects.get(text="Week-old")
    page = ana.get(LIST, {"whose": "teams", "sort": "owner"}).content.decode()
    assert 'name="list" value="whose=teams&amp;sort=owner"' in page
    done = reverse("collab:action-finish", args=[action.uuid, "done"])
    sent = ana.post(done, {"list": "whose=teams&sort=owner"})
    assert (sent.status_code, sent["Location"]) == (
        302,
        f"{LIST}?whose=teams&sort=owner#action-{action.uuid}",
    )
    again = reverse("collab:action-finish", args=[action.uuid, "open"])
    row = ana.post(again, {"list": "whose=teams"}, headers={"HX-Request": "true"}).content.decode()
    assert (str(cast.team) in row, 'name="list" value="whose=teams"' in row) == (True, True)
    assert Action.objects.get(text="Week-old").state == "open"


@pytest.mark.sweep
def test_queries_do_not_grow_with_rows(cast, rows, as_user, django_assert_max_num_queries):
    ana = as_user(cast.ana)
    Action.objects.bulk_create(
        Action(
            team=cast.team, text=f"Task {n}", owner=cast.staff.tom, due_on=cast.school.today(), made_by=cast.tom,
            client_key=uuid.uuid4(),
        )
        for n in range(120)
    )  # fmt: skip
    ana.get(LIST, {"whose": "teams"})
    with django_assert_max_num_queries(12):
        page = ana.get(LIST, {"whose": "teams"}).context["found"].page
    assert (page.paginator.count, len(page)) == (123, 50)


def test_teams_that_one_is_in_and_teams_that_one_may_see_are_two_choices(cast, rows, texts, as_user):
    def choices(user):
        filters = as_user(user).get(LIST).context["filters"]
        return [value for value, _label in filters.fields["whose"].choices if value in ("teams", "seen")]

    assert {name: choices(getattr(cast, name)) for name in ("ana", "tom", "pia")} == {
        "ana": ["teams"],
        "tom": ["teams"],
        "pia": ["seen"],
    }
    for whose in ("seen", "teams"):  # the link on Home says "teams", also to who is in none
        assert texts(cast.pia, whose=whose) == ["Week-old", "Elsewhere", "Of Tom", "Today"]
