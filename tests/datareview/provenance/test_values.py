"""Where a value comes from: the file with row and column, or who typed it; what stood there before; only for who may see."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from datareview.disputes.queries.values import values_of
from datareview.disputes.services import open_dispute
from datareview.flags.models import Candidate
from datareview.hand_scores.services import enter_score
from datareview.imports.services import files
from datareview.incidents.services import IncidentValues, record_incident
from datareview.loading.services.undoing import undo_job
from datareview.privacy.models import Disclosure
from datareview.provenance.queries.values import named_value
from datareview.records.models import AttendanceDay, CourseGrade, Incident, Score
from datareview.records.values import value_address
from teams.jobs.models import Job
from teams.lib import clock
from tests.factories.assessments import answer, make_assessment
from tests.factories.imports import Quiet, load, scores

pytestmark = pytest.mark.django_db
FROM_COLUMNS = {"student": "student_id", "day": "date", "value": "score", "measure": "measure"}


def page(cast, *name, user=None):
    return named_value(user or cast.ana, cast.maya, "-".join(map(str, name)))


def line(origin):
    return origin.file, origin.line, origin.column, origin.who, origin.text


def undo(cast, row):
    files.start_undo(row, actor=cast.ada)
    undo_job(Job(payload={"import": row.pk}), Quiet())


@pytest.fixture
def orf(cast):
    """Two files of Maya's score of today: the second corrects the first."""
    first = load(cast, scores(cast, "1002,{day},55,orf", "1001,{day},70,orf"), name="first.csv")
    second = load(cast, scores(cast, "1001,{day},75,orf"), name="second.csv", confirm=True)
    return first, second, Score.objects.get(student=cast.maya, imported_by=second)


def test_a_score_knows_file_row_column_hour_and_person_and_what_stood_before(cast, orf):
    _first, second, score = orf
    (value,) = page(cast, "score", score.measure_id, score.taken_on).values
    ada = cast.ada.short_name
    assert line(value.origin) == ("second.csv", 2, "score", ada, "")
    assert (value.text, value.origin.at, value.key) == ("75", second.applied_at, f"score-{score.pk}")
    assert [line(one) for one in value.former] == [("first.csv", 3, "score", ada, "70")]


@pytest.mark.parametrize("kind", ["week", "conduct", "day"])
def test_a_value_of_the_first_days_of_the_calendar_is_none(cast, kind):
    assert page(cast, kind, "0001-01-05") is None


def test_only_who_loads_files_is_led_to_them(cast, orf):
    name = ("score", orf[2].measure_id, orf[2].taken_on)
    urls = [page(cast, *name, user=user).values[0].origin.url for user in (cast.ana, cast.ada)]
    assert urls == ["", orf[1].get_absolute_url()]


def test_undoing_gives_back_the_row_of_the_first_file_and_then_nothing(cast, orf):
    first, second, score = orf
    undo(cast, second)
    (value,) = page(cast, "score", score.measure_id, score.taken_on).values
    assert (value.text, value.former, line(value.origin)[:2]) == ("70", [], ("first.csv", 3))
    undo(cast, first)
    assert page(cast, "score", score.measure_id, score.taken_on).values == []


def test_a_score_typed_by_hand_has_who_and_when(cast):
    enter_score(cast.maya, cast.fluency, actor=cast.sol, value=44, taken_on=cast.school.today())
    *_others, value = page(cast, "score", cast.fluency.pk, cast.school.today()).values
    assert (line(value.origin), value.origin.at is None) == (("", None, "", cast.sol.short_name, ""), False)


def test_a_mark_of_absences_only_is_from_the_calendar(cast, as_user):
    day = cast.school.today()
    load(cast, f"student_id,date,status\n1001,{day},present\n1002,{day},unexcused\n", name="days.csv")
    (value,) = page(cast, "day", day).values
    assert line(value.origin)[:3] == ("days.csv", 2, "status")
    AttendanceDay.objects.filter(student=cast.maya, day=day).update(line=0)
    shown = as_user(cast.ana).get(value_address(cast.maya.uuid, "day", day)).content.decode()
    assert "from the calendar" in shown


def test_incidents_and_grades_know_their_rows(cast):
    day = cast.school.today()
    head = "student_id,date,incident_type,severity\n"
    load(cast, f"{head}1001,{day},Fight,minor\n", name="a.csv")
    load(cast, f"{head}1002,{day},Phone,minor\n1001,{day},Fight,major\n", name="b.csv", confirm=True)
    fight = Incident.objects.get(student=cast.maya)
    (value,) = page(cast, "incident", fight.pk).values
    assert line(value.origin)[:3] == ("b.csv", 3, "incident_type")
    assert [line(one)[::4] for one in value.former] == [("a.csv", "Minor")]
    head = "student_id,section,as_of,percent,letter\n"
    load(cast, f"{head}1001,4A,{day},88.5,B+\n", name="c.csv")
    load(cast, f"{head}1001,4A,{day},91,A\n", name="d.csv", confirm=True)
    grade = CourseGrade.objects.get(enrollment__student=cast.maya)
    (value,) = page(cast, "grade", grade.enrollment.section_id, day).values
    assert (value.text, line(value.origin)[:3]) == ("A 91%", ("d.csv", 2, "percent"))
    assert [line(one)[::4] for one in value.former] == [("c.csv", "B+ 89%")]


def test_an_incident_that_was_kept_when_its_file_was_undone_still_names_it(cast):
    day = cast.school.today()
    row = load(cast, f"student_id,date,incident_type,severity\n1001,{day},Fight,minor\n", name="a.csv")
    candidates = Candidate.objects.filter(pk=cast.candidate.pk)
    candidates.update(domain="behavior", state="watch", decided_at=clock.now(), decided_by=cast.cora)
    files.start_undo(row, actor=cast.ada, keep=True)
    undo_job(Job(payload={"import": row.pk, "keep": True}), Quiet())
    (value,) = page(cast, "incident", Incident.objects.get(student=cast.maya, kind="Fight").pk).values
    assert (*line(value.origin)[:2], value.origin.is_undone) == ("a.csv", 2, True)


def test_no_incident_is_a_value_and_not_one_that_was_removed(cast, as_user):
    assert page(cast, "incidents").nothing
    assert page(cast, "conduct", "2026-01-02").nothing
    shown = as_user(cast.ana).get(value_address(cast.maya.uuid, "incidents")).content.decode()
    assert "No incident of this school year is on record." in shown
    assert "removed" not in shown


def test_an_incident_that_was_typed_has_who(cast):
    values = IncidentValues(day=cast.school.today(), kind="Fight")
    incident = record_incident(cast.maya, actor=cast.tom, values=values)
    (value,) = page(cast, "incident", incident.pk).values
    assert value.origin.who == cast.tom.short_name


def test_a_value_that_is_disputed_says_so_and_an_older_one_can_be(cast, orf, as_user):
    score = orf[2]
    (wanted,) = [one for one in values_of(cast.maya) if one.key == f"score-{score.pk}"]
    dispute = open_dispute(cast.maya, wanted, actor=cast.tom, what="It was 57")
    (value,) = page(cast, "score", score.measure_id, score.taken_on).values
    assert value.dispute == dispute
    day = score.taken_on - dt.timedelta(days=400)
    for days in range(25):
        Score.objects.create(
            student=cast.maya, measure=score.measure, taken_on=day + dt.timedelta(days), value=1
        )
    oldest = Score.objects.get(student=cast.maya, taken_on=day)
    keys = (
        {one.key for one in values_of(cast.maya)},
        {one.key for one in values_of(cast.maya, f"score-{oldest.pk}")},
    )
    assert keys[1] - keys[0] == {f"score-{oldest.pk}"}


@pytest.mark.parametrize(
    "name", ["", "score", "score-x-y", "score-1-2026", "day-", "standard-x", "incident--1", "x-1"]
)
def test_what_is_no_name_of_a_value_is_no_page(cast, as_user, name):
    response = as_user(cast.ana).get(reverse("datareview:origin-show", args=[cast.maya.uuid]), {"of": name})
    assert response.status_code == (200 if name.startswith("incident") else 404)


def test_a_value_of_somebody_else_is_not_shown(cast, orf):
    day = cast.school.today()
    other = Incident.objects.create(student=cast.jonas, day=day, kind="Fight")
    assert page(cast, "incident", other.pk) is None


def test_looking_is_logged_as_reading_the_record(cast, as_user):
    as_user(cast.ana).get(value_address(cast.maya.uuid, "attendance"))
    found = Disclosure.objects.filter(reader=cast.ana, what="origin-show")
    assert found.count() == 1


def test_lists_and_sheets_of_students_lead_to_where_each_value_is_from(cast, orf, as_user):
    _first, _second, score = orf
    address = value_address(cast.maya.uuid, "score", score.measure_id, score.taken_on)
    reader = as_user(cast.ana)
    for name in ("student-years", "student-conference"):
        text = reader.get(reverse(f"datareview:{name}", args=[cast.maya.uuid])).content.decode()
        assert address in text, name


def test_a_result_is_said_answer_by_answer_to_those_who_may_see_the_class(cast):
    check = make_assessment(cast.team, sections=[cast.section])
    answer(check, cast.maya, "CAB ", section=cast.section)
    check.items.get(number=1).responses.update(entered_by=cast.tom)
    found = page(cast, "result", check.pk)
    assert (found.subject, found.day) == (check.title, check.given_on)
    assert [(value.text, value.origin.who) for value in found.values] == [
        ("1: C", cast.tom.short_name),
        ("2: A · 3: B · 4: 0", ""),
    ]
    assert page(cast, "result", check.pk, user=cast.tom) is None
