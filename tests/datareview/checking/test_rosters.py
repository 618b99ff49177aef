"""Files of sections, teachers, enrollments, guardians and groups: checked by row, applied, undone."""

import datetime as dt

import pytest

from datareview.imports.models import Import, ImportChange
from datareview.imports.services import files
from datareview.loading.services.applying import apply_job
from datareview.loading.services.undoing import undo_job
from datareview.privacy.services.erasure import erase_student
from datareview.recognition.fields import FIELDS
from datareview.records.models import Enrollment, Guardian, Section, SectionTeacher, Student, Subgroup
from datareview.records.permissions import students_visible_to
from teams.directory.models import Staff
from teams.jobs.models import Job
from teams.lib.errors import DomainError
from tests.conftest import START, TODAY
from tests.factories.imports import Quiet, check, load, upload

pytestmark = pytest.mark.django_db

SECTIONS = "section,name,course,subject,grade,period\nM7,Math 7,Mathematics,math,4,2\n4A,4A,,reading,4,\n"
DAY = dt.timedelta(days=1)


def undo(cast, row):
    files.start_undo(row, actor=cast.ada)
    undo_job(Job(payload={"import": row.pk}), Quiet())
    row.refresh_from_db()
    return row


def counts(row):
    return row.state, row.counts["new"], row.counts["changed"], row.counts["same"]


def told(row):
    return [(one.row, one.value, one.code) for one in row.problems.order_by("row", "pk")]


def snapshot():
    return {
        model: list(model.objects.order_by("pk").values())
        for model in (Section, SectionTeacher, Enrollment, Guardian, Subgroup)
    }


def test_sections_are_new_changed_or_the_same(cast):
    before = snapshot()
    row = load(cast, SECTIONS, "sections.csv")
    assert counts(row) == ("applied", 1, 0, 1)
    made = Section.objects.get(local_id="M7")
    assert (made.name, made.course, made.subject, made.grade, made.period, made.year, made.school) == (
        "Math 7",
        "Mathematics",
        "math",
        4,
        "2",
        cast.section.year,
        cast.school,
    )
    again = load(cast, SECTIONS.replace("Math 7", "Math room 9"), "sections.csv")
    assert counts(again) == ("applied", 0, 1, 1)
    undo(cast, again)
    undo(cast, row)
    assert snapshot() == before


def test_a_course_without_the_number_of_a_section_is_none(cast):
    columns = {"section": "section", "course_number": "course number"}
    row = upload(cast, "section,course number,name\n1,ALG,Algebra\n,ALG,Algebra\n", "sections.csv")
    row = check(cast, row, {"columns": columns, "options": {}}, "sections")
    assert (row.counts["new"], [code for _line, _value, code in told(row)]) == (1, ["no-number"])


def test_a_section_without_a_name_takes_its_number(cast):
    load(cast, "section,course\nB1,Band\n", "sections.csv")
    assert Section.objects.get(local_id="B1").name == "B1"


def test_a_school_without_a_year_is_told_what_to_do(cast):
    cast.school.years.update(ends_on=TODAY - DAY)
    row = upload(cast, SECTIONS, "sections.csv")
    with pytest.raises(Exception, match="Add this year to the school calendar"):
        check(cast, row)


def test_teachers_are_found_by_email_or_staff_id_and_see_their_students(cast):
    Staff.objects.filter(pk=cast.staff.gil.pk).update(local_id="T9")
    cast.maya.grade = 5
    row = load(
        cast,
        f"section,teacher,role,until\n4A,T9,co-teacher,{TODAY}\n4B,Sol@lincoln.test,teacher,\n4A,zed@roosevelt.test,,\n9Z,T9,,\n",
        "teachers.csv",
    )
    assert told(row) == [(4, "zed@roosevelt.test", "unknown-teacher"), (5, "9Z", "unknown-section")]
    links = SectionTeacher.objects.filter(staff__in=[cast.staff.gil, cast.staff.sol]).order_by("pk")
    assert list(links.values_list("section__name", "staff", "is_lead", "ends_on")) == [
        ("4A", cast.staff.gil.pk, False, TODAY),
        ("4B", cast.staff.sol.pk, True, None),
    ]
    assert set(students_visible_to(cast.gil)) == {cast.maya, cast.jonas}
    undo(cast, row)
    assert set(students_visible_to(cast.gil)) == set()


def test_enrollments_have_dates_and_a_second_file_changes_nothing(cast):
    before, later = snapshot(), START + 100 * DAY
    text = f"section,student_id,from,until\n4B,1001,{TODAY},\n4A,1002,,{later}\n4B,1003,,\n"
    row = load(cast, text, "enrollments.csv")
    assert counts(row) == ("applied", 1, 1, 1)
    rows = Enrollment.objects.filter(student__school=cast.school).order_by(
        "section__name", "student__local_id"
    )
    assert list(rows.values_list("section__name", "student__local_id", "starts_on", "ends_on")) == [
        ("4A", "1001", START, None),
        ("4A", "1002", START, later),
        ("4B", "1001", TODAY, None),
        ("4B", "1003", START, None),
    ]
    assert counts(load(cast, text, "enrollments.csv")) == ("applied", 0, 0, 3)
    undo(cast, row)
    assert snapshot() == before


def test_a_student_who_is_back_in_a_section_is_enrolled_again(cast):
    ended = TODAY - 7 * DAY
    Enrollment.objects.filter(section=cast.section).update(ends_on=ended)
    text = f"section,student_id,from,until\n4A,1001,,\n4A,1002,{TODAY - DAY},\n"
    row = load(cast, text, "enrollments.csv")
    assert counts(row) == ("applied", 2, 0, 0)
    rows = Enrollment.objects.filter(section=cast.section).order_by("student__local_id", "starts_on")
    days = [
        ("1001", START, ended),
        ("1001", TODAY, None),
        ("1002", START, ended),
        ("1002", TODAY - DAY, None),
    ]
    assert list(rows.values_list("student__local_id", "starts_on", "ends_on")) == days
    assert counts(load(cast, text, "enrollments.csv")) == ("applied", 0, 0, 2)
    assert list(rows.values_list("student__local_id", "starts_on", "ends_on")) == days


def test_a_file_with_an_ended_enrollment_repeats_or_corrects_it(cast):
    ended = TODAY - 7 * DAY
    Enrollment.objects.filter(section=cast.section).update(ends_on=ended)
    text = f"section,student_id,from,until\n4A,1001,{START},{ended}\n4A,1002,,{ended}\n"
    assert counts(load(cast, text, "enrollments.csv")) == ("applied", 0, 0, 2)
    assert counts(load(cast, text.replace(str(ended), str(ended - DAY)), "enrollments.csv")) == (
        "applied",
        0,
        2,
        0,
    )
    rows = Enrollment.objects.filter(section=cast.section)
    assert set(rows.values_list("starts_on", "ends_on")) == {(START, ended - DAY)}


def test_a_teacher_who_is_back_in_a_section_has_no_last_day(cast):
    ended = TODAY - 7 * DAY
    link = SectionTeacher.objects.get(section=cast.section)
    SectionTeacher.objects.filter(pk=link.pk).update(ends_on=ended)
    number = Staff.objects.get(pk=link.staff_id).user.email
    row = load(cast, f"section,teacher\n4A,{number}\n", "teachers.csv")
    link.refresh_from_db()
    assert (counts(row), link.ends_on) == (("applied", 0, 1, 0), None)
    again = load(cast, f"section,teacher\n4A,{number}\n", "teachers.csv")
    assert counts(again) == ("applied", 0, 0, 1)
    undo(cast, row)
    link.refresh_from_db()
    assert link.ends_on == ended
    same = load(cast, f"section,teacher,until\n4A,{number},{ended}\n", "teachers.csv")
    assert counts(same) == ("applied", 0, 0, 1)


def test_a_student_who_is_back_in_a_group_is_a_member_again(cast):
    cast.school.group_names.create(category="Program", group="Band")
    ended = TODAY - 7 * DAY
    for student in (cast.maya, cast.jonas):
        student.subgroups.create(category="Program", group="Band", starts_on=START, ends_on=ended)
    text = f"student_id,category,group,from,until\n1001,Program,Band,{TODAY},\n1002,Program,Band,,\n"
    row = load(cast, text, "groups.csv")
    assert counts(row) == ("applied", 2, 0, 0)
    for student in (cast.maya, cast.jonas):
        days = student.subgroups.order_by("starts_on").values_list("starts_on", "ends_on")
        assert list(days) == [(START, ended), (TODAY, None)]
    assert counts(load(cast, text, "groups.csv")) == ("applied", 0, 0, 2)
    old = f"student_id,category,group,from,until\n1001,Program,Band,{START},{ended}\n"
    assert counts(load(cast, old, "groups.csv")) == ("applied", 0, 0, 1)


def test_a_file_enrolls_nobody_whom_the_page_would_refuse(cast):
    Student.objects.filter(pk=cast.ines.pk).update(status=Student.Status.LEFT, left_on=TODAY - DAY)
    year, before = cast.section.year, snapshot()
    after = year.ends_on + DAY
    lines = [
        f"4A,1003,{START},",  # left the school
        f"4A,1001,{START - DAY},",  # before the year
        f"4A,1002,,{after}",  # after the year
        f"4B,1001,{TODAY},{after}",
        f"4B,1002,{TODAY},{TODAY + 9 * DAY}",
        f"4B,1002,{TODAY + 9 * DAY},",  # from the last day of the row above on
    ]
    text = "section,student_id,from,until\n" + "\n".join(lines) + "\n"
    row = load(cast, text, "enrollments.csv")
    assert told(row) == [(n, line.split(",")[1], "not-enrolled") for n, line in enumerate(lines, 2) if n != 6]
    assert counts(row) == ("applied", 1, 0, 0)
    undo(cast, row)
    assert snapshot() == before


def test_an_enrollment_does_not_end_before_it_begins_nor_overlap_a_later_one(cast):
    Enrollment.objects.filter(section=cast.section).update(starts_on=TODAY, ends_on=TODAY + 9 * DAY)
    text = f"section,student_id,from,until\n4A,1001,,{TODAY - DAY}\n4A,1002,{START},\n"
    row = load(cast, text, "enrollments.csv")
    assert told(row) == [(2, "1001", "not-enrolled"), (3, "1002", "not-enrolled")]
    text = f"section,student_id,from,until\n4A,1001,{TODAY},{TODAY + 3 * DAY}\n4A,1001,{TODAY + 4 * DAY},\n"
    assert counts(load(cast, text, "enrollments.csv")) == ("applied", 1, 1, 0)
    rows = Enrollment.objects.filter(student=cast.maya, section=cast.section).order_by("starts_on")
    assert list(rows.values_list("starts_on", "ends_on")) == [
        (TODAY, TODAY + 3 * DAY),
        (TODAY + 4 * DAY, None),
    ]


def test_teachers_and_groups_do_not_end_before_they_begin(cast):
    cast.school.group_names.create(category="Program", group="Band")
    cast.maya.subgroups.create(category="Program", group="Band", starts_on=TODAY)
    cast.jonas.subgroups.create(category="Program", group="Band", starts_on=START, ends_on=TODAY - DAY)
    SectionTeacher.objects.filter(section=cast.section).update(starts_on=TODAY)
    before = snapshot()
    row = load(cast, f"section,teacher,until\n4A,{cast.ana.email},{TODAY - DAY}\n", "teachers.csv")
    assert told(row) == [(2, str(TODAY - DAY), "backwards")]
    text = f"student_id,category,group,from,until\n1001,Program,Band,,{TODAY - DAY}\n1002,Program,Band,{START},\n"
    row = load(cast, text, "groups.csv")
    assert told(row) == [(2, str(TODAY - DAY), "backwards"), (3, "Band", "overlap")]
    assert snapshot() == before


def test_what_cannot_be_enrolled_is_told_by_row(cast):
    text = "section,student_id,from,until\n4B,9999,,\n9Z,1001,,\n4B,1001,soon,\n"
    text += f"4B,1001,{TODAY},{START}\n4B,1002,{START - DAY},\n"
    row = check(cast, upload(cast, text, "enrollments.csv"))
    assert [one.code for one in row.problems.order_by("row", "pk")] == [
        "unknown-student",
        "unknown-section",
        "no-date",
        "backwards",
        "not-enrolled",
    ]
    assert counts(row) == ("checked", 0, 0, 0)


def test_guardians_are_loaded_with_languages_by_name_or_code(cast):
    text = "student_id,guardian,relation,phone,email,language,may_contact\n"
    text += "1001,Rosa Okafor,mother,555-0101,rosa@example.org,Spanish,yes\n"
    text += "1002,Ben Weber,father,,,so,no\n1003,Ana Duarte,,,not-an-email,,\n1003,,,,,,\n"
    row = load(cast, text, "guardians.csv")
    fields = ("name", "relation", "phone", "email", "language", "may_contact")
    assert list(Guardian.objects.order_by("pk").values_list(*fields)) == [
        ("Rosa Okafor", "mother", "555-0101", "rosa@example.org", "es", True),
        ("Ben Weber", "father", "", "", "so", False),
    ]
    assert told(row) == [(4, "not-an-email", "no-email"), (5, "", "empty")]
    again = load(cast, text.replace("555-0101", "555-0199"), "guardians.csv")
    assert counts(again) == ("applied", 0, 1, 1)
    undo(cast, again)
    undo(cast, row)
    assert Guardian.objects.count() == 0


@pytest.mark.parametrize(
    ("word", "stored"),
    [
        *((word, True) for word in ("yes", "Y", "TRUE", "1.0", "Sí", "si", "Si\u0301", "")),
        *((word, False) for word in ("no", "N", "False", "0", "Falso")),
    ],
)
def test_whether_a_guardian_may_be_contacted_is_said_by_yes_or_no(cast, word, stored):
    row = load(cast, f"student_id,guardian,may_contact\n1001,Rosa Okafor,{word}\n", "guardians.csv")
    assert (told(row), Guardian.objects.get().may_contact) == ([], stored)


@pytest.mark.parametrize("word", ["Do not contact", "restricted", "court order", "never", "not", "555-0101"])
def test_any_other_word_leaves_a_guardian_as_stored(cast, word):
    Guardian.objects.create(student=cast.maya, name="Rosa Okafor", may_contact=False)
    text = f"student_id,guardian,may_contact\n1001,Rosa Okafor,{word}\n1002,Ben Weber,{word}\n"
    row = load(cast, text, "guardians.csv")
    assert told(row) == [(2, word, "no-answer"), (3, word, "no-answer")]
    assert list(Guardian.objects.values_list("name", "may_contact")) == [("Rosa Okafor", False)]


def test_a_column_named_contact_says_nothing_about_permission(cast):
    text = "student_id,guardian,contact\n1001,Rosa Okafor,yes\n"
    assert "may_contact" not in {
        name for name, column in upload(cast, text, "guardians.csv").mapping["columns"].items() if column
    }


def test_a_file_lifts_do_not_contact_only_after_a_person_confirmed_it(cast):
    rosa = Guardian.objects.create(student=cast.maya, name="Rosa Okafor", may_contact=False)
    row = check(
        cast, upload(cast, "student_id,guardian,may_contact\n1001,Rosa Okafor,yes\n", "guardians.csv")
    )
    assert list(row.problems.values_list("row", "value", "code", "severity")) == [
        (2, "1001", "contact-allowed", "warning")
    ]
    with pytest.raises(DomainError, match="1 stored values would change"):
        files.start_apply(row, actor=cast.ada)
    files.start_apply(row, actor=cast.ada, confirm=True)
    apply_job(Job(payload={"import": row.pk}), Quiet())
    rosa.refresh_from_db()
    assert rosa.may_contact is True


def test_a_guardian_who_is_marked_after_the_check_stays_marked(cast):
    rosa = Guardian.objects.create(student=cast.maya, name="Rosa Okafor", may_contact=True)
    text = "student_id,guardian,phone,may_contact\n1001,Rosa Okafor,555-0101,yes\n"
    row = check(cast, upload(cast, text, "guardians.csv"))
    Guardian.objects.update(may_contact=False)
    files.start_apply(row, actor=cast.ada, confirm=True)
    with pytest.raises(DomainError, match="since this file was checked"):
        apply_job(Job(payload={"import": row.pk}), Quiet())
    rosa.refresh_from_db()
    row.refresh_from_db()
    assert (rosa.may_contact, rosa.phone, row.state) == (False, "", "checked")


def test_a_guardian_is_found_by_name_whatever_its_case_and_spaces(cast):
    for name, may_contact in [("Rosa Okafor", True), ("rosa  okafor", False), ("Ben Weber", False)]:
        student = cast.maya if "kafor" in name else cast.jonas
        Guardian.objects.create(student=student, name=name, may_contact=may_contact)
    text = "student_id,guardian,phone\n1001,ROSA   OKAFOR,555-0101\n1002,ben weber ,555-0102\n"
    text += "1003,Ana  Duarte,555-0103\n1003,ana duarte,555-0103\n1002,Rosa Okafor,555-0104\n"
    row = load(cast, text, "guardians.csv")
    assert (counts(row), told(row)) == (("applied", 2, 2, 0), [(5, "555-0103", "double")])
    rows = Guardian.objects.order_by("pk").values_list("student", "name", "phone", "may_contact")
    assert list(rows) == [
        (cast.maya.pk, "Rosa Okafor", "", True),
        (cast.maya.pk, "rosa  okafor", "555-0101", False),
        (cast.jonas.pk, "Ben Weber", "555-0102", False),
        (cast.ines.pk, "Ana Duarte", "555-0103", True),
        (cast.jonas.pk, "Rosa Okafor", "555-0104", True),
    ]


def test_groups_are_those_of_the_schools_list(cast):
    cast.school.group_names.create(category="Language", group="English learner")
    cast.school.group_names.create(category="Language", group="Former learner")
    text = f"student_id,category,group,from,until\n1001,Language,English learner,{START},\n"
    text += "1001,Language,Former learner,,\n1002,Language,Other,,\n"
    row = load(cast, text, "groups.csv")
    assert [(one.row, one.code) for one in row.problems.order_by("row")] == [
        (3, "other-group"),
        (4, "unknown-group"),
    ]
    assert list(Subgroup.objects.values_list("student", "category", "group", "starts_on", "ends_on")) == [
        (cast.maya.pk, "Language", "English learner", START, None)
    ]
    ended = load(cast, text.replace(f"{START},", f"{START},{TODAY}"), "groups.csv")
    assert (counts(ended), Subgroup.objects.get(group="English learner").ends_on) == (
        ("applied", 1, 1, 0),
        TODAY,
    )


def test_the_students_of_a_oneroster_file_and_their_enrollments(cast):
    users = "sourcedId,role,givenName,familyName,grades,email\nu1,student,Nia,Cole,03,\nu2,teacher,Tess,Hall,,t@x.org\n"
    assert counts(load(cast, users, "users.csv"))[:2] == ("applied", 1)
    nia = Student.objects.get(local_id="u1")
    assert (nia.full_name, nia.grade) == ("Nia Cole", 3)
    assert not Student.objects.filter(local_id="u2").exists()
    load(cast, "sourcedId,title,courseSourcedId,grades,subjects,periods\nc1,Art,art,3,art,2\n", "classes.csv")
    enrollments = "sourcedId,classSourcedId,userSourcedId,role,beginDate,endDate\n"
    enrollments += "e1,c1,u1,student,,\ne2,c1,u2,teacher,,\n"
    assert counts(load(cast, enrollments, "enrollments.csv")) == ("applied", 1, 0, 0)
    assert list(nia.enrollments.values_list("section__name", "starts_on")) == [("Art", START)]


def test_a_section_with_students_stays_when_its_file_is_undone(cast):
    row = load(cast, SECTIONS, "sections.csv")
    load(cast, "section,student_id\nM7,1001\n", "enrollments.csv")
    with pytest.raises(Exception, match="were built: enrollments"):
        undo(cast, row)
    assert Section.objects.filter(local_id="M7").exists()


def test_an_erased_student_leaves_nothing_in_roster_files(cast):
    cast.school.group_names.create(category="Program", group="Band")
    load(cast, "student_id,guardian\n1001,Rosa Okafor\n", "guardians.csv")
    load(cast, "student_id,category,group\n1001,Program,Band\n", "groups.csv")
    load(cast, "section,student_id\n4B,1001\n", "enrollments.csv")
    assert ImportChange.objects.count() == 3
    erase_student(cast.maya, actor=cast.ada)
    assert ImportChange.objects.count() == 0


@pytest.mark.sweep
def test_three_thousand_enrollments_are_loaded(cast):
    Student.objects.bulk_create(
        Student(school=cast.school, local_id=f"9{n:04}", first_name="N", last_name=f"{n}", grade=4)
        for n in range(3000)
    )
    text = "section,student_id\n" + "".join(f"4A,9{n:04}\n" for n in range(3000))
    assert counts(load(cast, text, "enrollments.csv")) == ("applied", 3000, 0, 0)


@pytest.mark.parametrize("kind", [kind for kind in Import.Kind.values if kind in FIELDS])
def test_every_kind_has_a_template_and_a_form(cast, as_user, kind):
    ada, row = as_user(cast.ada), upload(cast, SECTIONS, "sections.csv")
    lines = ada.get(f"/imports/template/{kind}/").content.decode().splitlines()
    assert lines[0].lstrip("\ufeff").split(",") == list(FIELDS[kind])
    page = ada.get(row.get_absolute_url(), {"kind": kind})
    assert {f"column_{name}" for name in FIELDS[kind]} <= set(page.context["form"].fields)
