"""Whom teams have spoken of, and whom they missed: counted from what the reader may read."""

import datetime as dt

import pytest
from django.urls import reverse

from collab.agendas.models import AgendaItem, ItemReader, Topic
from collab.coverage.queries.coverage import coverage_of
from collab.meetings.models import Meeting
from datareview.anecdotes.services.anecdotes import AnecdoteValues, write_anecdote
from datareview.plans.models import Plan
from datareview.records.models import Subgroup
from datareview.trends.models import Trend
from tests.conftest import TODAY, make_meeting, make_student

pytestmark = pytest.mark.django_db


def speak(cast, days=10, *, state="done", visibility="staff", **about):
    """A held meeting of the team with an item about a student, ``days`` ago."""
    meeting = make_meeting(cast.team, cast.staff.ana)
    at = cast.school.at(TODAY - dt.timedelta(days=days), dt.time(10))
    Meeting.objects.filter(pk=meeting.pk).update(
        state="closed", starts_at=at, ends_at=at + dt.timedelta(hours=1)
    )
    topic = Topic.objects.get_or_create(team=cast.team, title="T", **about)[0]
    return AgendaItem.objects.create(
        topic=topic, meeting=meeting, position=9, title="T", minutes=5, state=state, visibility=visibility
    )


def rows_of(cast, reader="cora", **wanted):
    found = coverage_of(getattr(cast, reader), cast.school, wanted)
    return {row.student: row for row in found.page}


def test_days_since_any_team_spoke_of_each_child(cast):
    speak(cast, 30, candidate=cast.candidate)
    speak(cast, 10, plan=cast.plan)
    speak(cast, 3, candidate=cast.candidate, state="waiting")
    rows = rows_of(cast)
    assert (rows[cast.maya].days, rows[cast.maya].spoken_on) == (10, TODAY - dt.timedelta(days=10))
    assert (rows[cast.jonas].days, rows[cast.jonas].spoken_on) == (None, None)
    found = coverage_of(cast.cora, cast.school, {})
    assert (found.total, found.spoken) == (3, 1)


def test_what_the_reader_may_not_read_counts_for_nobody_else(cast):
    item = speak(cast, candidate=cast.candidate, visibility="restricted")
    ItemReader.objects.create(item=item, staff=cast.staff.ana)
    team = f"team:{cast.team.uuid}"
    assert rows_of(cast, "ana", who=team)[cast.maya].days == 10
    assert rows_of(cast, "tom", who=team)[cast.maya].days is None
    assert rows_of(cast)[cast.maya].days is None


def test_a_meeting_of_last_year_is_not_of_this(cast):
    speak(cast, 120, candidate=cast.candidate)
    assert rows_of(cast)[cast.maya].spoken_on is None


def test_flagged_without_a_plan_and_never_spoken_of(cast):
    assert coverage_of(cast.cora, cast.school, {}).missed == 0
    Plan.objects.update(state="ended", outcome="met", ended_on=TODAY)
    assert list(rows_of(cast, show="missed")) == [cast.maya]
    speak(cast, candidate=cast.candidate)
    assert rows_of(cast, show="missed") == {}


def test_doing_well_and_never_named(cast):
    Trend.objects.create(
        student=cast.ines,
        measure=cast.fluency,
        status="ok",
        n=3,
        benchmark_level=3,
        as_of=TODAY,
        method_version="1",
        computed_at=cast.school.at(TODAY, dt.time(6)),
    )
    assert list(rows_of(cast, show="quiet")) == [cast.ines]
    write_anecdote(cast.ines, actor=cast.tom, values=AnecdoteValues("Helps Leo", TODAY, sharing="me"))
    assert list(rows_of(cast, show="quiet")) == [cast.ines]
    assert rows_of(cast, "tom", who=f"team:{cast.team.uuid}", show="quiet") == {}


def test_any_care_counts_as_care(cast):
    cast.plan.sessions.create(held_on=TODAY - dt.timedelta(days=2), result="held", logged_by=cast.sol)
    cast.plan.sessions.create(held_on=TODAY - dt.timedelta(days=1), result="absent", logged_by=cast.sol)
    speak(cast, 5, plan=cast.plan)
    row = rows_of(cast)[cast.maya]
    assert (row.cared_on, row.spoken_on) == (TODAY - dt.timedelta(days=2), TODAY - dt.timedelta(days=5))


def test_those_never_spoken_of_come_first_then_the_longest_ago(cast):
    speak(cast, 10, plan=cast.plan)
    other = cast.jonas.candidates.create(domain="academic", reason="R", raised_on=TODAY)
    speak(cast, 20, candidate=other)
    assert list(rows_of(cast)) == [cast.ines, cast.jonas, cast.maya]
    assert list(rows_of(cast, sort="name")) == [cast.ines, cast.maya, cast.jonas]
    assert next(iter(rows_of(cast, sort="flags"))) == cast.maya


def test_groups_under_ten_are_hidden_and_so_is_what_gives_them_away(cast):
    """Of 33 students 3 are in a small group, so that the number of the other one would tell theirs."""
    students = [cast.maya, cast.jonas, cast.ines]
    students += [make_student(cast.school, f"5{n:02}", "A", f"B{n:02}", 4) for n in range(30)]
    for place, student in enumerate(students):
        group = "Small" if place < 3 else "Large"
        Subgroup.objects.create(student=student, category="Language", group=group)
    speak(cast, 10, plan=cast.plan)
    lines = {
        one.group: (one.spoken, one.students) for one in coverage_of(cast.cora, cast.school, {}).subgroups
    }
    assert lines == {"Small": (None, None), "Large": (None, None)}


def test_large_groups_are_shown_to_those_who_see_the_whole_school_alone(cast):
    for student in (cast.maya, cast.jonas, cast.ines):
        Subgroup.objects.create(student=student, category="Language", group="One")
    for n in range(60):
        student = make_student(cast.school, f"5{n:02}", "A", f"B{n:02}", 4)
        Subgroup.objects.create(student=student, category="Language", group="One" if n % 2 else "Two")
        if n < 40:
            speak(
                cast, 5, candidate=student.candidates.create(domain="academic", reason="R", raised_on=TODAY)
            )
    found = coverage_of(cast.pia, cast.school, {}).subgroups
    assert {one.group: (one.spoken, one.students) for one in found} == {"One": (20, 33), "Two": (20, 30)}
    cast.school.min_group_size = 21
    found = coverage_of(cast.pia, cast.school, {}).subgroups
    assert {(one.group, one.spoken) for one in found} == {("One", None), ("Two", None)}
    team = f"team:{cast.team.uuid}"
    assert coverage_of(cast.pia, cast.school, {"who": team}).subgroups == []
    assert coverage_of(cast.ana, cast.school, {"who": team}).subgroups == []


def test_the_page_for_people_with_and_without_students(cast, as_user):
    speak(cast, 10, plan=cast.plan)
    address = reverse("collab:coverage-show")
    ana = as_user(cast.ana).get(address).content.decode()
    assert ("10 days ago" in ana, ">not yet<" in ana, "By group of students" in ana) == (
        True,
        True,
        False,
    )
    gil = as_user(cast.gil).get(address)
    assert (gil.status_code, "No students here" in gil.content.decode()) == (200, True)
    other = as_user(cast.ana).get(address, {"who": f"team:{cast.other_team.uuid}"}).content.decode()
    assert "Leak" not in other
