"""Course grades of earlier terms: loaded by file, shown on the years of a student, traced, undone, moved with a merge."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.urls import reverse

from datareview.doubles.services.merging import merge_students
from datareview.imports.services.files import start_undo
from datareview.loading.services.undoing import undo_job
from datareview.provenance.queries.values import named_value
from datareview.records.models import Student
from datareview.transcripts.models import PastGrade
from datareview.transcripts.queries import past_terms
from teams.jobs.models import Job
from tests.factories.imports import Quiet, check, load, upload

TEXT = (
    "Student ID,Course Title,School Year,Term,Final Grade,Final Average,Earned Credits,Term End Date\n"
    "1001,Algebra I,2024-25,S1,B+,87.4,0.5,2025-01-17\n"
    "1001,Algebra I,2024-25,S2,A-,91,0.5,2025-06-06\n"
    "1001,Band,2024-25,S2,P,,0.5,2025-06-06\n"
    "1001,Art,2024-25,S2,,,,2025-06-06\n"
)


def test_grades_of_earlier_terms_are_recognized_and_kept(cast):
    row = load(cast, TEXT, "history.csv")
    assert (row.kind, row.counts["new"], row.counts["problems"]) == ("past_grades", 3, {"no-grade": 1})
    terms = [
        (term.name, [(one.course, str(one)) for one, _url in term.grades]) for term in past_terms(cast.maya)
    ]
    assert terms == [
        ("2024-25 S2", [("Algebra I", "A- 91%"), ("Band", "P")]),
        ("2024-25 S1", [("Algebra I", "B+ 87%")]),
    ]
    first = PastGrade.objects.get(term="2024-25 S1")
    assert (first.percent, first.credits, first.ended_on) == (
        Decimal("87.4"),
        Decimal("0.5"),
        dt.date(2025, 1, 17),
    )


def test_a_term_is_there_once_and_one_without_a_day_comes_last(cast):
    load(cast, TEXT, "history.csv")
    PastGrade.objects.filter(course="Band").update(ended_on=None)
    PastGrade.objects.create(
        student=cast.maya, course="Chess", term="2024-25 S1", ended_on="2025-01-18", letter="P"
    )
    PastGrade.objects.create(student=cast.maya, course="Chess", term="Summer", letter="P")
    found = [(term.name, [one.course for one, _url in term.grades]) for term in past_terms(cast.maya)]
    assert found == [
        ("2024-25 S2", ["Algebra I", "Band"]),
        ("2024-25 S1", ["Algebra I", "Chess"]),
        ("Summer", ["Chess"]),
    ]


def test_a_later_file_changes_them_and_undoing_brings_them_back(cast):
    load(cast, TEXT, "history.csv")
    later = load(cast, TEXT.replace("87.4", "88"), "history 2.csv")
    assert (later.counts["changed"], later.counts["same"]) == (1, 2)
    start_undo(later, actor=cast.ada)
    undo_job(Job(payload={"import": later.pk}), Quiet())
    assert PastGrade.objects.get(term="2024-25 S1").percent == Decimal("87.4")


def test_the_page_of_the_years_shows_them_and_says_where_each_is_from(cast, as_user):
    load(cast, TEXT, "history.csv")
    text = as_user(cast.ana).get(reverse("datareview:student-years", args=[cast.maya.uuid])).content.decode()
    assert ("Algebra I" in text, "B+ 87%" in text, "2024-25 S2" in text) == (True, True, True)
    grade = PastGrade.objects.get(course="Band")
    found = named_value(cast.ana, cast.maya, f"past-{grade.pk}")
    assert (found.subject, found.values[0].text) == ("Band, 2024-25 S2", "P")
    assert (found.values[0].origin.file, found.values[0].origin.line) == ("history.csv", 4)
    assert named_value(cast.ana, cast.jonas, f"past-{grade.pk}").values == []


def test_of_two_records_of_a_student_one_has_the_grades_of_both(cast):
    other = Student.objects.create(
        school=cast.school, local_id="09", first_name="Maya", last_name="Okafor", grade=4
    )
    load(cast, TEXT, "history.csv")
    load(cast, TEXT.replace("1001", "09").replace("Band", "Choir"), "history 2.csv")
    merge_students(cast.maya, other, actor=cast.ada, chosen={})
    assert sorted(cast.maya.past_grades.values_list("course", "term")) == [
        ("Algebra I", "2024-25 S1"),
        ("Algebra I", "2024-25 S2"),
        ("Band", "2024-25 S2"),
        ("Choir", "2024-25 S2"),
    ]


def test_a_file_with_sections_is_of_grades_of_this_year(cast):
    row = upload(
        cast, "Student ID,Section ID,Course Title,Term,Percent\n1001,X1,Math,S1,87\n1002,X1,Math,S1,90\n"
    )
    assert row.kind == "course_grades"
    assert check(cast, upload(cast, TEXT.replace("Term,", "Quarter,"), "q.csv")).counts["new"] == 3
