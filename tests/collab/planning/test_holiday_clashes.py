"""Series meetings that now fall on a holiday are listed and cancelled, and no others."""

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from collab.agendas.models import AgendaItem, Topic
from collab.meetings.models import Meeting, Series
from collab.meetings.services import invitations
from collab.planning.queries.holiday_clashes import holiday_clashes_for, holiday_clashes_of
from collab.planning.services import meetings, series
from collab.planning.services.holiday_clashes import cancel_holiday_clashes
from teams.audit.models import AuditEvent
from teams.calendar.services import add_holiday, remove_holiday
from teams.directory.models import Role
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.mail.models import Mail
from tests.conftest import make_staff


@pytest.fixture
def term(cast):
    """Four weekly meetings from next week on, at 4:10 pm, without the cast's own."""
    Meeting.objects.all().delete()
    cast.first_day = cast.school.today() + dt.timedelta(days=7)
    cast.series = plan(cast, cast.team, cast.ana)
    cast.meetings = list(cast.series.meetings.order_by("starts_at"))
    return cast


def plan(cast, team, actor, *, starts_at=dt.time(16, 10)):
    return series.plan_series(
        Series(
            team=team,
            title="Team meeting",
            weekday=cast.first_day.weekday(),
            starts_at=starts_at,
            minutes=45,
            starts_on=cast.first_day,
            ends_on=cast.first_day + dt.timedelta(days=21),
        ),
        actor=actor,
    ).series


def close(cast, *, week=0, name="Snow", school=None, actor=None):
    day = cast.first_day + dt.timedelta(weeks=week)
    return add_holiday(school or cast.school, actor=actor or cast.cora, name=name, starts_on=day)


def found(rows):
    return [(row.pk, row.day, row.holiday) for row in rows]


def states(cast):
    return [Meeting.objects.get(pk=one.pk).state for one in cast.meetings]


def test_a_holiday_added_later_clashes_with_the_meetings_on_its_days(term):
    assert found(holiday_clashes_of(term.school)) == []
    close(term)
    close(term, week=2, name="Mourning")
    assert found(holiday_clashes_of(term.school)) == [
        (term.meetings[0].pk, term.first_day, "Snow"),
        (term.meetings[2].pk, term.first_day + dt.timedelta(days=14), "Mourning"),
    ]


def test_dates_are_in_the_schools_time_zone(term):
    late = plan(term, term.team, term.ana, starts_at=dt.time(23, 0)).meetings.order_by("starts_at").first()
    assert late.starts_at.astimezone(dt.UTC).date() == term.first_day + dt.timedelta(days=1)
    add_holiday(term.school, actor=term.cora, name="Next", starts_on=term.first_day + dt.timedelta(days=1))
    assert found(holiday_clashes_of(term.school)) == []
    close(term)
    assert late.pk in {row.pk for row in holiday_clashes_of(term.school)}


def test_single_started_and_cancelled_meetings_are_no_clash(term):
    by_hand = term.school.at(term.first_day, dt.time(8, 0))
    meetings.plan_meeting(term.team, actor=term.ana, title="x", starts_at=by_hand, minutes=30)
    meetings.cancel_meeting(term.meetings[0], actor=term.ana)
    now = clock.now()
    Meeting.objects.filter(pk=term.meetings[1].pk).update(
        starts_at=now - dt.timedelta(hours=1), ends_at=now + dt.timedelta(hours=1)
    )
    for day in (term.first_day, term.school.today()):
        add_holiday(term.school, actor=term.cora, name="Off", starts_on=day)
    assert found(holiday_clashes_of(term.school)) == []


def test_two_holidays_on_a_day_list_a_meeting_once(term):
    close(term, name="Snow")
    add_holiday(
        term.school,
        actor=term.cora,
        name="Flood",
        starts_on=term.first_day - dt.timedelta(days=1),
        ends_on=term.first_day + dt.timedelta(days=1),
    )
    assert found(holiday_clashes_of(term.school)) == [(term.meetings[0].pk, term.first_day, "Flood")]


def test_cancelling_sends_emails_requeues_topics_and_is_audited(term):
    first = term.meetings[0]
    assert invitations.send_invitations(first) == 2
    Mail.objects.update(sent_at=clock.now())
    topic = Topic.objects.create(team=term.team, title="Fractions")
    AgendaItem.objects.create(topic=topic, meeting=first, position=1, title="Fractions")
    close(term)
    assert cancel_holiday_clashes(term.school, actor=term.pia, meetings=term.meetings) == 1
    first.refresh_from_db()
    assert states(term) == ["cancelled", "planned", "planned", "planned"]
    assert (first.cancel_reason, first.calendar_sequence) == ("No school: Snow.", 1)
    assert first.events.last().kind == "cancelled"
    emails = Mail.objects.filter(dedupe_key__startswith=f"cancel:{first.uuid}:").order_by("pk")
    assert [(mail.to, mail.calendar_method) for mail in emails] == [
        (term.ana, "CANCEL"),
        (term.tom, "CANCEL"),
    ]
    assert [visit.title for visit in topic.agenda_items.filter(meeting=None, state="waiting")] == [
        "Fractions"
    ]
    row = AuditEvent.objects.get(verb="cancelled")
    assert (row.actor, row.school, row.subject_uuid) == (term.pia, term.school, first.uuid)


def test_the_reason_is_in_the_schools_language(term):
    type(term.school).objects.update(language="de")
    term.school.refresh_from_db()
    close(term, name="Schnee")
    cancel_holiday_clashes(term.school, actor=term.cora, meetings=term.meetings)
    assert Meeting.objects.get(pk=term.meetings[0].pk).cancel_reason.endswith("Schnee.")


def test_team_leads_cancel_for_their_team_only(term):
    gil_team = term.school.teams.create(name="Grade 5")
    gil_team.members.create(staff=term.staff.gil, is_lead=True, starts_on=term.school.today())
    theirs = list(plan(term, gil_team, term.gil).meetings.order_by("starts_at"))
    close(term)
    listed = {
        name: [row.pk for row in holiday_clashes_for(getattr(term, name), term.school)]
        for name in ("ana", "tom", "gil", "sol", "cora", "pia", "ada", "zed")
    }
    own, other = term.meetings[0].pk, theirs[0].pk
    everything = sorted([own, other])
    assert listed == {
        "ana": [own], "tom": [], "gil": [other], "sol": [],
        "cora": everything, "pia": everything, "ada": everything, "zed": [],
    }  # fmt: skip
    for actor in (term.tom, term.sol, term.zed, term.gil):
        with pytest.raises(PermissionDenied):
            cancel_holiday_clashes(term.school, actor=actor, meetings=term.meetings)
    with pytest.raises(PermissionDenied):
        cancel_holiday_clashes(term.school, actor=term.ana, meetings=[term.meetings[0], theirs[0]])
    assert states(term) == ["planned"] * 4
    assert cancel_holiday_clashes(term.school, actor=term.ana, meetings=term.meetings) == 1
    assert Meeting.objects.get(pk=other).state == "planned"


def test_other_schools_holidays_and_meetings_do_not_matter(term):
    pat = make_staff("Pat", "Low", term.other_school, Role.PRINCIPAL).user
    theirs = list(plan(term, term.other_team, term.zed).meetings.order_by("starts_at"))
    close(term, school=term.other_school, actor=pat)
    assert found(holiday_clashes_of(term.school)) == []
    assert [row.pk for row in holiday_clashes_of(term.other_school)] == [theirs[0].pk]
    with pytest.raises(DomainError, match="at least one"):
        cancel_holiday_clashes(term.school, actor=term.cora, meetings=theirs)
    with pytest.raises(PermissionDenied):
        cancel_holiday_clashes(term.other_school, actor=term.cora, meetings=theirs)
    assert theirs[0].state == Meeting.objects.get(pk=theirs[0].pk).state == "planned"


def test_a_meeting_whose_day_is_a_school_day_again_is_kept(term):
    holiday = close(term)
    ticked = list(holiday_clashes_of(term.school))
    remove_holiday(holiday, actor=term.cora)
    assert cancel_holiday_clashes(term.school, actor=term.cora, meetings=ticked) == 0
    assert states(term) == ["planned"] * 4


def test_a_meeting_moved_meanwhile_is_kept_and_the_rest_is_cancelled_once(term):
    close(term)
    close(term, week=1)
    ticked = list(holiday_clashes_of(term.school))
    later = term.meetings[0].starts_at + dt.timedelta(days=1)
    meetings.move_meeting(term.meetings[0], actor=term.ana, starts_at=later, minutes=45, place="")
    assert cancel_holiday_clashes(term.school, actor=term.cora, meetings=ticked) == 1
    assert cancel_holiday_clashes(term.school, actor=term.cora, meetings=ticked) == 0
    assert states(term) == ["planned", "cancelled", "planned", "planned"]


@pytest.mark.parametrize("weeks", [1, 4])
def test_the_list_takes_one_query(term, weeks, django_assert_num_queries):
    for week in range(weeks):
        close(term, week=week)
    with django_assert_num_queries(1):
        rows = [
            (row.team.name, row.get_absolute_url(), row.holiday) for row in holiday_clashes_of(term.school)
        ]
    assert len(rows) == weeks


def test_the_calendar_lists_them_for_people_who_may_cancel_them_with_one_button(term, as_user):
    close(term)
    close(term, week=1, name="Flood")
    calendar, ids = reverse("teams:calendar-show"), [str(one.uuid) for one in term.meetings]
    page = as_user(term.tom).get(calendar).content.decode()
    assert "Cancel these meetings" not in page
    page = as_user(term.cora).get(calendar).content.decode()
    assert page.count('name="meeting"') == 2
    assert all(re.search(rf'value="{one}"\s+id="clash-{one}"\s+checked', page) for one in ids[:2])
    detail = as_user(term.ana).get(term.series.get_absolute_url()).content.decode()
    assert detail.count("no school that day") == 2
    post = reverse("collab:strays-cancel")
    assert as_user(term.tom).post(post, {"meeting": ids[:1]}).status_code == 403
    assert as_user(term.cora).post(post, {"meeting": "x"}).status_code == 404
    assert messages_of(as_user(term.cora).post(post, follow=True)) == ["Select at least one meeting."]
    answer = as_user(term.cora).post(post, {"meeting": ids[:3]}, follow=True)
    assert messages_of(answer) == [
        "2 meetings were canceled.",
        "The others have changed in the meantime, so they were left as they are.",
    ]
    assert "Cancel these meetings" not in answer.content.decode()
    assert states(term) == ["cancelled", "cancelled", "planned", "planned"]
    detail = as_user(term.ana).get(term.series.get_absolute_url()).content.decode()
    assert detail.count("no school that day") == 0


def messages_of(response):
    return [str(one) for one in response.context["messages"]]
