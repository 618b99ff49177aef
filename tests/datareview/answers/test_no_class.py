"""Students who are in no class of the team, and those who change classes: entered once, and counted."""

import datetime as dt
import json

import pytest
from django.urls import reverse

from datareview.answers.permissions import (
    NO_CLASS,
    classes_to_enter,
    may_enter_class,
    no_class,
    students_in_class,
)
from datareview.answers.queries.grid import class_choices, grid_revision
from datareview.answers.services.cells import TypedCell, save_answers
from datareview.assessments.queries import response_frame
from datareview.records.models import ItemResponse, Section, Sitting
from datareview.results.queries.page import results_page
from tests.conftest import make_student
from tests.factories.assessments import answer, make_assessment

DAY = dt.timedelta(days=1)


@pytest.fixture
def nina(cast):
    return make_student(cast.school, "1009", "Nina", "Stewart", 4)


@pytest.fixture
def fourth(cast, nina):
    return make_assessment(cast.team)


def address(name, fourth):
    return f"{reverse(f'datareview:{name}', args=[fourth.uuid])}?section={NO_CLASS}"


def of_class(fourth, section):
    return list(students_in_class(fourth, section).order_by("local_id").values_list("first_name", flat=True))


def test_members_find_students_in_no_class_beside_their_classes(cast, fourth, as_user):
    assert [str(one) for one in class_choices(cast.ana, fourth)] == ["4A", "In no class"]
    page = as_user(cast.ana).get(address("answer-enter", fourth))
    assert [str(row.student) for row in page.context["grid"].rows] == ["Nina Stewart"]
    assert as_user(cast.ana).get(address("answer-state", fourth)).status_code == 200
    assert as_user(cast.ana).get(address("answer-sheet", fourth)).status_code == 200


def test_a_saved_answer_is_counted_and_of_no_class(cast, fourth, nina, as_user):
    cells = json.dumps(
        [[str(nina.uuid), number, letter, ""] for number, letter in enumerate("CABD", start=1)]
    )
    saved = as_user(cast.ana).post(address("answer-save", fourth), {"cells": cells}).json()["cells"]
    assert [cell["text"] for cell in saved] == list("CABD")
    assert list(Sitting.objects.values_list("student", "section")) == [(nina.pk, None)]
    page = results_page(cast.ana, fourth, {"section": "team"})
    assert (page.given, page.entered) == (1, 1)
    assert response_frame(fourth).points.loc[nina.pk].tolist() == [1.0, 1.0, 1.0, 1.0]


def test_a_block_of_students_in_no_class_is_pasted(cast, fourth, nina, as_user):
    text = "Stewart, Nina\tC\tA\tB\tA"
    seen = grid_revision(fourth, no_class(fourth))
    response = as_user(cast.ana).post(
        address("answer-paste", fourth), {"text": text, "seen": seen, "save": "yes"}
    )
    assert response.url == address("answer-enter", fourth)
    assert ItemResponse.objects.filter(student=nina).count() == 4


def test_others_may_not_enter_them(cast, fourth, nina, as_user):
    cells = json.dumps([[str(nina.uuid), 1, "C", ""]])
    for stranger in (cast.pia, cast.gil, cast.zed):
        client = as_user(stranger)
        assert client.get(address("answer-enter", fourth)).status_code == 404
        assert client.post(address("answer-save", fourth), {"cells": cells}).status_code == 404
    assert not ItemResponse.objects.exists()


def test_nobody_is_there_if_all_are_in_classes(cast, fourth, nina, as_user):
    nina.enrollments.create(section=cast.section, starts_on=cast.school.year_start())
    assert [str(one) for one in class_choices(cast.ana, fourth)] == ["4A"]
    assert (
        "Every student is in a class"
        in as_user(cast.ana).get(address("answer-enter", fourth)).content.decode()
    )


def test_a_student_of_a_class_is_not_entered_as_one_of_no_class(cast, fourth):
    [cell] = save_answers(
        fourth, [TypedCell(cast.maya.uuid, 1, "C")], actor=cast.ana, section=no_class(fourth)
    )
    assert cell.problem == "The class or the assessment was changed. Open the page again."
    assert not ItemResponse.objects.exists()


def test_a_student_who_sat_it_elsewhere_is_in_one_class_only(cast, fourth):
    answer(fourth, cast.maya, "CABD", section=cast.other_section)
    assert of_class(fourth, cast.section) == ["Jonas"]
    assert of_class(fourth, cast.other_section) == ["Maya", "Ines"]


def test_a_student_who_moved_between_two_checks_is_counted_in_the_class_of_each(cast, nina):
    today = cast.school.today()
    first = make_assessment(cast.team, given_on=today - 10 * DAY)
    again = make_assessment(cast.team, title="Again")
    cast.maya.enrollments.update(ends_on=today - 5 * DAY)
    cast.maya.enrollments.create(section=cast.other_section, starts_on=today - 4 * DAY)
    for check, section, teacher in ((first, cast.section, cast.ana), (again, cast.other_section, cast.tom)):
        assert "Maya" in of_class(check, section)
        [cell] = save_answers(check, [TypedCell(cast.maya.uuid, 1, "C")], actor=teacher, section=section)
        assert (cell.text, cell.problem) == ("C", "")
    assert [response_frame(check).section_of[cast.maya.pk] for check in (first, again)] == [
        cast.section.pk,
        cast.other_section.pk,
    ]


@pytest.mark.sweep
def test_one_class_is_asked_for_as_all_are(cast):
    """The quick question, asked whenever a cell is saved, has the same answer as the list of classes."""
    today = cast.school.today()
    plain = make_assessment(cast.team)
    chosen = make_assessment(cast.team, title="Chosen", sections=[cast.other_section])
    early = make_assessment(cast.team, title="Early", given_on=today - 20 * DAY)
    shared = make_assessment(cast.team, title="Shared")
    shared.class_shares.create(section=cast.other_section, teacher=cast.other_section.teachers.get())
    sat = make_assessment(cast.team, title="Sat", sections=[cast.section])
    answer(sat, cast.ines, "CABD", section=cast.other_section)
    stranger = make_assessment(cast.other_team, title="Stranger")
    gone = make_assessment(cast.team, title="Gone")
    gone.deleted_at = cast.school.created_at
    gone.save()
    sections = list(Section.objects.order_by("pk"))
    for user in (cast.ana, cast.tom, cast.gil, cast.cora, cast.pia, cast.ada, cast.zed):
        for one in (plain, chosen, early, shared, sat, stranger, gone):
            wanted = set(classes_to_enter(user, one).values_list("name", flat=True))
            found = {section.name for section in sections if may_enter_class(user, one, section)}
            assert found == wanted, (user, one)
