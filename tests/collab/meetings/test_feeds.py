"""Private calendar feeds: readable without signing in until revoked, and without students' names."""

import datetime as dt

import icalendar
import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from collab.meetings.models import CalendarFeed, Guest, Meeting, MeetingEvent
from collab.meetings.services import feeds
from collab.planning.services import meetings
from teams.directory.models import Role, Staff, TeamMember
from tests.conftest import make_meeting


@pytest.fixture
def feed(cast):
    return feeds.make_feed(cast.tom, team=None)


def read(client, feed, **headers):
    return client.get(reverse("collab:feed-read", args=[feed.token]), **headers)


def test_a_calendar_program_reads_it_without_signing_in_and_gets_304_when_unchanged(cast, client, feed):
    answer = read(client, feed)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert (str(event["SUMMARY"]), event["DTSTART"].dt) == ("Grade 4: meeting", cast.meeting.starts_at)
    assert "fluency" not in answer.content.decode()
    assert event["DTSTAMP"].dt == cast.meeting.created_at.replace(microsecond=0)
    for known in (answer["ETag"], f'"other", W/{answer["ETag"]}', "*"):
        again = read(client, feed, HTTP_IF_NONE_MATCH=known)
        assert (again.status_code, again["ETag"], again.content) == (304, answer["ETag"], b""), known
    later = cast.meeting.starts_at + dt.timedelta(hours=1)
    meetings.move_meeting(cast.meeting, actor=cast.ana, starts_at=later, minutes=45, place="Room 2")
    assert read(client, feed, HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 200
    feed.refresh_from_db()
    assert feed.read_at is not None


def test_it_stops_working_when_revoked_or_when_its_user_leaves(cast, client, feed):
    yesterday = cast.school.today() - dt.timedelta(days=1)
    team_feed = feeds.make_feed(cast.tom, team=cast.team)
    TeamMember.objects.filter(staff=cast.staff.tom).update(ends_on=yesterday)
    assert (read(client, team_feed).status_code, read(client, feed).status_code) == (404, 200)
    assert icalendar.Calendar.from_ical(read(client, feed).content).walk("VEVENT") == []
    Staff.objects.filter(pk=cast.staff.tom.pk).update(ends_on=yesterday)
    assert read(client, feed).status_code == 404
    Staff.objects.filter(pk=cast.staff.tom.pk).update(ends_on=None)
    feeds.revoke_feed(feed, actor=cast.tom)
    assert read(client, feed).status_code == 404
    assert client.get("/feeds/guess.ics").status_code == 404


def test_a_guest_of_a_school_they_left_has_its_meetings_no_more(cast, client, feed):
    staff = Staff.objects.create(
        user=cast.tom, school=cast.other_school, role=Role.TEACHER, starts_on=cast.staff.tom.starts_on
    )
    meeting = make_meeting(cast.other_team, cast.staff.zed)
    Guest.objects.create(meeting=meeting, staff=staff, invited_by=cast.zed)

    def listed():
        events = icalendar.Calendar.from_ical(read(client, feed).content).walk("VEVENT")
        return {str(event["UID"]).split("@")[0] for event in events}

    assert listed() == {str(cast.meeting.uuid), str(meeting.uuid)}
    Staff.objects.filter(pk=staff.pk).update(ends_on=cast.other_school.today() - dt.timedelta(days=1))
    assert listed() == {str(cast.meeting.uuid)}


def test_people_have_one_feed_per_team_and_only_their_own(cast, as_user):
    client = as_user(cast.tom)
    for _click in range(2):
        client.post(reverse("collab:feed-make"), {"team": str(cast.team.uuid)})
    mine = CalendarFeed.objects.get()
    assert mine.token in client.get(reverse("collab:feed-list")).content.decode()
    assert client.post(reverse("collab:feed-make"), {"team": str(cast.other_team.uuid)}).status_code == 404
    assert as_user(cast.ana).post(reverse("collab:feed-revoke", args=[mine.uuid])).status_code == 404
    assert mine.token not in as_user(cast.ana).get(reverse("collab:feed-list")).content.decode()
    as_user(cast.tom).post(reverse("collab:feed-revoke", args=[mine.uuid]))
    mine.refresh_from_db()
    assert mine.revoked_at is not None
    assert feeds.make_feed(cast.tom, team=cast.team).token != mine.token


def test_typed_text_is_left_out_if_it_names_a_student(cast, client, feed):
    Meeting.objects.filter(pk=cast.meeting.pk).update(place="Maya Okafor's classroom")
    assert "Maya" not in read(client, feed).content.decode()
    Meeting.objects.filter(pk=cast.meeting.pk).update(place="ana hart's classroom")
    assert "ana hart's classroom" in read(client, feed).content.decode()


def test_it_is_in_its_owners_language_with_a_refresh_interval(cast, client, feed):
    cast.tom.language = "es"
    cast.tom.save()
    found = icalendar.Calendar.from_ical(read(client, feed).content)
    with translation.override("es"):
        assert str(found["X-WR-CALNAME"]) == gettext("My meetings") != "My meetings"
    assert [str(found[name]) for name in ("METHOD", "X-PUBLISHED-TTL")] == ["PUBLISH", "PT1H"]
    assert found["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"


def test_an_entrys_timestamp_is_its_last_change(cast, client, feed):
    MeetingEvent.objects.all().delete()
    meetings.cancel_meeting(cast.meeting, actor=cast.ana)
    (event,) = icalendar.Calendar.from_ical(read(client, feed).content).walk("VEVENT")
    changed = MeetingEvent.objects.get(kind="cancelled").at
    assert (event["DTSTAMP"].dt, str(event["STATUS"])) == (changed.replace(microsecond=0), "CANCELLED")
