"""A class list makes people, students, sections, enrollments and grade teams."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.urls import reverse

from collab.setup.services.schools import add_school
from datareview.class_lists.queries import class_list_page, summary_in
from datareview.class_lists.services.dividing import divide_class_list, is_loaded_form
from datareview.class_lists.services.loading import class_list_job
from datareview.class_lists.services.starting import start_class_list
from datareview.class_rows.class_lists import class_rows_of, places_of, summary_of, tables_of
from datareview.imports.models import Import
from datareview.loading.services import now
from datareview.loading.services.now import read_file_now
from datareview.records.models import Enrollment, Section, SectionTeacher, Student
from teams.directory.models import Role, Staff, Team, TeamMember, User
from teams.lib import clock
from teams.lib.errors import DomainError
from tests import conftest

HEADER = "Student Number,Student Name,Grade,Section,Class Name,Subject,Period,Teacher,Teacher Email\n"
ROWS = """1001,"Okafor, Maya",4,4A-R,Reading 4A,Reading,1,"Ruiz, Ana",ana.ruiz@adams.test
1002,"Weber, Jonas",4,4A-R,Reading 4A,Reading,1,"Ruiz, Ana",ana.ruiz@adams.test
1003,"Duarte, Ines",5,5A-R,Reading 5A,Reading,1,,bo.lee@adams.test
1001,"Okafor, Maya",4,MUS,Music,Music,2,"Hall, Cy",cy@adams.test
1002,"Weber, Jonas",4,MUS,Music,Music,2,"Hall, Cy",cy@adams.test
1003,"Duarte, Ines",5,MUS,Music,Music,2,"Hall, Cy",cy@adams.test
"""


class Quiet:
    def step(self, done, total, note=""):
        """Ignore progress."""


@pytest.fixture
def ida(db):
    return User.objects.create_user("ida@adams.test", first_name="Ida", last_name="Wolf")


@pytest.fixture
def adams(ida):
    return add_school(
        "Adams Elementary", actor=None, administrator=ida, time_zone="America/Chicago", language="en"
    )


def upload(school, actor, text, name="classes.csv"):
    return read_file_now(school, actor=actor, file=ContentFile(text.encode(), name=name), name=name)


def load(row, actor, leads):
    row = start_class_list(row, actor=actor, leads=leads)
    return class_list_job(row.job, Quiet())


def cells(text):
    lines = [line.split(",") for line in text.splitlines()]
    return class_rows_of(lines[0], lines[1:], range(2, len(lines) + 1))


@pytest.mark.parametrize(
    ("header", "is_list"),
    [
        ("Student ID,First Name,Last Name,Grade,Class ID,Teacher Email", True),
        ("student_number,student_name,homeroom,teacher_email", True),
        ("Student_Number,LastFirst,Grade_Level,Course_Name,Section_Number,Teacher_Email", True),
        (
            "student.studentNumber,student.lastName,student.firstName,courseSection.courseName,courseSection.teacherEmail",
            True,
        ),
        ("Student ID,First Name,Last Name,Grade", False),
        ("Student ID,First Name,Last Name,Teacher Email", False),
        ("Student ID,Test Date,Score,Class,Teacher Email", False),
    ],
)
def test_a_class_list_has_students_their_classes_and_addresses_of_teachers(header, is_list):
    assert bool(places_of(header.split(","))) is is_list


def test_sections_that_each_course_numbers_from_one_are_told_apart():
    text = "student.studentNumber,student.lastName,student.firstName,student.grade,courseSection.courseName,"
    text += "courseSection.sectionNumber,courseSection.teacherEmail\n"
    text += (
        "1,Okafor,Maya,3rd,Math 3,1,a@x.org\n2,Ruiz,Leo,4th,Math 4,1,b@x.org\n2,Ruiz,Leo,4th,Art,2,c@x.org\n"
    )
    tables = tables_of(cells(text))
    assert [line[:2] for line in tables["sections"][1:]] == [
        ["Math 3 1", "Math 3 1"],
        ["Math 4 1", "Math 4 1"],
        ["2", "Art"],
    ]
    assert tables["enrollment"][1:] == [["Math 3 1", "1"], ["Math 4 1", "2"], ["2", "2"]]
    assert tables["teachers"][1:] == [["Math 3 1", "a@x.org"], ["Math 4 1", "b@x.org"], ["2", "c@x.org"]]


def test_classes_of_one_name_are_told_apart_by_teacher_and_period_unless_they_share_students():
    text = "student id,student name,class,period,teacher email\n"
    text += (
        "1,A,English 6,1,a@x.org\n2,B,English 6,1,a@x.org\n3,C,English 6,2,a@x.org\n4,D,English 6,1,b@x.org\n"
    )
    text += "1,A,Art,3,c@x.org\n2,B,Art,3,c@x.org\n1,A,Art,3,d@x.org\n2,B,Art,3,d@x.org\n"
    assert tables_of(cells(text))["teachers"][1:] == [
        ["English 6 a 1", "a@x.org"],
        ["English 6 a 2", "a@x.org"],
        ["English 6 b 1", "b@x.org"],
        ["Art", "c@x.org"],
        ["Art", "d@x.org"],
    ]


def test_long_names_of_classes_stay_apart():
    name = "An introduction to the mathematics of everything"
    text = f"student id,student name,class,teacher email\n1,A,{name} A,a@x.org\n2,B,{name} B,a@x.org\n"
    first, second = [line[0] for line in tables_of(cells(text))["sections"][1:]]
    assert (len(first), len(second), first == second) == (40, 40, False)


def test_a_teacher_is_in_the_team_of_most_of_their_students():
    text = "student id,student name,grade,class,teacher email\n"
    text += "1,A,3,3A,a@x.org\n2,B,3,3A,a@x.org\n3,C,4,4A,b@x.org\n"
    text += "".join(f"{n},S,{grade},Music,m@x.org\n" for n, grade in [(1, 3), (2, 3), (3, 4), (4, 5), (5, 6)])
    assert summary_of(cells(text))["grades"] == {
        "3": {"students": 2, "teachers": ["a@x.org"]},
        "4": {"students": 1, "teachers": ["b@x.org"]},
        "5": {"students": 1, "teachers": []},
        "6": {"students": 1, "teachers": []},
    }


def test_a_section_of_several_grades_has_none_and_two_teachers_are_two_rows():
    text = "student id,student name,grade,class,teacher email\n1,A,3,Art,a@x.org; b@x.org\n2,B,4,Art,a@x.org; b@x.org\n"
    tables = tables_of(cells(text))
    assert tables["sections"][1:] == [["Art", "Art", "", "", ""]]
    assert tables["teachers"][1:] == [["Art", "a@x.org"], ["Art", "b@x.org"]]
    assert tables["enrollment"][1:] == [["Art", "1"], ["Art", "2"]]


def test_everything_of_it_is_made_at_once(ida, adams):
    row = upload(adams, ida, HEADER + ROWS)
    page = class_list_page(row)
    assert (page.students, page.sections, page.teachers) == (3, 3, 3)
    assert [str(person) for person in page.new] == ["Ana Ruiz", "Bo Lee", "Cy Hall"]
    assert [(team.grade, team.teachers) for team in page.teams] == [
        (4, {"ana.ruiz@adams.test": "Ana Ruiz", "cy@adams.test": "Cy Hall"}),
        (5, {"bo.lee@adams.test": "Bo Lee"}),
    ]
    assert page.largest == [
        ("Music", 3, ["Hall, Cy"]),
        ("Reading 4A", 2, ["Ruiz, Ana"]),
        ("Reading 5A", 1, ["bo.lee@adams.test"]),
    ]
    assert page.outside == {}
    done = load(row, ida, {"4": "ana.ruiz@adams.test", "5": "bo.lee@adams.test"})
    assert done == {"people": 3, "teams": 2}
    assert sorted(Student.objects.filter(school=adams).values_list("local_id", "first_name", "grade")) == [
        ("1001", "Maya", 4),
        ("1002", "Jonas", 4),
        ("1003", "Ines", 5),
    ]
    sections = Section.objects.filter(school=adams).values_list(
        "local_id", "name", "subject", "grade", "period"
    )
    assert sorted(sections) == [
        ("4A-R", "Reading 4A", "Reading", 4, "1"),
        ("5A-R", "Reading 5A", "Reading", 5, "1"),
        ("MUS", "Music", "Music", None, "2"),
    ]
    taught = SectionTeacher.objects.values_list("section__local_id", "staff__user__email")
    assert sorted(taught) == [
        ("4A-R", "ana.ruiz@adams.test"),
        ("5A-R", "bo.lee@adams.test"),
        ("MUS", "cy@adams.test"),
    ]
    assert Enrollment.objects.filter(section__school=adams).count() == 6
    members = TeamMember.objects.values_list("team__name", "staff__user__first_name", "is_lead")
    assert sorted(members) == [("Grade 4", "Ana", True), ("Grade 4", "Cy", False), ("Grade 5", "Bo", True)]
    row.refresh_from_db()
    assert [one.state for one in class_list_page(row).files] == ["applied"] * 4


def test_imports_say_of_a_list_whether_it_was_loaded(ida, adams, as_user):
    row = upload(adams, ida, HEADER + ROWS)
    pages = (reverse("datareview:import-list"), row.get_absolute_url())
    assert ["Loaded as a class list" in as_user(ida).get(page).text for page in pages] == [False, False]
    load(row, ida, {})
    assert ["Loaded as a class list" in as_user(ida).get(page).text for page in pages] == [True, True]


def test_it_is_loaded_once_and_a_second_list_adds_what_is_new(ida, adams):
    row = upload(adams, ida, HEADER + ROWS)
    load(row, ida, {})
    with pytest.raises(DomainError, match="has been loaded already"):
        start_class_list(row, actor=ida, leads={})
    assert Team.objects.count() == 0
    more = '1004,"Park, Kim",5,5A-R,Reading 5A,Reading,1,,bo.lee@adams.test\n'
    again = upload(adams, ida, HEADER + ROWS + more, "more.csv")
    assert load(again, ida, {"5": "bo.lee@adams.test"}) == {"people": 0, "teams": 1}
    files = class_list_page(Import.objects.get(pk=again.pk)).files
    assert [(one.kind, one.state, one.counts["new"]) for one in files] == [
        ("students", "applied", 1),
        ("sections", "checked", 0),
        ("teachers", "checked", 0),
        ("enrollment", "applied", 1),
    ]


def test_a_job_that_was_interrupted_goes_on_where_it_was(ida, adams):
    row = start_class_list(upload(adams, ida, HEADER + ROWS), actor=ida, leads={})
    class_list_job(row.job, Quiet())
    row.refresh_from_db()
    row.guesses["class_list"]["is_loaded"] = False
    row.save()
    class_list_job(row.job, Quiet())
    assert Import.objects.filter(school=adams).count() == 5
    assert (Student.objects.filter(school=adams).count(), Staff.objects.filter(school=adams).count()) == (
        3,
        4,
    )


@pytest.mark.parametrize("at", ["read_job", "check_job", "apply_job"])
def test_a_part_that_was_cut_off_is_not_stored_twice(ida, adams, monkeypatch, at):
    row = start_class_list(upload(adams, ida, HEADER + ROWS), actor=ida, leads={})
    with monkeypatch.context() as patch:
        patch.setattr(now, at, cut_off)
        with pytest.raises(ConnectionError):
            class_list_job(row.job, Quiet())
    class_list_job(row.job, Quiet())
    assert [(one.kind, one.state) for one in class_list_page(row).files] == [
        ("students", "applied"),
        ("sections", "applied"),
        ("teachers", "applied"),
        ("enrollment", "applied"),
    ]
    assert Import.objects.filter(school=adams).count() == 5


def cut_off(*_args):
    raise ConnectionError


def test_what_would_change_many_stored_values_waits_for_a_person(ida, adams):
    for number in range(1001, 1013):
        conftest.make_student(adams, str(number), "Kim", "Park", 4)
    rows = "".join(f'{n},"Park, Lee",5,5A,,,,,bo.lee@adams.test\n' for n in range(1001, 1013))
    row = start_class_list(upload(adams, ida, HEADER + rows), actor=ida, leads={})
    with pytest.raises(DomainError, match="12 stored values would change"):
        class_list_job(row.job, Quiet())
    row.refresh_from_db()
    assert not summary_in(row).get("is_loaded")
    [part] = class_list_page(row).files
    assert (part.kind, part.state) == ("students", "checked")
    assert Section.objects.filter(school=adams).count() == 0


def test_rows_with_problems_are_left_out_and_told_on_the_files_page(ida, adams):
    wrong = '1009,"Far, Away",9,9A-R,Reading 9A,Reading,1,,no-address\n'
    row = upload(adams, ida, HEADER + ROWS + wrong)
    page = class_list_page(row)
    assert page.refused == ["There is no email address."]
    load(row, ida, {})
    assert not Student.objects.filter(local_id="1009").exists()
    row.refresh_from_db()
    assert [bool(one.counts["problems"]) for one in class_list_page(row).files] == [True, False, True, True]


def test_who_works_here_is_not_added_and_no_administrator_joins_a_team(ida, adams):
    rows = ROWS.replace("ana.ruiz@adams.test", "ida@adams.test")
    row = upload(adams, ida, HEADER + rows)
    assert [person.email for person in class_list_page(row).new] == ["bo.lee@adams.test", "cy@adams.test"]
    assert load(row, ida, {"4": "ida@adams.test", "5": "bo.lee@adams.test"})["teams"] == 1


def test_only_who_may_load_files_may(ida, adams):
    tom = conftest.make_staff("Tom", "Lane", adams, Role.COORDINATOR)
    row = upload(adams, ida, HEADER + ROWS)
    with pytest.raises(PermissionDenied):
        start_class_list(row, actor=tom.user, leads={})


def test_the_pages_say_what_would_be_added_and_what_was(ida, adams, as_user):
    client = as_user(ida)
    row = upload(adams, ida, HEADER + ROWS)
    assert "Load it as a class list" in client.get(row.get_absolute_url()).content.decode()
    url = f"{row.get_absolute_url()}class-list/"
    page = client.get(url).content.decode()
    assert "3 new people, who get no email yet" in page
    assert "Grade 4 is led by" in page
    assert client.post(url, {"lead-4": "nobody@adams.test"}).status_code == 422
    sent = client.post(url, {"lead-4": "cy@adams.test", "lead-5": ""})
    assert (sent.status_code, sent.headers["Location"]) == (302, url)
    row.refresh_from_db()
    assert row.job.payload["leads"] == {"4": "cy@adams.test"}
    class_list_job(row.job, Quiet())
    row.job.state = "done"
    row.job.finished_at = clock.now()
    row.job.save()
    page = client.get(url).content.decode()
    assert "It has been loaded. No one was invited." in page
    assert "Load all of it" not in page


def test_another_file_has_no_such_page(ida, adams, as_user):
    row = upload(adams, ida, "student_id,first_name,last_name,grade\n1,A,B,4\n", "students.csv")
    client = as_user(ida)
    assert "Load it as a class list" not in client.get(row.get_absolute_url()).content.decode()
    assert client.get(f"{row.get_absolute_url()}class-list/").status_code == 404


def test_grades_that_the_school_does_not_have_are_named_before_anything_is_loaded(ida, adams, as_user):
    adams.highest_grade = 4
    adams.save()
    row = upload(adams, ida, HEADER + ROWS)
    assert class_list_page(row).outside == {5: 1}
    page = as_user(ida).get(f"{row.get_absolute_url()}class-list/").content.decode()
    assert "Grade 5 (1 student)" in page
    assert "Reading 4A" in page


def test_leads_who_work_here_already_have_their_names(ida, adams):
    row = upload(adams, ida, HEADER + ROWS)
    load(row, ida, {})
    again = class_list_page(upload(adams, ida, HEADER + ROWS, "again.csv"))
    assert [team.teachers for team in again.teams] == [
        {"ana.ruiz@adams.test": "Ana Ruiz", "cy@adams.test": "Cy Hall"},
        {"bo.lee@adams.test": "Bo Lee"},
    ]


def test_a_class_list_that_comes_by_itself_is_divided_if_a_person_has_loaded_one_like_it(adams, ida):
    first = upload(adams, ida, HEADER + ROWS)
    assert not is_loaded_form(first)
    load(first, ida, {})
    row = upload(adams, ida, HEADER + ROWS.replace("1003", "1004"))
    assert is_loaded_form(row)
    for _time in range(2):
        parts = divide_class_list(row, actor=ida)
    assert [(part.kind, part.state, part.row_count) for part in parts] == [
        ("students", "uploaded", 3),
        ("sections", "uploaded", 3),
        ("teachers", "uploaded", 3),
        ("enrollment", "uploaded", 6),
    ]
