"""The page of a grid, what it sends and what it asks for."""

import json
import uuid

import pytest
from django.urls import reverse

from datareview.answers.services.cells import TypedCell, save_answers
from datareview.assessments.models import ClassShare
from datareview.looks.models import ResultsView
from datareview.records.models import AssessmentItem, ItemResponse
from tests.conftest import make_section, make_student
from tests.factories.assessments import absent, answer, make_assessment


@pytest.fixture
def fourth(cast):
    return make_assessment(cast.team)


def url(name, fourth, section=None):
    address = reverse(f"datareview:answer-{name}", args=[fourth.uuid])
    return f"{address}?section={section.uuid}" if section else address


def send(browser, fourth, section, *cells):
    typed = [[str(student.uuid), *rest] for student, *rest in cells]
    return browser.post(url("save", fourth, section), {"cells": json.dumps(typed)})


def test_the_page_shows_the_class_by_name_with_letters_blanks_and_absences(cast, fourth, as_user):
    answer(fourth, cast.maya, "CA .", section=cast.section)
    absent(fourth, cast.jonas, section=cast.section)
    page = as_user(cast.ana).get(url("enter", fourth))
    grid = page.context["grid"]
    assert [(str(row.student), [cell.text for cell in row.cells], row.total) for row in grid.rows] == [
        ("Maya Okafor", ["C", "A", "-", ""], 2),
        ("Jonas Weber", ["x", "x", "x", "x"], None),
    ]
    text = page.content.decode()
    assert ("1 of 2 students entered, 1 in part" in " ".join(text.split()), "Duarte" in text) == (True, False)


def test_who_teaches_several_classes_chooses_one(cast, fourth, as_user):
    other = make_section(cast.staff.ana, "4M", [cast.maya])
    ana = as_user(cast.ana)
    first, second = ana.get(url("enter", fourth)), ana.get(url("enter", fourth, other))
    assert [page.context["section"] for page in (first, second)] == [cast.section, other]
    assert [str(one) for one in first.context["classes"]] == ["4A", "4M"]


def test_who_has_no_class_is_told_which_classes_they_could_enter(cast, fourth, as_user):
    page = as_user(cast.cora).get(url("enter", fourth))
    assert (page.status_code, "classes that you teach" in page.content.decode()) == (200, True)
    ClassShare.objects.create(assessment=fourth, section=cast.section, teacher=cast.staff.ana)
    assert as_user(cast.cora).get(url("enter", fourth)).context["section"] == cast.section


def test_a_class_without_students_and_an_assessment_without_items_say_so(cast, fourth, as_user):
    empty = make_section(cast.staff.ana, "4E", [])
    assert "No one was in this class" in as_user(cast.ana).get(url("enter", fourth, empty)).content.decode()
    AssessmentItem.objects.all().delete()
    assert "no items yet" in as_user(cast.ana).get(url("enter", fourth)).content.decode()


def test_a_class_of_somebody_else_or_of_another_school_is_not_found(cast, fourth, as_user):
    theirs = make_assessment(cast.other_team, title="Theirs")
    ana = as_user(cast.ana)
    zeds = cast.other_team.school.sections.get()
    for address in (
        url("enter", fourth, cast.staff.tom.sections.get()),
        url("enter", fourth, zeds),
        url("enter", theirs, zeds),
        url("enter", theirs, cast.section),
        f"{url('enter', fourth)}?section=1",
        url("state", fourth),
    ):
        assert ana.get(address).status_code == 404
    assert send(ana, fourth, zeds, (cast.leak, 1, "C", "")).status_code == 404
    assert not ItemResponse.objects.exists()


def test_cells_are_saved_and_answered_as_they_are_stored(cast, fourth, as_user):
    result = send(as_user(cast.ana), fourth, cast.section, (cast.maya, 1, " c", ""), (cast.maya, 2, "Q", ""))
    first, second = result.json()["cells"]
    assert (first["text"], first["by"], first["problem"], second["text"]) == ("C", "Ana Ruiz", "", "")
    assert second["problem"] == "Maya Okafor, item 2: “Q” is no answer; A, B, C, D, E are."


STUDENT = str(uuid.UUID(int=1))


@pytest.mark.parametrize(
    "cells",
    [
        "",
        "{",
        '{"cells": []}',
        "[1]",
        "[" * 9999,
        json.dumps([["x", 1, "A", ""]]),
        json.dumps([[STUDENT, "1", "A", ""]]),
        json.dumps([[STUDENT, 1, None, ""]]),
        json.dumps([[STUDENT, 1, "A", 3]]),
        json.dumps([[STUDENT, 99999, "A", ""]]),
        json.dumps([[STUDENT, 1, "A", "", ""]]),
    ],
)
def test_what_no_page_sends_is_a_bad_request(cast, fourth, as_user, cells):
    sent = as_user(cast.ana).post(url("save", fourth, cast.section), {"cells": cells})
    assert sent.status_code == 400


def test_a_page_that_knows_everything_gets_nothing(cast, fourth, as_user):
    ana = as_user(cast.ana)
    revision = ana.get(url("enter", fourth)).context["grid"].revision
    state = url("state", fourth, cast.section)
    assert ana.get(state, {"section": cast.section.uuid, "since": revision}).status_code == 204
    revisions = [revision]
    for text in ("C", "B", "x", "", "C"):
        save_answers(fourth, [TypedCell(cast.maya.uuid, 1, text)], actor=cast.ana, section=cast.section)
        now = ana.get(state, {"section": cast.section.uuid, "since": revisions[-1]}).json()
        revisions.append(now["revision"])
        cells = {
            (number, shown)
            for student, number, shown, _version in now["cells"]
            if student == str(cast.maya.uuid)
        }
        assert cells == ({(n, "x") for n in range(1, 5)} if text == "x" else {(1, text)} - {(1, "")})
    assert revisions[1] != revisions[-1]


def test_answers_of_other_classes_do_not_change_the_revision(cast, fourth, as_user):
    ana = as_user(cast.ana)
    before = ana.get(url("enter", fourth)).context["grid"].revision
    answer(fourth, cast.ines, "CABD", section=cast.staff.tom.sections.get())
    assert ana.get(url("enter", fourth)).context["grid"].revision == before


@pytest.mark.sweep
def test_forty_students_and_sixty_items_take_no_more_queries_than_two(
    cast, fourth, as_user, django_assert_max_num_queries
):
    AssessmentItem.objects.bulk_create(
        AssessmentItem(assessment=fourth, number=number, key="A") for number in range(5, 61)
    )
    for n in range(38):
        student = make_student(cast.school, f"2{n:03}", f"S{n}", "Many", 4)
        student.enrollments.create(section=cast.section, starts_on=cast.school.year_start())
    ana = as_user(cast.ana)
    with django_assert_max_num_queries(22):
        page = ana.get(url("enter", fourth, cast.section))
    assert page.content.count(b"data-version") == 2400


def test_entering_a_class_that_a_colleague_opened_is_a_look_that_the_team_sees(cast, fourth, as_user):
    answer(fourth, cast.maya, "CABD", section=cast.section)
    ClassShare.objects.create(assessment=fourth, section=cast.section, teacher=cast.staff.ana)
    as_user(cast.ana).get(url("enter", fourth, cast.section))
    assert not ResultsView.objects.exists()
    for _twice in range(2):
        as_user(cast.tom).get(url("enter", fourth, cast.section))
    assert list(ResultsView.objects.values_list("reader", "section", "counted")) == [
        (cast.tom.pk, cast.section.pk, [])
    ]


def test_an_opened_class_of_which_nothing_is_in_is_no_look(cast, fourth, as_user):
    ClassShare.objects.create(assessment=fourth, section=cast.section, teacher=cast.staff.ana)
    as_user(cast.tom).get(url("enter", fourth, cast.section))
    assert not ResultsView.objects.exists()
