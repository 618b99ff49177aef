"""Cells that stopped a file, or were stored as something else, are read right or stay out with a sentence."""

from __future__ import annotations

import datetime as dt

import pytest

from datareview.records.models import Guardian, Score, Student
from teams.directory.models import School
from teams.lib.errors import DomainError
from tests.factories.imports import check, load, today, upload

WITH_NEW_MEASURES = {
    "columns": {"student": "student_id", "day": "date", "value": "score", "measure": "measure"},
    "options": {"new_measures": True},
}


def codes(row):
    return dict(row.problems.values_list("row", "code"))


def test_children_are_called_na_none_and_null_and_empty_cells_change_nothing(cast):
    School.objects.filter(pk=cast.school.pk).update(highest_grade=6)
    text = (
        "student_id,first_name,last_name,grade,entry_date\n"
        "3001,Na,None,4,2024-09-03\n3002,Ana,Null,,\n3003,,Li,6th,1/21/2015 9:18\n"
    )
    load(cast, text, "a.csv")
    empty = load(cast, "student_id,first_name,last_name,grade,entry_date\n3001,,,,\n", "b.csv")
    assert (empty.counts["same"], empty.counts["problems"]) == (1, {})
    rows = Student.objects.filter(local_id__startswith="300").order_by("local_id")
    assert list(rows.values_list("first_name", "last_name", "grade", "entered_on")) == [
        ("Na", "None", 4, dt.date(2024, 9, 3)),
        ("Ana", "Null", None, None),
        ("", "Li", 6, dt.date(2015, 1, 21)),
    ]


def test_a_guardian_may_be_called_none_too(cast):
    load(cast, "student_id,guardian,relation,phone\n1001,Rosa None,mother,555-1\n1002,Null,,\n", "g.csv")
    assert set(Guardian.objects.values_list("name", flat=True)) >= {"Rosa None", "Null"}


def test_grades_and_days_that_cannot_be_read_stay_out_and_do_not_stop_the_others(cast):
    School.objects.filter(pk=cast.school.pk).update(highest_grade=6)
    text = "student_id,first_name,grade,entry_date\n3001,A,ungraded,\n3002,B,Grade 6,soon\n3003,C,PK3,2024-09-03\n"
    row = load(cast, text, "a.csv")
    assert codes(row) == {2: "unknown-grade", 3: "no-date"}
    assert Student.objects.get(local_id="3003").grade == -1


def test_numbers_with_thousands_percent_signs_levels_and_codes_for_no_value(cast):
    day = today(cast)
    lines = [f'1001,{day},"1,310",map', f"1002,{day},980,map", f"1003,{day},-9999,map"]
    lines += [f"1001,{day},53%,quiz", f"1002,{day},*,quiz", f"1003,{day},N/A,quiz"]
    lines += [f"1001,{day},Level 3 (Meets),state"]
    row = load(cast, "student_id,date,score,measure\n" + "\n".join(lines), mapping=WITH_NEW_MEASURES)
    assert (row.counts["new"], row.counts["problems"]) == (4, {})
    stored = Score.objects.filter(imported_by=row).order_by("pk")
    assert set(stored.values_list("student__local_id", "measure__key", "value")) == {
        ("1001", "map", 1310),
        ("1002", "map", 980),
        ("1001", "quiz", 53),
        ("1001", "state", 3),
    }


def test_ranges_and_limits_are_no_numbers_and_say_why(cast):
    lines = [f"1001,{today(cast)},90 - 95,quiz", f"1002,{today(cast)},<1,quiz", f"1003,{today(cast)},60,quiz"]
    row = load(cast, "student_id,date,score,measure\n" + "\n".join(lines), mapping=WITH_NEW_MEASURES)
    assert (codes(row), row.counts["new"]) == ({2: "range", 3: "limit"}, 1)


def test_a_wide_file_leaves_out_single_cells(cast):
    row = upload(cast, f"student_id,date,quiz,test\n1001,{today(cast)},7,<1\n1002,{today(cast)},-999,80\n")
    mapping = {
        "columns": {"student": "student_id", "day": "date"},
        "options": {},
        "measures": {"quiz": "Quiz", "test": "Test"},
    }
    row = check(cast, row, mapping, "scores")
    assert (row.counts["new"], codes(row)) == (2, {2: "limit"})


def test_the_order_of_day_and_month_is_asked_and_not_remembered(cast):
    text = "student_id,date,score,measure\n1001,05/10/2020,70,orf\n1002,06/10/2020,70,orf\n"
    row = upload(cast, text)
    with pytest.raises(DomainError, match="05/10/2020"):
        check(cast, row)
    row.refresh_from_db()
    assert row.state == "failed"
    columns = row.mapping["columns"]
    row = check(cast, row, {"columns": columns, "options": {"date_order": "dmy", "fixed_day": ""}})
    assert row.counts["new"] == 2
    again = upload(cast, text.replace("70", "71"))
    assert again.mapping == {"columns": columns, "options": {}}


def test_one_day_of_a_whole_file_is_not_taken_for_the_next_file(cast):
    mapping = {
        "columns": {"student": "student_id", "value": "score"},
        "options": {"fixed_day": "2020-10-01", "measure_name": "Quiz"},
    }
    load(cast, "student_id,score\n1001,70\n", "quiz.csv", mapping, "scores")
    assert upload(cast, "student_id,score\n1001,71\n").mapping["options"] == {"measure_name": "Quiz"}


def test_numbers_that_lost_their_zeros_are_the_stored_students_and_never_new_ones(cast):
    Student.objects.create(school=cast.school, local_id="0043", first_name="Ana")
    students = load(cast, "student_id,first_name,grade\n43,Ana,4\n9,Bo,4\n", "students.csv")
    assert (students.counts["changed"], students.counts["new"], codes(students)) == (1, 1, {2: "zeros"})
    assert set(
        Student.objects.filter(grade=4, first_name__in=["Ana", "Bo"]).values_list("local_id", flat=True)
    ) == {
        "0043",
        "9",
    }
    marks = load(
        cast,
        f"student_id,date,score,measure\n43,{today(cast)},70,orf\n00043,{today(cast)},7,quiz\n",
        mapping=WITH_NEW_MEASURES,
    )
    assert set(Score.objects.filter(imported_by=marks).values_list("student__local_id", "value")) == {
        ("0043", 70),
        ("0043", 7),
    }


def test_a_number_with_zeros_is_nobodys_if_the_file_has_the_students_own_too(cast):
    day = today(cast)
    lines = [f"01001,{day},7,orf", f"1001,{day},70,orf", f"01002,{day},8,orf"]
    row = load(cast, "student_id,date,score,measure\n" + "\n".join(lines), mapping=WITH_NEW_MEASURES)
    assert codes(row) == {2: "unknown-student", 4: "zeros"}
    assert set(Score.objects.filter(imported_by=row).values_list("student__local_id", "value")) == {
        ("1001", 70),
        ("1002", 8),
    }


def test_a_guardian_beside_a_number_with_zeros_goes_to_no_other_child(cast):
    row = load(cast, "student_id,guardian\n01001,Rosa Okafor\n1001,Ben Weber\n", "guardians.csv")
    assert codes(row) == {2: "unknown-student"}
    stored = Guardian.objects.filter(name__in=["Rosa Okafor", "Ben Weber"])
    assert list(stored.values_list("student__local_id", "name")) == [("1001", "Ben Weber")]


def test_two_numbers_that_differ_by_zeros_stay_two(cast):
    for number in ("0043", "43"):
        Student.objects.create(school=cast.school, local_id=number)
    row = check(cast, upload(cast, f"student_id,date,score,measure\n00043,{today(cast)},70,orf\n"))
    assert codes(row) == {2: "unknown-student"}
