"""The list of students: its columns, order, search, selection and download."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse

from datareview.flags.models import Flag
from datareview.records.models import Guardian, Measure
from datareview.students.queries.student_list import students_of
from datareview.trends.models import Trend
from tests.conftest import TODAY, make_measure

pytestmark = pytest.mark.django_db


@pytest.fixture
def trends(cast):
    """Each student's trend on fluency, and Maya's alone on math."""
    other = make_measure(cast.other_school)
    Measure.objects.filter(pk=other.pk).update(school=cast.school, key="math", name="Math", kind="benchmark")
    values = [(cast.maya, cast.fluency, 68), (cast.jonas, cast.fluency, 101), (cast.ines, cast.fluency, 90)]
    for student, measure, value in [*values, (cast.maya, other, 5)]:
        Trend.objects.create(
            student=student,
            measure=measure,
            status="ok",
            n=3,
            last_value=value,
            as_of=TODAY,
            method_version="1",
            computed_at=cast.school.at(TODAY, cast.meeting.starts_at.time()),
        )
    return Measure.objects.get(key="math")


def names(cast, who="cora", **wanted):
    return [row.student.first_name for row in students_of(getattr(cast, who), cast.school, wanted).rows]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", "Ines Maya Jonas"),
        ("name", "Ines Maya Jonas"),
        ("-name", "Jonas Maya Ines"),
        ("flags", "Maya Ines Jonas"),
        ("plan", "Maya Ines Jonas"),
        ("nonsense", "Ines Maya Jonas"),
    ],
)
def test_the_list_is_sorted_by_any_column(cast, sort, order):
    assert names(cast, sort=sort) == order.split()


def test_the_list_is_sorted_by_a_measure_up_and_down_and_the_missing_come_last(cast, trends):
    by = f"m-{cast.fluency.uuid}"
    assert names(cast, sort=by) == ["Maya", "Ines", "Jonas"]
    assert names(cast, sort=f"-{by}") == ["Jonas", "Ines", "Maya"]
    for sort in (f"m-{trends.uuid}", f"-m-{trends.uuid}"):
        assert names(cast, sort=sort) == ["Maya", "Ines", "Jonas"]


def test_a_click_on_the_sorting_column_turns_it_around(cast):
    columns = {one.name: one for one in students_of(cast.cora, cast.school, {"sort": "flags"}).columns}
    assert (columns["Flags"].sort, columns["Flags"].direction) == ("-flags", "descending")
    assert (columns["Grade"].sort, columns["Grade"].direction) == ("grade", "")
    columns = {one.name: one for one in students_of(cast.cora, cast.school, {"sort": "-flags"}).columns}
    assert (columns["Flags"].sort, columns["Flags"].direction) == ("flags", "ascending")


def test_the_columns_are_measures_that_the_listed_students_have(cast, trends):
    def shown(**wanted):
        return [one.name for one in students_of(cast.cora, cast.school, wanted).measures]

    assert shown() == ["Oral reading fluency", "Math"]
    assert shown(section=str(cast.other_section.uuid)) == ["Oral reading fluency"]
    flag = Flag.objects.get(pk=cast.flag.pk)
    rule = flag.rule
    rule.measure = trends
    rule.save()
    assert shown() == ["Math", "Oral reading fluency"]


def test_a_guardian_finds_the_student_in_the_list_and_in_the_search(cast, as_user):
    Guardian.objects.create(student=cast.maya, name="Rosa Flores")
    Guardian.objects.create(student=cast.leak, name="Rosa Flores")
    assert names(cast, q="flores ros") == ["Maya"]
    assert names(cast, q="maya flor") == ["Maya"]
    assert names(cast, "gil", q="flores") == []
    cora = as_user(cast.cora)
    found = cora.get(reverse("collab:search-show"), {"q": "rosa"}, follow=True).content.decode()
    assert (cast.maya.get_absolute_url() in found, "Rosa Flores" in found, "Stranger" in found) == (
        True,
        True,
        False,
    )
    cora.post(reverse("datareview:projector-switch"), {"next": "/"})
    hidden = cora.get(reverse("collab:search-show"), {"q": "rosa"}, follow=True).content.decode()
    assert (cast.maya.get_absolute_url() in hidden, "Flores" in hidden) == (False, False)


def downloaded(client, **wanted):
    response = client.get(reverse("datareview:student-export"), wanted)
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_selected_are_downloaded_or_all_of_the_list(cast, as_user, trends):
    ana = as_user(cast.ana)
    assert [row["Student"] for row in downloaded(ana)] == ["Ines Duarte", "Maya Okafor", "Jonas Weber"]
    assert [row["Student"] for row in downloaded(ana, show="plan")] == ["Maya Okafor"]
    (maya,) = downloaded(ana, student=[str(cast.maya.uuid), str(cast.leak.uuid), "nonsense"])
    assert maya == {
        "Number": "1001",
        "Student": "Maya Okafor",
        "Grade": "4",
        "Oral reading fluency": "68",
        "Math": "",
        "Not handed in": "0",
        "Flags": "Absent 7 of 52 days (13%).",
        "Plan": "Repeated reading",
    }
    assert downloaded(ana, student=["nonsense"]) == []


def test_the_page_selects_students_for_a_group(cast, as_user):
    page = as_user(cast.cora).get(reverse("datareview:student-list"), {"show": "plan"}).content.decode()
    assert reverse("datareview:plan-group-start") in page
    assert f'value="{cast.maya.uuid}"' in page
    assert '<input type="hidden" name="show" value="plan">' in page
    teacher = as_user(cast.ana).get(reverse("datareview:student-list")).content.decode()
    assert reverse("datareview:plan-group-start") not in teacher


def test_incidents_are_counted_by_week_and_shares_have_their_sign(cast):
    make = {"school": cast.school, "scale_max": 100}
    incidents = Measure.objects.create(
        **make, key="inc", name="Incidents", domain="behavior", derived_from="incidents"
    )
    share = Measure.objects.create(
        **make, key="att", name="Attendance", domain="attendance", derived_from="attendance", unit="%"
    )
    for measure in (incidents, share):
        Trend.objects.create(
            student=cast.maya,
            measure=measure,
            status="ok",
            n=3,
            as_of=TODAY,
            method_version="1",
            computed_at=cast.school.at(TODAY, cast.meeting.starts_at.time()),
        )
    for back in (0, 1, 40, 300):
        cast.maya.incidents.create(day=TODAY - dt.timedelta(days=back), kind="Phone")
    last_week = TODAY - dt.timedelta(days=TODAY.weekday() + 7)
    for number, mark in enumerate(["present", "partial", "unexcused", "present"]):
        cast.maya.attendance.create(day=last_week + dt.timedelta(days=number), mark=mark)
        cast.maya.attendance.create(day=last_week - dt.timedelta(days=7 - number), mark="unexcused")
    rows = {row.student: row for row in students_of(cast.cora, cast.school, {}).rows}
    texts = {spark.measure.name: spark.text for spark in rows[cast.maya].sparks}
    assert texts == {"Attendance": "31.3%", "Incidents": "3"}
    assert {spark.measure.name: spark.text for spark in rows[cast.jonas].sparks}["Incidents"] == "0"


def test_attendance_is_sorted_by_the_share_of_the_whole_year(cast):
    share = Measure.objects.create(
        school=cast.school, scale_max=100, key="att", name="Attendance", derived_from="attendance", unit="%"
    )
    marks = {cast.maya: "unexcused present", cast.jonas: "present partial", cast.ines: "present present"}
    for student, written in marks.items():
        Trend.objects.create(
            student=student,
            measure=share,
            status="ok",
            n=2,
            last_value=100,
            as_of=TODAY,
            method_version="1",
            computed_at=cast.school.at(TODAY, cast.meeting.starts_at.time()),
        )
        for back, mark in zip((7, 0), written.split(), strict=True):
            student.attendance.create(day=TODAY - dt.timedelta(days=back), mark=mark)
    by = f"m-{share.uuid}"
    assert names(cast, sort=by) == ["Maya", "Jonas", "Ines"]
    assert names(cast, sort=f"-{by}") == ["Ines", "Jonas", "Maya"]
