"""A term is shown before it is planned: dates, holidays by name, and clashes. Nothing is saved."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from collab.meetings.models import Meeting, Series
from teams.directory.models import Holiday

NEW = reverse("collab:series-new")


def typed(cast, **more):
    """Every Wednesday for four weeks from the day after today."""
    today = cast.school.today()
    wednesday = today + dt.timedelta(days=7 + (2 - today.weekday()) % 7)
    data = {
        "team": cast.team.uuid,
        "title": "Every Wednesday",
        "pattern": "weeks",
        "weekday": 2,
        "every": 1,
        "starts_at": "15:30",
        "minutes": 45,
        "starts_on": wednesday.isoformat(),
        "ends_on": (wednesday + dt.timedelta(days=21)).isoformat(),
    }
    return wednesday, data | more


def test_days_holidays_and_clashes_are_shown_and_then_planned_as_shown(cast, as_user):
    first, data = typed(cast)
    days = [first + dt.timedelta(weeks=n) for n in range(4)]
    Holiday.objects.filter(school=cast.school).delete()
    Holiday.objects.create(school=cast.school, name="Snow break", starts_on=days[1], ends_on=days[1])
    starts = cast.school.at(days[2], dt.time(16))
    Meeting.objects.create(
        team=cast.team, title="With families", starts_at=starts, ends_at=starts + dt.timedelta(hours=1)
    )
    ana, before = as_user(cast.ana), Meeting.objects.count()
    page = ana.post(NEW, data | {"preview": "yes"})
    found = page.context["preview"]
    assert found.days == [days[0], days[3]]
    assert [(day, holiday.name) for day, holiday in found.left_out] == [(days[1], "Snow break")]
    assert [(day, meeting.title) for day, meeting in found.taken] == [(days[2], "With families")]
    text = page.content.decode()
    assert ("Snow break" in text, "With families" in text, 'value="Every Wednesday"' in text) == (
        True,
        True,
        True,
    )
    assert (Meeting.objects.count(), Series.objects.filter(title="Every Wednesday").count()) == (before, 0)
    ana.post(NEW, data)
    rows = Series.objects.get(title="Every Wednesday").meetings.order_by("starts_at")
    assert [row.starts_at.astimezone(cast.school.tz).date() for row in rows] == found.days


def test_a_wrong_form_shows_its_errors_and_no_days(cast, as_user):
    first, data = typed(cast, preview="yes")
    page = as_user(cast.ana).post(NEW, data | {"ends_on": (first - dt.timedelta(days=1)).isoformat()})
    assert (page.status_code, page.context["preview"]) == (422, None)
    assert "The last day is before the first" in page.content.decode()


def test_only_a_team_that_one_may_plan_for_is_previewed(cast, as_user):
    _first, data = typed(cast, preview="yes", team=cast.other_team.uuid)
    page = as_user(cast.ana).post(NEW, data)
    assert (page.status_code, page.context["preview"]) == (422, None)
