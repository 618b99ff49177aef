"""Files of OneRoster: who is no student, what was deleted, and what is not there."""

import datetime as dt

import pytest

from datareview.imports.services import files
from datareview.inbox.services.taking import reason_to_stop
from datareview.records.models import Enrollment, Section, Student
from teams.lib.errors import DomainError
from tests.factories.imports import check, load, upload

USERS = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,grades\n"
USERS_12 = "sourcedId,status,enabledUser,username,userMasterIdentifier,givenName,familyName,grades\n"
CLASSES = "sourcedId,status,title,courseSourcedId,classCode,classType,grades,subjects,periods\n"
ENROLLMENTS = "sourcedId,status,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\n"


def users(*rows):
    return USERS + "".join(
        f"{number},{status},,true,S1,{role},u{number},,{first},Doe,{grade}\n"
        for number, status, role, first, grade in rows
    )


def test_only_students_are_students_and_deleted_ones_have_left(cast):
    text = users(
        ("1001", "active", "student", cast.maya.first_name, "04"),
        ("1002", "tobedeleted", "student", cast.jonas.first_name, "04"),
        ("5001", "active", "student", "New", "04"),
        ("5002", "tobedeleted", "student", "Gone", "04"),
        ("9001", "active", "teacher", "Teach", ""),
        ("9002", "active", "parent", "Par", ""),
    )
    row = load(cast, text, confirm=True)
    assert (row.kind, row.counts["problems"]) == ("students", {})
    numbers = ["1001", "1002", "5001", "5002", "9001", "9002"]
    found = Student.objects.filter(school=cast.school, local_id__in=numbers).order_by("local_id")
    assert list(found.values_list("local_id", "status", "left_on")) == [
        ("1001", "active", None),
        ("1002", "left", cast.school.today()),
        ("5001", "active", None),
    ]


def test_a_student_who_had_left_keeps_the_last_day(cast):
    day = cast.school.today() - dt.timedelta(days=40)
    Student.objects.filter(pk=cast.maya.pk).update(status="left", left_on=day)
    row = check(cast, upload(cast, users(("1001", "tobedeleted", "student", cast.maya.first_name, "04"))))
    load(cast, users(("1001", "tobedeleted", "student", cast.maya.first_name, "04")), confirm=True)
    cast.maya.refresh_from_db()
    assert (row.kind, cast.maya.left_on, cast.maya.status) == ("students", day, "left")


def test_users_without_roles_are_not_taken_for_students(cast):
    row = upload(cast, USERS_12 + "5001,active,true,u,,Ana,Doe,04\n9001,active,true,t,,Teach,Doe,\n")
    columns = {"student": "sourcedId", "first_name": "givenName", "last_name": "familyName"}
    with pytest.raises(DomainError, match="no column says who is a student"):
        check(cast, row, {"columns": columns, "options": {}}, "students")
    assert not Student.objects.filter(local_id="9001").exists()


def test_deleted_enrollments_end_and_unknown_references_are_listed(cast):
    load(cast, CLASSES + "C1,active,Reading,CO1,R1,scheduled,04,Reading,1\n")
    section = Section.objects.get(local_id="C1")
    begin = section.year.starts_on
    load(
        cast,
        ENROLLMENTS
        + f"E1,active,C1,S1,1001,student,false,{begin},\nE2,active,C1,S1,1002,student,false,{begin},\n",
    )
    text = ENROLLMENTS + (
        f"E1,tobedeleted,C1,S1,1001,student,false,{begin},\n"
        f"E2,active,C1,S1,1002,student,false,{begin},\n"
        f"E3,tobedeleted,C1,S1,1003,student,false,{begin},\n"
        f"E4,active,C9,S1,1002,student,false,{begin},\n"
        f"E5,active,C1,S1,4711,student,false,{begin},\n"
        f"E6,active,C1,S1,9001,teacher,true,{begin},\n"
    )
    row = load(cast, text, confirm=True)
    assert row.counts["problems"] == {"unknown-section": 1, "unknown-student": 1}
    found = Enrollment.objects.filter(section=section).order_by("student__local_id")
    assert list(found.values_list("student__local_id", "ends_on")) == [
        ("1001", cast.school.today()),
        ("1002", None),
    ]


def test_a_deleted_class_is_told_and_left_as_it_is(cast):
    load(cast, CLASSES + "C1,active,Reading,CO1,R1,scheduled,04,Reading,1\n")
    row = check(
        cast,
        upload(
            cast,
            CLASSES
            + "C1,tobedeleted,Reading,CO1,R1,scheduled,04,Reading,1\nC2,active,Math,CO2,M1,scheduled,04,Math,2\n",
        ),
    )
    assert (row.counts["new"], row.counts["changed"], row.counts["problems"]) == (1, 0, {"deleted": 1})


def namesakes(cast, many):
    """Students here, and a file that has them under other numbers."""
    names = [f"Ann{n}" for n in range(many)]
    for n, name in enumerate(names):
        Student.objects.create(
            school=cast.school, local_id=f"70{n}", first_name=name, last_name="Doe", grade=4, status="active"
        )
    return users(*[(f"X{n}", "active", "student", name.upper(), "04") for n, name in enumerate(names)])


def test_students_who_seem_to_be_here_under_other_numbers_are_not_added_unasked(cast):
    row = check(cast, upload(cast, namesakes(cast, 3)))
    assert (row.counts["new"], row.counts["problems"], row.counts["needs_confirm"]) == (
        3,
        {"second-student": 3},
        True,
    )
    with pytest.raises(DomainError, match="3 new students have the name and grade"):
        files.start_apply(row, actor=cast.ada)
    assert reason_to_stop(row) == "3 new students have the name and grade of students here."


def test_a_namesake_is_only_a_warning(cast):
    row = check(cast, upload(cast, namesakes(cast, 2)))
    assert (row.counts["new"], row.counts["problems"], row.counts["needs_confirm"]) == (
        2,
        {"second-student": 2},
        False,
    )


def test_who_is_in_the_file_too_or_has_left_or_is_in_another_grade_is_another_child(cast):
    text = namesakes(cast, 3)
    Student.objects.filter(school=cast.school, local_id="700").update(status="left")
    Student.objects.filter(school=cast.school, local_id="701").update(grade=5)
    text += "702,active,,true,S1,student,u,,Ann2,Doe,04\n"
    assert check(cast, upload(cast, text)).counts["problems"] == {}
