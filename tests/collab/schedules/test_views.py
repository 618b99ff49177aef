"""Pages of schedules: start, watch, read and accept."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from collab.meetings.models import Series
from collab.schedules.models import Schedule
from tests.factories.schedules import solved, start

ADDRESS = "/schedules/"


def typed(cast, **changes):
    return {
        "teams": [str(team.uuid) for team in cast.school.teams.all()],
        "days": ["0", "1", "2"],
        "minutes": "45",
        "periods": "",
        "most_covers": "",
        "most_at_once": "",
    } | changes


def test_a_search_is_started(week, as_user):
    answer = as_user(week.cora).post(ADDRESS, typed(week, most_covers="2", most_at_once="3"))
    schedule = Schedule.objects.get()
    assert answer["Location"] == schedule.get_absolute_url()
    assert schedule.settings["days"] == [0, 1, 2]
    assert (schedule.settings["most_covers"], schedule.settings["most_at_once"]) == (2, 3)
    page = as_user(week.cora).get(schedule.get_absolute_url()).content.decode()
    assert f"job-{schedule.job.uuid}" in page
    # the principal did not start it and may not watch the job
    assert (
        f"job-{schedule.job.uuid}" not in as_user(week.pia).get(schedule.get_absolute_url()).content.decode()
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"teams": []}, "Choose the teams that need a time."),
        ({"days": []}, "Choose the days on which teams may meet."),
        ({"days": ["9"]}, "Select a valid choice"),
        ({"minutes": "x"}, "Enter a whole number."),
        ({"most_at_once": "0"}, "greater than or equal to 1"),
    ],
)
def test_errors_are_shown(week, as_user, changes, sentence):
    answer = as_user(week.cora).post(ADDRESS, typed(week, **changes))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Schedule.objects.exists()


def test_the_result_is_read_and_accepted(week, as_user):
    schedule = solved(week, most_covers=1)
    page = as_user(week.cora).get(schedule.get_absolute_url()).content.decode()
    assert "2 of 2 teams have a time" in page
    assert "Everyone is free." in page
    assert "This is proven" in page
    day = week.school.today() + dt.timedelta(days=1)
    sent = {
        "placement": [str(schedule.placements.get(team=week.team).uuid)],
        "starts_on": day.isoformat(),
        "ends_on": (day + dt.timedelta(days=30)).isoformat(),
    }
    address = reverse("collab:schedule-accept", args=[schedule.uuid])
    as_user(week.cora).post(address, sent)
    as_user(week.cora).post(address, sent)
    assert [series.team for series in Series.objects.all()] == [week.team]
    assert "accepted: see the series" in as_user(week.cora).get(schedule.get_absolute_url()).content.decode()


def test_invalid_dates_are_reported_and_the_selection_is_kept(week, as_user):
    schedule = solved(week)
    row = schedule.placements.get(team=week.team)
    sent = {"placement": [str(row.uuid)], "starts_on": "2020-01-01", "ends_on": ""}
    answer = as_user(week.cora).post(reverse("collab:schedule-accept", args=[schedule.uuid]), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "That day has passed" in page
    assert page.count(" checked") == 1


def test_another_school_finds_nothing(week, as_user):
    schedule = start(week)
    week.staff.zed.role = "coordinator"
    week.staff.zed.save()
    client = as_user(week.zed)
    assert client.get(schedule.get_absolute_url()).status_code == 404
    assert client.post(reverse("collab:schedule-accept", args=[schedule.uuid])).status_code == 404
    assert "Intervention" not in client.get(ADDRESS).content.decode()


def test_query_count_does_not_grow_with_teams_to_schedule(week, as_user, django_assert_max_num_queries):
    counts = []
    client = as_user(week.pia)
    client.get(ADDRESS)
    for teams in ([week.team], list(week.school.teams.all())):
        schedule = solved(week, teams=teams)
        with django_assert_max_num_queries(60) as seen:
            client.get(schedule.get_absolute_url())
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_server_without_the_solver_says_so(week, as_user, monkeypatch):
    monkeypatch.setattr("collab.schedules.queries.schedules.is_available", lambda: False)
    page = as_user(week.cora).get(ADDRESS).content.decode()
    assert "This server has no solver" in page
    assert "Find a time for each team" not in page


def test_days_follow_the_chosen_frequency(week, as_user):
    client = as_user(week.cora)
    assert "every=week" not in client.get(ADDRESS).content.decode()
    week.school.cycle_days = 10
    week.school.save()
    names = {
        every: [
            str(label)
            for _value, label in client.get(ADDRESS, {"every": every}).context["form"].fields["days"].choices
        ]
        for every in ("week", "cycle")
    }
    assert names["week"] == ["Mon", "Tue", "Wed", "Thu", "Fri"]
    assert (names["cycle"][0], names["cycle"][9]) == ("Mon A", "Fri B")
    client.post(ADDRESS, typed(week, every="week"))
    assert Schedule.objects.get().settings["every"] == "week"


def test_changes_since_the_search_are_shown_on_the_page(week, as_user):
    schedule = solved(week)
    row = schedule.placements.get(team=week.team)
    row.period.delete()
    page = as_user(week.cora).get(schedule.get_absolute_url()).content.decode()
    assert "That period no longer exists." in page
    assert f"accept-{row.uuid}" not in page
