"""The list of meetings by week, without what the reader may not see."""

from __future__ import annotations

import datetime as dt

import pytest

from collab.agendas.models import AgendaItem, Topic, Visibility
from collab.meetings.models import Guest, Meeting
from collab.planning.queries.meeting_list import AT_FIRST, meetings_of
from teams.lib import clock
from teams.lib.request_cache import request_cache
from tests.conftest import make_meeting, make_team

QUERIES = 4

pytestmark = pytest.mark.django_db


@pytest.fixture
def term(cast) -> list[Meeting]:
    """Fourteen weekly meetings from next Monday at 10:10 school time, without the cast's own."""
    Meeting.objects.all().delete()
    today = cast.school.today()
    monday = today + dt.timedelta(days=7 - today.weekday())
    rows = []
    for week in range(14):
        starts_at = cast.school.at(monday + dt.timedelta(weeks=week), dt.time(10, 10))
        ends_at = starts_at + dt.timedelta(minutes=45)
        rows.append(
            Meeting.objects.create(team=cast.team, title=f"Week {week}", starts_at=starts_at, ends_at=ends_at)
        )
    return rows


def test_future_meetings_are_grouped_by_week(cast, term):
    page = meetings_of(cast.ana, cast.school)
    assert [week.ahead for week in page.weeks] == list(range(1, AT_FIRST + 1))
    assert [week.meetings for week in page.weeks] == [[one] for one in term[:AT_FIRST]]
    assert [week.starts_on.weekday() for week in page.weeks] == [0] * AT_FIRST
    assert page.more == 2


def test_all_future_meetings_can_be_listed(cast, term):
    page = meetings_of(cast.ana, cast.school, is_whole=True)
    assert [one for week in page.weeks for one in week.meetings] == term
    assert page.more == 0


def test_a_meeting_that_nobody_started_today_is_still_listed(cast):
    over = clock.now() - dt.timedelta(minutes=1)
    Meeting.objects.update(starts_at=over - dt.timedelta(minutes=45), ends_at=over)
    page = meetings_of(cast.ana, cast.school)
    assert [week.meetings for week in page.weeks] == [[cast.meeting]]


def test_a_guest_sees_the_meeting_among_their_own(cast):
    own = make_meeting(make_team(cast.school, "Grade 5", 5, [cast.staff.gil]), cast.staff.gil)
    assert [one for week in meetings_of(cast.gil, cast.school).weeks for one in week.meetings] == [own]
    Guest.objects.create(meeting=cast.meeting, staff=cast.staff.gil, invited_by=cast.ana)
    found = {one for week in meetings_of(cast.gil, cast.school).weeks for one in week.meetings}
    assert found == {own, cast.meeting}


def test_counts_leave_out_unreadable_items(cast):
    def topics(user) -> list[int]:
        return [one.topics for week in meetings_of(user, cast.school).weeks for one in week.meetings]

    before = topics(cast.tom)
    topic = Topic.objects.create(team=cast.team, title="Only for Ana")
    AgendaItem.objects.create(
        topic=topic,
        meeting=cast.meeting,
        position=99,
        minutes=5,
        visibility=Visibility.RESTRICTED,
        owner=cast.staff.ana,
    )
    assert topics(cast.tom) == before
    assert topics(cast.ana) == [before[0] + 1]


def test_query_count_of_the_list_does_not_grow_with_meetings(cast, term, django_assert_num_queries):
    def read() -> list[str]:
        page = meetings_of(cast.ana, cast.school)
        return [f"{one} {one.team}" for week in page.weeks for one in week.meetings]

    with request_cache():
        read()  # what the process keeps of the settings
    with request_cache(), django_assert_num_queries(QUERIES):
        assert len(read()) == AT_FIRST
    Meeting.objects.exclude(pk=term[0].pk).delete()
    with request_cache(), django_assert_num_queries(QUERIES):
        assert len(read()) == 1
