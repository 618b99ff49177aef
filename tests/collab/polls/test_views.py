"""Polls in the browser, with and without htmx; nothing typed is lost."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse

from collab.meetings.models import Meeting
from collab.polls.models import Poll, PollAnswer
from teams.directory.models import Role, Staff
from tests.conftest import make_school, make_team
from tests.factories.polls import ask, at, say


@pytest.fixture
def poll(cast):
    return ask(cast)


def typed(cast, **changes):
    day = cast.school.today() + dt.timedelta(days=2)
    return {
        "team": str(cast.team.uuid),
        "title": "Winter",
        "minutes": "45",
        "closes_on": day.isoformat(),
        "people": [str(cast.staff.tom.uuid), str(cast.staff.gil.uuid)],
        "time_1": f"{day.isoformat()}T10:10",
        "time_4": f"{day.isoformat()}T08:00",
    } | changes


def test_a_poll_is_asked(cast, as_user):
    answer = as_user(cast.ana).post(reverse("collab:poll-new"), typed(cast))
    poll = Poll.objects.get()
    assert answer["Location"] == poll.get_absolute_url()
    starts = [option.starts_at.astimezone(cast.school.tz).time() for option in poll.options.all()]
    assert starts == [dt.time(8), dt.time(10, 10)]
    assert {row.staff for row in poll.people.all()} == {cast.staff.tom, cast.staff.gil}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"time_4": ""}, "at least two different times"),
        ({"time_4": "soon"}, "Write a day and a time"),
        ({"time_4": "2020-01-01T10:00"}, "has passed"),
        ({"people": []}, "Choose who to ask."),
        ({"minutes": "5"}, "greater than or equal to 10"),
        ({"title": ""}, "This field is required."),
        ({"closes_on": "2020-01-01"}, "answer by has passed"),
    ],
)
def test_errors_are_shown_and_nothing_typed_is_lost(cast, as_user, changes, sentence):
    answer = as_user(cast.ana).post(reverse("collab:poll-new"), typed(cast, **changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert typed(cast)["time_1"] in page
    assert not Poll.objects.exists()


def test_people_of_another_school_cannot_be_selected(cast, as_user):
    answer = as_user(cast.ana).post(
        reverse("collab:poll-new"), typed(cast, people=[str(cast.staff.zed.uuid)])
    )
    assert answer.status_code == 422
    assert "Zed" not in answer.content.decode()


def test_query_parameters_prefill_the_form(cast, as_user):
    query = {"team": str(cast.team.uuid), "minutes": "30", "at": ["2026-12-01T10:10", "2026-12-02T08:00"]}
    page = as_user(cast.ana).get(reverse("collab:poll-new"), query).content.decode()
    assert 'value="2026-12-01T10:10"' in page
    assert 'value="30"' in page
    assert page.count(" checked") == 2


def test_choosing_a_team_selects_its_members(cast, as_user):
    other = make_team(cast.school, "Data team", 5, [cast.staff.gil])
    answer = as_user(cast.cora).get(reverse("collab:poll-new"), {"team": str(other.uuid)})
    assert answer.content.decode().count(" checked") == 1


def test_an_answer_is_saved_at_once(cast, poll, as_user):
    option = poll.options.first()
    address = reverse("collab:poll-answer", args=[poll.uuid])
    sent = {"option": str(option.uuid), "answer": "maybe"}
    answer = as_user(cast.tom).post(address, sent, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page
    assert re.search(rf'id="maybe-{option.uuid}"\s+aria-pressed="true"', page)
    answer = as_user(cast.tom).post(address, sent | {"answer": "yes"})
    assert answer["Location"] == poll.get_absolute_url()
    assert PollAnswer.objects.get().answer == "yes"


@pytest.mark.parametrize("sent", [{}, {"option": "x", "answer": "yes"}, {"option": "", "answer": ""}])
def test_an_empty_answer_gets_a_sentence(cast, poll, as_user, sent):
    address = reverse("collab:poll-answer", args=[poll.uuid])
    answer = as_user(cast.tom).post(address, sent, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "Answer yes, if needed or no" in answer["HX-Trigger"]
    assert 'id="poll"' in answer.content.decode()


def test_the_list_starts_with_polls_that_await_my_answer(cast, poll, as_user):
    page = as_user(cast.tom).get(reverse("collab:poll-list")).context["page"]
    assert ([row.poll for row in page.to_answer], page.open, page.past) == ([poll], [], [])
    for place in range(3):
        say(poll, cast.tom, place, "yes")
    page = as_user(cast.tom).get(reverse("collab:poll-list")).context["page"]
    assert ([row.answered for row in page.open], page.to_answer) == ([1], [])


def test_a_time_is_chosen(cast, poll, as_user):
    option = poll.options.last()
    address = reverse("collab:poll-close", args=[poll.uuid])
    answer = as_user(cast.ana).post(address, {"option": str(option.uuid)})
    meeting = Meeting.objects.get(starts_at=at(cast, 4, 8))
    assert answer["Location"] == meeting.get_absolute_url()
    page = as_user(cast.tom).get(poll.get_absolute_url()).content.decode()
    assert meeting.get_absolute_url() in page
    assert "collab:poll-answer" not in page


def test_people_who_may_not_close_it_get_an_error(cast, poll, as_user):
    assert as_user(cast.tom).post(reverse("collab:poll-close", args=[poll.uuid])).status_code == 403
    assert as_user(cast.zed).post(reverse("collab:poll-close", args=[poll.uuid])).status_code == 404


def test_query_count_does_not_grow_with_times_and_people(cast, as_user, django_assert_max_num_queries):
    small = ask(cast, people=[cast.staff.ana], times=[at(cast, 1, 9), at(cast, 1, 10)])
    large = ask(
        cast,
        people=[cast.staff.ana, cast.staff.tom, cast.staff.gil, cast.staff.sol],
        times=[at(cast, 1, hour) for hour in range(8, 14)],
    )
    client = as_user(cast.ana)
    client.get(small.get_absolute_url())  # reads what the process keeps
    counts = []
    for poll in (small, large):
        with django_assert_max_num_queries(40) as seen:
            client.get(poll.get_absolute_url())
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_double_click_creates_one_poll(cast, as_user):
    client = as_user(cast.ana)
    first, second = (client.post(reverse("collab:poll-new"), typed(cast)) for _click in range(2))
    assert first["Location"] == second["Location"] == Poll.objects.get().get_absolute_url()


@pytest.mark.parametrize("when", ["9999-12-31T23:59", "0001-01-01T00:00"])
def test_an_absurdly_late_time_gets_a_sentence(cast, as_user, when):
    answer = as_user(cast.ana).post(reverse("collab:poll-new"), typed(cast, time_4=when))
    assert answer.status_code == 422
    assert when in answer.content.decode()


def test_the_deadline_is_before_the_first_time(cast, as_user):
    today = cast.school.today()
    for days, expected in ((1, 0), (2, 1), (9, 3)):
        query = {"at": [f"{today + dt.timedelta(days=days)}T10:10", "soon"]}
        form = as_user(cast.ana).get(reverse("collab:poll-new"), query).context["form"]
        assert form.initial["closes_on"] == today + dt.timedelta(days=expected)


def test_times_are_those_of_the_polls_school(cast, poll, as_user):
    """Tom works at a second school far west, which comes first by name."""
    west = make_school("Aardvark Elementary")
    west.time_zone = "Pacific/Honolulu"
    west.save()
    Staff.objects.create(user=cast.tom, school=west, role=Role.TEACHER, starts_on=cast.school.today())
    page = as_user(cast.tom).get(poll.get_absolute_url()).content.decode()
    assert [f", {hour}–" in page for hour in ("9:00", "10:00", "8:00")] == [True] * 3
