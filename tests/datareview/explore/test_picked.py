"""Students who are picked in the table or the chart: onto an agenda, and into a group."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse

from collab.agendas.models import AgendaItem, Exhibit
from datareview.comparisons.choices import Question
from datareview.comparisons.queries.pinned import MOST_PICKED, picked_parameters
from datareview.dashboards.queries.exhibits import chart_of
from datareview.privacy.models import Disclosure
from datareview.records.models import Score
from teams.lib.errors import DomainError
from tests.conftest import make_student
from tests.factories.windows import let_winter_begin_today


@pytest.fixture
def scored(cast):
    let_winter_begin_today(cast)
    Score.objects.all().delete()
    today = cast.school.today()
    for student, values in ((cast.maya, (96, 100)), (cast.jonas, (90, 121)), (cast.ines, (80, 99))):
        for value, back in zip(values, (20, 0), strict=True):
            taken_on = today - dt.timedelta(days=back)
            Score.objects.create(student=student, measure=cast.fluency, taken_on=taken_on, value=value)
    return cast


def send(client, cast, *students, **more):
    data = {"of": f"team:{cast.team.uuid}", "student": [str(one.uuid) for one in students], **more}
    return client.post(reverse("collab:students-propose", args=[cast.team.uuid]), data)


def test_picked_students_are_one_item_with_a_chart_of_only_them(scored, as_user):
    answer = send(as_user(scored.ana), scored, scored.maya, scored.ines)
    assert answer.status_code == 302
    exhibit = Exhibit.objects.latest("pk")
    assert exhibit.item.title == "Oral reading fluency: 2 students: Grade 4"
    chart = chart_of(scored.tom, exhibit.view, exhibit.parameters)
    assert chart.title == "2 of 2 students are below benchmark in winter"
    assert [(one.name, one.y) for one in chart.series] == [
        ("Ines Duarte", (80, 99)),
        ("Maya Okafor", (96, 100)),
    ]


def test_the_whole_list_can_be_picked(scored, as_user):
    send(as_user(scored.ana), scored, scored.maya, everyone="yes", show="now-2")
    assert Exhibit.objects.latest("pk").item.title == "Oral reading fluency: 2 students: Grade 4"
    send(as_user(scored.ana), scored, everyone="yes")
    assert Exhibit.objects.latest("pk").item.title == "Oral reading fluency: 3 students: Grade 4"


def test_students_of_others_are_not_picked(scored, as_user):
    before = AgendaItem.objects.count()
    send(as_user(scored.ana), scored, scored.leak)
    send(as_user(scored.ana), scored)
    assert AgendaItem.objects.count() == before
    other = make_student(scored.school, "2001", "Fay", "Fifth", 5)
    with pytest.raises(DomainError, match="not the team’s"):
        picked_parameters(scored.team, Question(), [other])


def test_there_is_a_most_of_students_for_an_item(scored):
    with pytest.raises(DomainError, match="at most"):
        picked_parameters(scored.team, Question(), [scored.maya] * (MOST_PICKED + 1))


def test_without_benchmarks_the_title_says_how_many_improved(scored, as_user):
    scored.fluency.benchmarks.all().delete()
    send(as_user(scored.ana), scored, scored.maya, scored.ines)
    exhibit = Exhibit.objects.latest("pk")
    assert chart_of(scored.tom, exhibit.view, exhibit.parameters).title == "2 of 2 students improved"


def test_who_starts_plans_goes_on_to_a_group_for_the_picked(scored, as_user):
    client = as_user(scored.cora)
    data = {"of": f"team:{scored.team.uuid}", "student": [str(scored.ines.uuid), str(scored.leak.uuid)]}
    answer = client.post(reverse("datareview:picked-group"), data)
    assert answer.url == f"{reverse('datareview:plan-group-start')}?student={scored.ines.uuid}"
    nobody = client.post(reverse("datareview:picked-group"), {**data, "student": []}, follow=True)
    assert "Select at least one student first." in nobody.content.decode()
    assert as_user(scored.ana).post(reverse("datareview:picked-group"), data).status_code == 403


def test_the_students_of_the_table_are_a_file_and_its_reading_is_on_record(scored, as_user):
    asked = {"of": f"team:{scored.team.uuid}", "show": "now-2"}
    sent = as_user(scored.ana).get(reverse("datareview:explore-export"), asked).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(sent)))
    windows = "Winter", "Fall"
    assert rows[0][3::2] == [f"Oral reading fluency, {window}" for window in windows] + ["Change"]
    assert [(row[1], row[3], row[5], row[7]) for row in rows[1:]] == [
        ("Ines Duarte", "99", "80", "19"),
        ("Maya Okafor", "100", "96", "4"),
    ]
    seen = Disclosure.objects.filter(reader=scored.ana, what="explore-export")
    assert {int(pk) for one in seen for pk in one.students.split()} == {scored.maya.pk, scored.ines.pk}
