"""Files with the answers of an assessment: read, matched, checked, applied and undone."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile

from datareview.checking.services.checking import check_job
from datareview.imports.models import Import
from datareview.imports.permissions import imports_visible_to
from datareview.imports.services import files
from datareview.imports.services.reading import read_job
from datareview.loading.services.applying import apply_job
from datareview.loading.services.undoing import undo_job
from datareview.records.models import Assessment, AssessmentItem, ItemResponse, Sitting
from datareview.runs.models import TrendRun
from teams.jobs.models import Job
from teams.lib.errors import DomainError
from tests.factories.assessments import absent, answer, make_assessment
from tests.factories.imports import Quiet, load

pytestmark = pytest.mark.django_db

FILE = 'Student,1,2,3,4\nKey,C,A,B,D\n1001,C,A,A,D\n"Weber, Jonas",C,,B,-\n1003,absent,,,\n'


def upload(cast, text, *, actor=None, assessment=None, name="unit3.csv"):
    with files.stored_import(
        cast.school,
        actor=actor or cast.ana,
        file=ContentFile(text.encode(), name=name),
        name=name,
        team=cast.team,
        assessment=assessment,
    ) as row:
        files.start_reading(row, actor=actor or cast.ana)
    return work(row, read_job)


def work(row, job):
    job(Job(payload={"import": row.pk}), Quiet())
    row.refresh_from_db()
    return row


def check(row, **options):
    day = row.school.today().isoformat()
    new = {} if "assessment" in row.mapping["options"] else {"title": "Unit 3 check", "fixed_day": day}
    mapping = {**row.mapping, "options": {**row.mapping["options"], **new, **options}}
    files.start_check(row, actor=row.uploaded_by, kind="answers", mapping=mapping)
    return work(row, check_job)


def apply(row):
    files.start_apply(row, actor=row.uploaded_by, confirm=True)
    return work(row, apply_job)


def undo(row):
    files.start_undo(row, actor=row.uploaded_by)
    return work(row, undo_job)


def counts(row):
    return row.state, row.counts["new"], row.counts["changed"], row.counts["same"]


def told(row):
    return [(one.row, one.value, one.code) for one in row.problems.order_by("row", "pk")]


def stored(assessment):
    rows = ItemResponse.objects.filter(item__assessment=assessment).order_by(
        "student__local_id", "item__number"
    )
    return [(one.student.first_name, one.item.number, one.choice, one.points) for one in rows]


def snapshot():
    models = (Assessment, AssessmentItem, Sitting, ItemResponse)
    return {model: list(model.objects.order_by("pk").values()) for model in models}


def test_a_file_with_its_key_makes_an_assessment_and_is_undone(cast):
    before = snapshot()
    row = upload(cast, FILE)
    assert row.mapping == {
        "columns": {"who": "Student"},
        "options": {},
        "items": ["1", "2", "3", "4"],
    }
    check(row)
    assert (counts(row), told(row)) == (("checked", 8, 0, 0), [])
    assert row.counts["items"] == ["1 · C", "2 · A", "3 · B", "4 · D"]
    assert snapshot() == before
    apply(row)
    made = Assessment.objects.get()
    assert (made.title, made.given_on, made.team, made.made_by) == (
        "Unit 3 check",
        cast.school.today(),
        cast.team,
        cast.ana,
    )
    assert list(made.items.values_list("number", "kind", "key")) == [
        (1, "choice", "C"),
        (2, "choice", "A"),
        (3, "choice", "B"),
        (4, "choice", "D"),
    ]
    assert stored(made) == [
        ("Maya", 1, "C", 1.0),
        ("Maya", 2, "A", 1.0),
        ("Maya", 3, "A", 0.0),
        ("Maya", 4, "D", 1.0),
        ("Jonas", 1, "C", 1.0),
        ("Jonas", 3, "B", 1.0),
        ("Jonas", 4, "", 0.0),
    ]
    sat = made.sittings.order_by("student__local_id")
    assert list(sat.values_list("student__first_name", "section__name", "is_absent")) == [
        ("Maya", "4A", False),
        ("Jonas", "4A", False),
        ("Ines", "4B", True),
    ]
    run = TrendRun.objects.get()
    assert (run.trigger, run.requested_by) == ("import", cast.ana)
    undo(row)
    assert (snapshot(), row.counts["kept"], row.assessment) == (before, 0, None)


def test_the_same_file_again_changes_nothing(cast):
    row = apply(check(upload(cast, FILE.replace("1003,absent,,,\n", ""))))
    made = row.assessment
    again = check(upload(cast, FILE.replace("1003,absent,,,\n", ""), assessment=made))
    assert counts(again) == ("checked", 0, 0, 7)
    with pytest.raises(DomainError, match="already"):
        check(upload(cast, FILE), assessment="")


def test_a_file_changes_an_assessment_and_undoing_restores_it(cast):
    fourth = make_assessment(cast.team)
    answer(fourth, cast.maya, "CA.B", section=cast.section)
    absent(fourth, cast.jonas, section=cast.section)
    before = snapshot()
    row = check(
        upload(cast, "Name,Q1,Q2,Q3,Q4\nMaya Okafor,C,B,B,D\nJonas Weber,C,A,B,D\n", assessment=fourth)
    )
    assert counts(row) == ("checked", 5, 2, 1)
    assert row.first_changes[0]["values"] == [["Item 2", "A", "B"]]
    apply(row)
    assert [choice for _name, _n, choice, _points in stored(fourth)] == list("CBBDCABD")
    assert not fourth.sittings.filter(is_absent=True).exists()
    undo(row)
    assert snapshot() == before


def test_an_answer_that_was_changed_since_is_kept_when_the_file_is_undone(cast):
    row = apply(check(upload(cast, FILE)))
    made = row.assessment
    one = ItemResponse.objects.get(item__assessment=made, student=cast.jonas, item__number=1)
    ItemResponse.objects.filter(pk=one.pk).update(choice="B", points=0.0)
    undo(row)
    assert stored(made) == [("Jonas", 1, "B", 0.0)]
    assert list(made.sittings.values_list("student__first_name", flat=True)) == ["Jonas"]
    assert Import.objects.get(pk=row.pk).counts["kept"] == 3  # the answer, its sitting, the assessment


def test_points_with_dots_and_commas_and_the_points_row(cast):
    text = "Name;1;2;Item 3\nPoints;2;2;4\nMaya Okafor;1,5;1.5;5\nJonas Weber;2;0;x½\n"
    row = check(upload(cast, text))
    assert told(row) == [(3, "5", "no-answer"), (4, "x½", "no-answer")]
    apply(row)
    assert [(name, points) for name, _n, _c, points in stored(row.assessment)] == [
        ("Maya", 1.5),
        ("Maya", 1.5),
        ("Jonas", 2.0),
        ("Jonas", 0.0),
    ]
    assert list(row.assessment.items.values_list("kind", "max_points")) == [
        ("points", 2.0),
        ("points", 2.0),
        ("points", 4.0),
    ]


def test_points_need_no_key_and_letters_do(cast):
    row = check(upload(cast, "Name,1,2,3\nMaya Okafor,1,0,3.5\n"))
    assert row.counts["items"] == ["1 · 1 points", "2 · 1 points", "3 · 4 points"]
    letters = upload(cast, "Name,1,2,3\nMaya Okafor,A,B,C\n")
    with pytest.raises(DomainError, match="the file has no key"):
        check(letters, title="Letters")
    apply(check(letters, title="Letters", key="A C C"))
    assert stored(letters.assessment) == [
        ("Maya", 1, "A", 1.0),
        ("Maya", 2, "B", 0.0),
        ("Maya", 3, "C", 1.0),
    ]


def test_a_scanner_repeats_the_key_in_each_row(cast):
    text = (
        "Student ID,Stu1,PriKey1,Points1,Stu2,PriKey2,Points2,Stu3,PriKey3,Points3\n1001,A,A,1,B,C,0,D,D,1\n"
    )
    row = check(upload(cast, text))
    assert row.mapping["items"] == ["Stu1", "Stu2", "Stu3"]
    assert row.counts["items"] == ["1 · A", "2 · C", "3 · D"]


def test_one_answer_in_each_row(cast):
    fourth = make_assessment(cast.team)
    text = "student_id,item,answer\n1001,Q1,C\n1001,Q2,B\n1002,1,A\n1002,9,A\n"
    row = check(upload(cast, text, assessment=fourth))
    assert (counts(row), told(row)) == (("checked", 3, 0, 0), [(5, "A", "no-item")])


def test_a_column_too_many_and_another_key_are_said(cast):
    fourth = make_assessment(cast.team)
    row = check(upload(cast, "Name,1,2,3,4,5\nKey,C,A,C,D,A\nMaya Okafor,C,A,B,D,A\n", assessment=fourth))
    assert [(code, severity) for code, severity in row.problems.values_list("code", "severity")] == [
        ("other-key", "warning"),
        ("no-item", "warning"),
    ]
    assert counts(row) == ("checked", 4, 0, 0)
    assert apply(row).assessment.items.get(number=3).key == "B"


def test_one_student_twice(cast):
    fourth = make_assessment(cast.team)
    text = "Name,1,2,3,4\nMaya Okafor,C,A,B,D\n1001,C,A,B,A\nJonas Weber,C,A,B,D\n1002,C,A,B,D\n"
    row = check(upload(cast, text, assessment=fourth))
    assert told(row) == [
        (2, "Maya Okafor", "contradiction"),
        (3, "1001", "contradiction"),
        (5, "1002", "double"),
    ]
    assert counts(row) == ("checked", 4, 0, 0)


def test_names_that_are_nearly_right_are_settled_by_a_person(cast):
    fourth = make_assessment(cast.team)
    text = "Name,1,2,3,4\nMaya Okafr,C,A,B,D\nSomebody Else,C,A,B,D\n"
    row = check(upload(cast, text, assessment=fourth))
    assert told(row) == [(2, "Maya Okafr", "likely-student"), (3, "Somebody Else", "unknown-student")]
    assert row.counts["unsettled"] == [["Maya Okafr", str(cast.maya.uuid)], ["Somebody Else", "out"]]
    check(row, people={"Maya Okafr": "out", "Somebody Else": str(cast.jonas.uuid)})
    assert (told(row), counts(row)) == ([], ("checked", 4, 0, 0))
    apply(row)
    assert {name for name, *_rest in stored(fourth)} == {"Jonas"}


def test_an_absence_deletes_no_answers(cast):
    fourth = make_assessment(cast.team)
    answer(fourth, cast.maya, "CABD", section=cast.section)
    row = check(upload(cast, "Name,1,2,3,4\nMaya Okafor,x,,,\n", assessment=fourth))
    assert (told(row), counts(row)) == ([(2, "x", "has-answers")], ("checked", 0, 0, 0))


def test_an_empty_cell_is_blank_if_so_chosen_but_an_empty_row_is_nobody(cast):
    fourth = make_assessment(cast.team)
    text = "Name,1,2,3,4\nMaya Okafor,C,,,D\nJonas Weber,,,,\n"
    row = apply(check(upload(cast, text, assessment=fourth), empty="-"))
    assert row.state == "applied"
    assert stored(fourth) == [
        ("Maya", 1, "C", 1.0),
        ("Maya", 2, "", 0.0),
        ("Maya", 3, "", 0.0),
        ("Maya", 4, "D", 1.0),
    ]


def test_answers_written_out_are_the_letters_of_the_options(cast):
    fourth = make_assessment(cast.team)
    fourth.items.filter(number=1).update(options=["2/6", "5/6", "3/4", "1/2"])
    row = check(upload(cast, "Name,1,2,3,4\nMaya Okafor,3/4,A,B,D\n", assessment=fourth))
    assert (told(row), counts(row)) == ([], ("checked", 4, 0, 0))


def test_a_member_enters_no_class_of_a_colleague_and_is_told_nothing_of_it(cast):
    fourth = make_assessment(cast.team)
    answer(fourth, cast.ines, "CABD", section=cast.other_section)
    text = "Student,1,2,3,4\n1003,B,A,B,D\n1001,C,A,B,D\n"
    row = check(upload(cast, text, assessment=fourth))
    assert (counts(row), told(row)) == (("checked", 4, 0, 0), [(2, "1003", "unknown-student")])
    row = check(upload(cast, text, actor=cast.tom, assessment=fourth))
    assert (counts(row), told(row)) == (("checked", 0, 1, 3), [(3, "1001", "unknown-student")])


def test_whoever_loads_data_brings_answers_of_all_classes_and_sees_none_that_are_stored(cast):
    fourth = make_assessment(cast.team)
    answer(fourth, cast.ines, "CABD", section=cast.other_section)
    mapping = {
        "columns": {"who": "Student"},
        "items": ["1", "2", "3", "4"],
        "options": {"assessment": str(fourth.uuid)},
    }
    text = "Student,1,2,3,4\n1003,B,A,B,D\n1001,C,A,B,D\n"
    row = load(cast, text, "answers.csv", mapping=mapping, kind="answers", confirm=True)
    assert counts(row) == ("applied", 4, 1, 3)
    assert row.first_changes[0]["values"] == [["Item 1", "", "B"]]


def test_a_file_that_a_member_brought_is_seen_by_nobody_else(cast):
    row = upload(cast, FILE)
    assert [
        user.username for user in (cast.ana, cast.tom, cast.ada, cast.cora) if imports_visible_to(user)
    ] == [cast.ana.username]
    for stranger in (cast.tom, cast.ada, cast.gil):
        with pytest.raises(PermissionDenied):
            files.start_check(row, actor=stranger, kind="answers", mapping=row.mapping)
    with pytest.raises(PermissionDenied):
        upload(cast, FILE, actor=cast.gil)
    with pytest.raises(DomainError, match="each row of the file is about"):
        files.start_check(row, actor=cast.ana, kind="students", mapping=row.mapping)


def test_an_assessment_that_people_worked_with_is_not_undone(cast):
    row = apply(check(upload(cast, FILE)))
    teacher = cast.section.teachers.get()
    row.assessment.class_shares.create(section=cast.section, teacher=teacher, words="With strips of paper.")
    with pytest.raises(DomainError, match="opened classes"):
        undo(row)
    assert len(stored(row.assessment)) == 7


def test_a_worker_that_was_stopped_is_followed_by_one_that_finishes(cast, monkeypatch):
    row = check(upload(cast, FILE))
    files.start_apply(row, actor=cast.ana)
    monkeypatch.setattr(
        "datareview.loading.services.applying._finish", lambda *_args: (_ for _ in ()).throw(SystemExit)
    )
    with pytest.raises(SystemExit):
        apply_job(Job(payload={"import": row.pk}), Quiet())
    monkeypatch.undo()
    work(row, apply_job)
    assert (row.state, Assessment.objects.count(), len(stored(row.assessment))) == ("applied", 1, 7)


def test_queries_do_not_grow_with_the_file(cast, django_assert_max_num_queries):
    names = "".join(f"{n},{letter},A,B,D\n" for n, letter in ((1001, "C"), (1002, "A"), (1003, "B")))
    row = upload(cast, f"Student,1,2,3,4\nKey,C,A,B,D\n{names}")
    with django_assert_max_num_queries(40):
        check(row)
    with django_assert_max_num_queries(110):
        apply(row)
