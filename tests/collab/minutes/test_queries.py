"""What minutes show to whom, and that many items need no more queries than one."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collab.agendas.models import Topic
from collab.decisions.models import Decision
from collab.meetings.models import Attendance, Meeting
from collab.minutes.queries.minutes import minutes_of, students_of
from collab.minutes.queries.people import people_at
from collab.minutes.queries.staff_minutes import open_minutes_of, staff_minutes_of, without_names
from collab.room.queries.room import room_of
from datareview.charts.spec import Chart, Table
from teams.directory.models import TeamMember
from teams.lib import clock
from tests.conftest import make_action, make_staff


@pytest.fixture
def closed(cast):
    """A closed meeting of last week without items."""
    starts = cast.school.at(cast.school.today() - dt.timedelta(days=7), dt.time(10, 10))
    ends = starts + dt.timedelta(minutes=45)
    return Meeting.objects.create(
        team=cast.team, title="What now?", starts_at=starts, ends_at=ends, started_at=starts,
        closed_at=ends, state="closed",
    )  # fmt: skip


def test_not_reached_are_the_topics_that_went_back_to_the_queue(cast, closed):
    """As many as closing announced: restricted ones without their title, and no steps of the protocol."""
    for number, (state, visibility) in enumerate(
        [("done", "team"), ("moved", "team"), ("waiting", "team"), ("moved", "restricted")]
    ):
        topic = Topic.objects.create(
            team=cast.team, title="x", kind="step" if state == "waiting" else "other"
        )
        closed.items.create(
            topic=topic, title=f"Item {number}", position=number, state=state, visibility=visibility
        )
    found = minutes_of(cast.tom, room_of(cast.tom, closed)).unreached
    assert [item.title for item in found] == ["Item 1", "Restricted item"]


def test_what_has_most_votes_is_first_in_the_minutes(cast, closed):
    topic = Topic.objects.create(team=cast.team, title="Data", kind="data")
    item = closed.items.create(topic=topic, title="Data", position=1, state="done")
    first, second, third = (
        item.contributions.create(author=cast.ana, text=text, client_key=uuid.uuid4()) for text in "abc"
    )
    for voter in (cast.ana, cast.tom):
        item.votes.create(user=voter, contribution=third, slot=1)
    item.votes.create(user=cast.ana, contribution=second, slot=2)
    (part,) = minutes_of(cast.tom, room_of(cast.tom, closed)).parts
    assert [kind.contributions for kind in part.kinds] == [[third, second, first]]


def add_item(cast, meeting, number=1, **fields):
    """An item with everything an item can have."""
    topic = Topic.objects.create(team=cast.team, title="Data", kind="data")
    item = meeting.items.create(
        **{"topic": topic, "title": f"Item {number}", "position": number, "state": "done", **fields}
    )
    key = uuid.uuid4
    group = item.clusters.create(title="Alike")
    for place, author in enumerate((cast.ana, cast.tom)):
        contribution = item.contributions.create(
            author=author, text=f"Said {number}", client_key=key(), cluster=None if place else group
        )
        contribution.agreements.create(user=cast.ana)
    item.contributions.create(author=cast.tom, text="Before", is_before=True, client_key=key())
    item.causes.create(author=cast.ana, text="Why", client_key=key())
    item.changes.create(teacher=cast.staff.tom, text="What", client_key=key())
    shown = item.exhibits.create(
        view="student_attendance", parameters={"student": str(cast.maya.uuid)}, added_by=cast.ana,
        predict_first=True, frozen=Chart("Absent", "Often").to_json(), frozen_at=clock.now(),
    )  # fmt: skip
    shown.predictions.create(user=cast.tom, text="More")
    item.questions.create(
        text="May we?", answer="Yes", asked_by=cast.ana, answered_by=cast.pia, client_key=key()
    )
    Decision.objects.create(item=item, text=f"Decided {number}", decided_by=cast.ana, client_key=key())
    make_action(cast.team, cast.staff.ana, meeting)
    meeting.corrections.create(item=item, text="It was Tuesday", author=cast.ana, client_key=key())
    return item


def page(as_user, user, meeting):
    return as_user(user).get(meeting.get_absolute_url()).content.decode()


@pytest.mark.sweep
def test_query_count_does_not_grow_with_items(cast, closed, as_user):
    page(as_user, cast.ana, closed)
    taken = []
    for numbers in ([1], range(2, 7)):
        for number in numbers:
            add_item(cast, closed, number)
        page(as_user, cast.ana, closed)  # the first view of these students is logged
        with CaptureQueriesContext(connection) as queries:
            text = page(as_user, cast.ana, closed)
        taken.append(len(queries))
    assert "Said 6" in text
    assert "Decided 6" in text
    assert taken[0] == taken[1]
    assert taken[0] < 60


def test_parts_hold_contributions_charts_and_corrections(cast, closed):
    add_item(cast, closed)
    part = minutes_of(cast.ana, room_of(cast.ana, closed)).parts[0]
    assert [one.text for one in part.before] == ["Before"]
    assert [(contribution.label, len(contribution.contributions)) for contribution in part.groups] == [
        ("Alike", 1)
    ]
    assert [(contribution.kind, contribution.contributions[0].agree) for contribution in part.kinds] == [
        ("notice", 1)
    ]
    assert [one.text for one in (*part.causes, *part.changes, *part.corrections)] == [
        "Why",
        "What",
        "It was Tuesday",
    ]
    assert part.exhibits[0].chart.title == "Absent"
    assert [one.text for one in part.exhibits[0].predicted] == ["More"]


def test_a_restricted_item_leaves_no_trace_on_other_peoples_page(cast, closed, as_user):
    item = add_item(cast, closed, title="Custody", visibility="restricted", owner=cast.staff.ana)
    assert "Custody" in page(as_user, cast.ana, closed)
    text = page(as_user, cast.tom, closed)
    for word in ("Custody", "Said 1", "Before", "Decided 1", "It was Tuesday", "May we?", "Often"):
        assert word not in text, word
    assert str(item.uuid) not in text


def test_a_chart_of_a_student_the_reader_may_not_see_is_not_drawn(cast, closed):
    add_item(cast, closed)
    assert minutes_of(cast.gil, room_of(cast.gil, closed)).parts[0].exhibits[0].chart is None


def test_attendance_stays_when_people_join_or_leave_later(cast, closed):
    Attendance.objects.create(meeting=closed, staff=cast.staff.tom, mark="late")
    closed.guests.create(staff=cast.staff.gil, invited_by=cast.ana)
    late = make_staff("New", "Come", cast.school, "teacher")
    TeamMember.objects.create(team=cast.team, staff=late, starts_on=cast.school.today())
    TeamMember.objects.filter(staff=cast.staff.tom).update(ends_on=cast.school.today() - dt.timedelta(days=2))
    here, away = people_at(closed)
    assert [(one.staff, one.mark) for one in here] == [(cast.staff.tom, "late")]
    assert [(one.staff, one.is_guest) for one in away] == [(cast.staff.ana, False), (cast.staff.gil, True)]


@pytest.mark.sweep
def test_no_items_and_forty(cast, closed, as_user):
    assert "No items were discussed." in page(as_user, cast.ana, closed)
    for number in range(40):
        add_item(cast, closed, number)
    assert page(as_user, cast.ana, closed).count('class="minutes-item"') == 40


def test_students_of_minutes_are_those_of_items_action_items_and_charts(cast, closed):
    item = add_item(cast, closed)
    assert students_of(minutes_of(cast.ana, room_of(cast.ana, closed))) == [cast.maya]
    item.exhibits.update(
        view="class_windows",
        parameters={"team": str(cast.team.uuid), "measure": str(cast.fluency.uuid)},
        frozen=Chart("All", "x", table=Table(("Student",), (("Ines Duarte",),))).to_json(),
    )
    closed.items.filter(pk=item.pk).update(
        topic=Topic.objects.create(team=cast.team, title="x", plan=cast.plan)
    )
    names = {str(one) for one in students_of(minutes_of(cast.ana, room_of(cast.ana, closed)))}
    assert names == {"Ines Duarte", "Maya Okafor"}


def test_typed_names_are_redacted_for_all_staff(cast, closed):
    item = add_item(cast, closed, title="Why Maya is late", visibility="staff")
    item.exhibits.all().delete()
    Decision.objects.update(text="Okafor, Maya and Ines Duarte sit with Tom Berg")
    closed.corrections.update(text="It was Jonas")
    item = staff_minutes_of(closed)[0]
    assert item.title == "Why a student is late"
    assert item.decisions[0][0] == "a student and a student sit with Tom Berg"
    assert item.corrections == ["It was a student"]
    assert without_names(cast.school)("May we meet on Monday?") == "May we meet on Monday?"


@pytest.mark.parametrize("many", [1, 5])
def test_query_count_of_the_staff_version_does_not_grow(cast, closed, many, django_assert_num_queries):
    for number in range(many):
        add_item(cast, closed, number, visibility="staff").exhibits.all().delete()
    with django_assert_num_queries(8):
        assert len(staff_minutes_of(closed)) == many


def test_open_minutes_are_listed_for_the_school_once_they_are_approved(cast, closed):
    add_item(cast, closed, 1, visibility="staff")
    add_item(cast, closed, 2)
    assert list(open_minutes_of(cast.school).page) == []
    Meeting.objects.filter(pk=closed.pk).update(approved_at=clock.now(), approved_by=cast.ana)
    listed = list(open_minutes_of(cast.school).page)
    assert [(one, one.open_items) for one in listed] == [(closed, 1)]
    assert list(open_minutes_of(cast.other_school).page) == []
    assert list(open_minutes_of(cast.school, team_uuid="x").page) == [closed]
