"""The next meetings of several teams are those of each, in one query."""

import datetime as dt

from collab.meetings.models import Meeting
from collab.meetings.queries.meetings import next_meeting_of, next_meetings_of
from teams.lib import clock


def _meeting(team, days, state="planned"):
    starts = clock.now() + dt.timedelta(days=days)
    return Meeting.objects.create(
        team=team, title="M", starts_at=starts, ends_at=starts + dt.timedelta(minutes=40), state=state
    )


def test_each_team_has_its_own_next_meeting(cast, django_assert_num_queries):
    Meeting.objects.all().delete()
    for team in (cast.team, cast.other_team):
        for days in (9, -3, 2):
            _meeting(team, days)
        _meeting(team, 1, "cancelled")
    live = _meeting(cast.other_team, -1, "live")
    with django_assert_num_queries(1):
        found = next_meetings_of([cast.team, cast.other_team])
    assert found == {team.pk: next_meeting_of(team) for team in (cast.team, cast.other_team)}
    assert found[cast.other_team.pk] == live
    assert next_meetings_of([]) == {}
