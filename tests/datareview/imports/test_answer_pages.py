"""The pages on which a team's member brings the answers of an assessment by file."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from datareview.checking.services.checking import check_job
from datareview.imports.models import Import
from datareview.imports.services.reading import read_job
from datareview.loading.services.applying import apply_job
from datareview.privacy.services.erasure import erase_student
from datareview.records.models import Assessment
from teams.jobs.models import Job
from tests.conftest import make_student
from tests.factories.assessments import make_assessment
from tests.factories.imports import Quiet

pytestmark = pytest.mark.django_db

FILE = "Name,1,2,3,4\nKey,C,A,B,D\nMaya Okafr,C,A,A,D\nWeber Jonas,C,B,B,-\nSomebody Else,A,A,A,A\n"


def work(job):
    row = Import.objects.get()
    job(Job(payload={"import": row.pk}), Quiet())
    row.refresh_from_db()
    return row


def upload(client, team, text=FILE, query=""):
    data = {"file": ContentFile(text.encode(), name="unit_3.csv")}
    response = client.post(reverse("datareview:import-answers", args=[team.uuid]) + query, data)
    row = work(read_job)
    assert response.url == row.get_absolute_url()
    return row


def typed(form, **more):
    """What a browser sends of a form as it is shown."""
    values = {field.html_name: field.value() for field in form}
    return {name: value for name, value in values.items() if value is not None} | more


def check(client, row, **more):
    form = client.get(row.get_absolute_url()).context["form"]
    response = client.post(reverse("datareview:import-check", args=[row.uuid]), typed(form, **more))
    return response, work(check_job) if response.status_code == 302 else row


def text_of(client, row):
    return " ".join(client.get(row.get_absolute_url()).content.decode().split())


def test_a_file_becomes_an_assessment_from_upload_to_its_results(cast, as_user):
    ana = as_user(cast.ana)
    listed = ana.get(reverse("datareview:assessment-list", args=[cast.team.uuid])).content.decode()
    assert reverse("datareview:import-answers", args=[cast.team.uuid]) in listed
    row = upload(ana, cast.team)
    form = ana.get(row.get_absolute_url()).context["form"]
    assert (form["title"].value(), form["items"].value()) == ("unit 3", ["1", "2", "3", "4"])
    _response, row = check(ana, row, title="Unit 3")
    shown = text_of(ana, row)
    assert "A new assessment “Unit 3” with 4 items" in shown
    assert "Who is “Maya Okafr”?" in shown
    assert "Who is “Somebody Else”?" in shown
    person = next(
        one.html_name for one in ana.get(row.get_absolute_url()).context["form"] if "Somebody" in one.label
    )
    _response, row = check(ana, row, **{person: str(cast.ines.uuid)})
    assert (row.counts["students"], row.counts["without"], row.counts["new"]) == (3, 0, 12)
    ana.post(reverse("datareview:import-apply", args=[row.uuid]), {"seen": row.check_stamp})
    row = work(apply_job)
    made = Assessment.objects.get()
    assert made.get_absolute_url() in text_of(ana, row)
    assert ana.get(made.get_absolute_url()).status_code == 200


def test_what_is_missing_is_said_beside_its_field_and_what_was_typed_is_kept(cast, as_user):
    ana = as_user(cast.ana)
    row = upload(ana, cast.team)
    response, _row = check(ana, row, title="", items=[], key="C A B D")
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"items", "title"}
    assert response.context["form"]["key"].value() == "C A B D"


def test_a_file_for_an_assessment_keeps_it_and_its_students_only_of_ones_classes(cast, as_user):
    fourth = make_assessment(cast.team)
    ana = as_user(cast.ana)
    row = upload(ana, cast.team, query=f"?assessment={fourth.uuid}")
    _response, row = check(ana, row)
    form = ana.get(row.get_absolute_url()).context["form"]
    assert form["assessment"].value() == str(fourth.uuid)
    names = [
        label
        for _value, label in form.fields[next(n for n in form.fields if n.startswith("person_"))].choices
    ]
    assert names == ["Leave the row out", "Maya Okafor", "Jonas Weber"]
    stranger = make_assessment(cast.other_team)
    address = reverse("datareview:import-answers", args=[cast.team.uuid])
    assert ana.get(f"{address}?assessment={stranger.uuid}").status_code == 404
    assert ana.get(f"{address}?assessment=x").status_code == 404


def test_colleagues_see_neither_the_file_nor_its_list(cast, as_user):
    row = upload(as_user(cast.ana), cast.team)
    for stranger in (cast.tom, cast.ada, cast.zed):
        assert as_user(stranger).get(row.get_absolute_url()).status_code == 404
    assert (
        list(
            as_user(cast.tom)
            .get(reverse("datareview:import-answers", args=[cast.team.uuid]))
            .context["imports"]
        )
        == []
    )
    assert list(as_user(cast.ada).get(reverse("datareview:import-list")).context["imports"]) == []


def test_whoever_loads_data_chooses_an_assessment_of_the_school(cast, as_user):
    fourth, _other = make_assessment(cast.team), make_assessment(cast.other_team, title="Secret")
    ada = as_user(cast.ada)
    ada.post(reverse("datareview:import-list"), {"file": ContentFile(FILE.encode(), name="check.csv")})
    row = work(read_job)
    assert row.kind == "answers"
    form = ada.get(row.get_absolute_url()).context["form"]
    assert [value for value, _label in form.fields["assessment"].choices] == ["", str(fourth.uuid)]
    assert not {"title", "key"} & set(form.fields)
    response, _row = check(ada, row)
    assert set(response.context["form"].errors) == {"assessment"}


def test_erasing_a_student_erases_the_name_from_what_is_asked(cast, as_user):
    ana = as_user(cast.ana)
    row = upload(ana, cast.team)
    check(ana, row, title="Unit 3")
    _response, row = check(ana, row)
    assert [name for name, _uuid in row.counts["unsettled"]] == ["Maya Okafr", "Somebody Else"]
    assert set(row.mapping["options"]["people"]) == {"Maya Okafr", "Somebody Else"}
    erase_student(cast.maya, actor=cast.ada)
    row.refresh_from_db()
    assert [name for name, _uuid in row.counts["unsettled"]] == ["Somebody Else"]
    assert set(row.mapping["options"]["people"]) == {"Somebody Else"}


@pytest.mark.sweep
def test_the_page_takes_as_many_queries_with_many_students(cast, as_user, django_assert_max_num_queries):
    for n in range(40):
        make_student(cast.school, f"20{n:02}", f"Nina{n}", "Stewart", 4).enrollments.create(
            section=cast.section, starts_on=cast.school.year_start()
        )
    ana = as_user(cast.ana)
    row = upload(ana, cast.team, FILE + "".join(f"Nobody {n}x,A,A,A,A\n" for n in range(50)))
    _response, row = check(ana, row, title="Unit 3")
    assert len(row.counts["unsettled"]) == 52
    with django_assert_max_num_queries(35):
        ana.get(row.get_absolute_url())
