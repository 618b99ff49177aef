"""Saving cells: what is written, by whom, and with two teachers at once."""

import pytest
from django.core.exceptions import PermissionDenied

from datareview.answers.services import cells
from datareview.answers.services.cells import TypedCell, save_answers
from datareview.assessments.models import ClassShare
from datareview.records.models import AssessmentItem, ItemResponse, Sitting
from teams.audit.models import AuditEvent
from tests.conftest import make_student
from tests.factories.assessments import absent, answer, make_assessment


@pytest.fixture
def fourth(cast):
    """An assessment of grade 4 with the key C A B D."""
    return make_assessment(cast.team)


def save(cast, fourth, *cells, who="ana", section=None):
    typed = [TypedCell(student.uuid, *rest) for student, *rest in cells]
    return save_answers(fourth, typed, actor=getattr(cast, who), section=section or cast.section)


def stored(fourth):
    rows = ItemResponse.objects.filter(item__assessment=fourth).order_by(
        "student__first_name", "item__number"
    )
    return list(rows.values_list("student__first_name", "item__number", "choice", "points"))


def sat(fourth):
    return sorted(fourth.sittings.values_list("student__first_name", "section__name", "is_absent"))


def texts(results):
    return [one.text for one in results]


def test_letters_blanks_and_points_are_stored_with_who_entered_them(cast, fourth):
    AssessmentItem.objects.create(assessment=fourth, number=5, kind="points", max_points=3)
    results = save(
        cast,
        fourth,
        (cast.maya, 1, "c"),
        (cast.maya, 2, "b"),
        (cast.maya, 3, "-"),
        (cast.maya, 5, "1,5"),
        (cast.jonas, 4, "D"),
    )
    assert texts(results) == ["C", "B", "-", "1.5", "D"]
    assert stored(fourth) == [
        ("Jonas", 4, "D", 1),
        ("Maya", 1, "C", 1),
        ("Maya", 2, "B", 0),
        ("Maya", 3, "", 0),
        ("Maya", 5, "", 1.5),
    ]
    assert sat(fourth) == [("Jonas", "4A", False), ("Maya", "4A", False)]
    assert set(ItemResponse.objects.values_list("entered_by", flat=True)) == {cast.ana.pk}


def test_the_audit_log_has_counts_and_the_answers_that_were_replaced(cast, fourth):
    save(cast, fourth, (cast.maya, 1, "C"), (cast.maya, 2, "A"))
    save(cast, fourth, (cast.maya, 1, "B"), (cast.maya, 2, "A"))
    first, second = AuditEvent.objects.filter(verb="entered-answers").order_by("pk")
    assert (first.actor, first.subject_uuid, first.data) == (
        cast.ana,
        fourth.uuid,
        {"section": str(cast.section.uuid), "n": 2},
    )
    assert (second.data["n"], second.detail.data) == (1, {"replaced": [[str(cast.maya.uuid), 1, "C", "B"]]})


def test_a_text_that_cannot_be_read_leaves_its_cell_and_stops_no_other(cast, fourth):
    save(cast, fourth, (cast.maya, 1, "C"))
    results = save(cast, fourth, (cast.maya, 1, "Q"), (cast.maya, 2, "A"))
    assert [(one.text, one.problem) for one in results] == [
        ("C", "Maya Okafor, item 1: “Q” is no answer; A, B, C, D, E are."),
        ("A", ""),
    ]
    assert stored(fourth) == [("Maya", 1, "C", 1), ("Maya", 2, "A", 1)]


def test_the_same_cells_sent_twice_are_written_once(cast, fourth):
    cells = [(cast.maya, 1, "C", ""), (cast.maya, 2, "x", ""), (cast.jonas, 1, "A", "")]
    save(cast, fourth, (cast.jonas, 2, "A"))
    first = save(cast, fourth, cells[0], cells[2])
    again = save(cast, fourth, cells[0], cells[2])
    assert again == first
    assert AuditEvent.objects.filter(verb="entered-answers").count() == 2


def test_somebody_elses_answer_is_kept_and_both_are_known(cast, fourth):
    (seen,) = save(cast, fourth, (cast.maya, 1, "A", ""))
    save(cast, fourth, (cast.maya, 1, "D", seen.version))
    (mine,) = save(cast, fourth, (cast.maya, 1, "B", seen.version))
    assert (mine.text, mine.by, mine.is_conflict, mine.problem) == (
        "D",
        "Ana Ruiz",
        True,
        "Maya Okafor, item 1: you typed “B”.",
    )
    (then,) = save(cast, fourth, (cast.maya, 1, "B", mine.version))
    assert (then.text, then.is_conflict, stored(fourth)) == ("B", False, [("Maya", 1, "B", 0)])


def test_a_late_double_of_an_old_change_does_not_take_the_new_one_back(cast, fourth):
    (first,) = save(cast, fourth, (cast.maya, 1, "A", ""))
    save(cast, fourth, (cast.maya, 1, "B", first.version))
    (late,) = save(cast, fourth, (cast.maya, 1, "A", ""))
    assert (late.text, late.is_conflict, stored(fourth)) == ("B", True, [("Maya", 1, "B", 0)])


def test_a_deleted_answer_conflicts_too(cast, fourth):
    (seen,) = save(cast, fourth, (cast.maya, 1, "A", ""))
    save(cast, fourth, (cast.maya, 1, "", seen.version))
    assert (stored(fourth), sat(fourth)) == ([], [])
    (mine,) = save(cast, fourth, (cast.maya, 1, "B", seen.version))
    assert (mine.text, mine.is_conflict, stored(fourth)) == ("", True, [])


def test_absence_deletes_the_answers_and_an_answer_ends_it(cast, fourth):
    save(cast, fourth, (cast.maya, 1, "A"), (cast.maya, 2, "A"))
    results = save(cast, fourth, (cast.maya, 1, "abs"))
    assert ([(one.text, one.version) for one in results], stored(fourth), sat(fourth)) == (
        [("x", "x")],
        [],
        [("Maya", "4A", True)],
    )
    save(cast, fourth, (cast.maya, 2, "B", "x"), (cast.maya, 3, "", "x"))
    assert (stored(fourth), sat(fourth)) == ([("Maya", 2, "B", 0)], [("Maya", "4A", False)])


def test_an_absence_that_was_taken_back_leaves_the_student_not_entered(cast, fourth):
    absent(fourth, cast.maya, section=cast.section)
    save(cast, fourth, (cast.maya, 1, "", "x"))
    assert (stored(fourth), sat(fourth)) == ([], [])


def test_absence_never_deletes_answers_that_the_person_has_not_seen(cast, fourth):
    (seen,) = save(cast, fourth, (cast.maya, 1, "A"))
    save(cast, fourth, (cast.maya, 3, "B"))
    results = save(
        cast, fourth, (cast.maya, 1, "x", seen.version), (cast.maya, 2, "x", ""), (cast.maya, 3, "x", "")
    )
    assert [(one.text, one.is_conflict) for one in results] == [("A", True), ("", True), ("B", True)]
    assert stored(fourth) == [("Maya", 1, "A", 0), ("Maya", 3, "B", 1)]


def test_a_class_comes_in_few_queries_however_large(cast, fourth, django_assert_max_num_queries):
    students = [make_student(cast.school, f"2{n:03}", f"S{n}", "Many", 4) for n in range(30)]
    for student in students:
        student.enrollments.create(section=cast.section, starts_on=cast.school.year_start())
    cells = [(student, item, "C") for student in students for item in (1, 2, 3, 4)]
    with django_assert_max_num_queries(24):
        save(cast, fourth, *cells)
    assert (len(stored(fourth)), len(sat(fourth))) == (120, 30)


def test_the_place_where_a_student_sat_it_stays(cast, fourth):
    answer(fourth, cast.maya, "CABD", section=cast.other_section)
    save(cast, fourth, (cast.maya, 1, "B"))
    assert sat(fourth) == [("Maya", "4B", False)]


def test_students_of_other_classes_and_unknown_items_are_refused(cast, fourth):
    results = save(cast, fourth, (cast.ines, 1, "C"), (cast.leak, 1, "C"), (cast.maya, 9, "C"))
    assert {one.problem for one in results} == {
        "The class or the assessment was changed. Open the page again."
    }
    assert not ItemResponse.objects.exists()
    assert not Sitting.objects.exists()


def test_only_who_teaches_the_class_enters_it_until_it_is_opened_to_the_team(cast, fourth):
    for who in ("tom", "gil", "sol", "cora", "pia", "ada", "zed"):
        with pytest.raises(PermissionDenied):
            save(cast, fourth, (cast.maya, 1, "C"), who=who)
    ClassShare.objects.create(assessment=fourth, section=cast.section, teacher=cast.staff.ana)
    save(cast, fourth, (cast.maya, 1, "C"), who="tom")
    for who in ("gil", "sol", "pia", "ada", "zed"):
        with pytest.raises(PermissionDenied):
            save(cast, fourth, (cast.maya, 2, "C"), who=who)
    assert stored(fourth) == [("Maya", 1, "C", 1)]


def test_of_two_who_save_a_cell_at_once_the_second_sees_the_firsts_answer(cast, fourth, monkeypatch):
    lock, waiting = cells._locked, [lambda: save(cast, fourth, (cast.maya, 1, "A", ""))]

    def wait(assessment_id):
        if waiting:
            waiting.pop()()
        return lock(assessment_id)

    monkeypatch.setattr(cells, "_locked", wait)
    (mine,) = save(cast, fourth, (cast.maya, 1, "B", ""))
    assert (mine.text, mine.is_conflict, stored(fourth)) == ("A", True, [("Maya", 1, "A", 0)])
