"""Sections, their teachers and students."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from datareview.cohorts.queries import cohorts_of
from datareview.records.models import Enrollment, Section, SectionTeacher, Student
from datareview.records.permissions import students_of_team, students_visible_to, teams_of_student
from datareview.roster.services.students import StudentValues, add_students
from datareview.sections.forms import RollForm
from datareview.sections.queries.enrolling import Seat, check_lines
from datareview.sections.queries.sections import section_page, sections_of, unplaced_students
from datareview.sections.services import enrollments, sections
from datareview.sections.services.sections import SectionValues, Teaching, section_version
from teams.directory.models import SchoolYear, Team, TeamMember
from teams.lib import clock
from teams.lib.errors import DomainError, StaleEdit
from tests.conftest import START, TODAY, make_student, make_team

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
MATH = SectionValues("M7", "Math 7, period 2", course="Math 7", subject="math", grade=4, period="2")


def year_of(cast):
    return cast.school.years.get(name="This year")


@pytest.fixture
def math(cast):
    return sections.add_section(cast.school, actor=cast.ada, year=year_of(cast), values=MATH)


@pytest.fixture
def nia(cast):
    """A student of a grade without a team."""
    return make_student(cast.school, "0042", "Nia", "Cole", 2)


def teach(cast, section, staff, **days):
    (link,) = sections.add_teachers(cast.school, actor=cast.ada, rows=[Teaching(section, staff, **days)])
    return link


def enroll(cast, section, *students, on=TODAY):
    return enrollments.enroll_in_section(section, actor=cast.ada, students=students, starts_on=on)


def test_a_section_without_a_number_takes_its_name(cast):
    made = sections.add_section(
        cast.school, actor=cast.ada, year=year_of(cast), values=SectionValues("", " Art ")
    )
    assert (made.local_id, made.name) == ("Art", "Art")


def test_a_number_is_given_once_a_year(cast, math):
    for rows in ([MATH], [replace(MATH, local_id="X"), replace(MATH, local_id="X ")]):
        with pytest.raises(DomainError, match="already a section"):
            sections.add_sections(cast.school, actor=cast.ada, year=year_of(cast), rows=rows)
    assert Section.objects.filter(name=MATH.name).count() == 1


def test_a_year_and_a_term_are_of_the_school(cast):
    other = cast.other_school.years.get()
    with pytest.raises(DomainError, match="another school"):
        sections.add_section(cast.school, actor=cast.ada, year=other, values=MATH)
    term = other.terms.create(name="T", starts_on=START, ends_on=TODAY)
    with pytest.raises(DomainError, match="another school year"):
        sections.add_section(cast.school, actor=cast.ada, year=year_of(cast), values=replace(MATH, term=term))


def test_nobody_else_changes_sections(cast, math):
    for user in (cast.ana, cast.cora, cast.pia, cast.zed):
        with pytest.raises(PermissionDenied):
            sections.edit_section(math, actor=user, values=MATH, seen=section_version(math))
        with pytest.raises(PermissionDenied):
            sections.end_section(math, actor=user, ends_on=TODAY)
        with pytest.raises(PermissionDenied):
            enrollments.enroll_in_section(math, actor=user, students=[cast.maya], starts_on=TODAY)
        with pytest.raises(PermissionDenied):
            sections.add_teachers(cast.school, actor=user, rows=[Teaching(math, cast.staff.gil)])


def test_of_two_edits_at_once_the_second_sees_the_first(cast, math):
    seen = section_version(math)
    sections.edit_section(math, actor=cast.ada, values=replace(MATH, name="Math, room 9"), seen=seen)
    with pytest.raises(StaleEdit) as stale:
        sections.edit_section(math, actor=cast.ada, values=MATH, seen=seen)
    assert "Math, room 9" in stale.value.current


def test_a_teacher_sees_students_between_the_dates_of_both(cast, math, nia):
    """Co-teaching and enrollment both have dates; a student is seen while both are in force."""
    seen = {}
    for name, teaching, enrolled in [
        ("both now", {}, {}),
        ("taught from tomorrow", {"starts_on": TODAY + DAY}, {}),
        ("taught until yesterday", {"ends_on": TODAY - DAY}, {}),
        ("taught until today", {"ends_on": TODAY}, {}),
        ("enrolled until yesterday", {}, {"ends_on": TODAY - DAY}),
        ("enrolled from tomorrow", {}, {"starts_on": TODAY + DAY}),
    ]:
        SectionTeacher.objects.all().delete()
        Enrollment.objects.filter(student=nia).delete()
        teach(cast, math, cast.staff.gil, is_lead=False, **teaching)
        Enrollment.objects.create(student=nia, section=math, **{"starts_on": START, **enrolled})
        seen[name] = nia in students_visible_to(cast.gil)
    assert seen == {
        "both now": True,
        "taught from tomorrow": False,
        "taught until yesterday": False,
        "taught until today": True,
        "enrolled until yesterday": False,
        "enrolled from tomorrow": False,
    }


def test_a_team_of_sections_follows_the_dates_of_teaching(cast, math, nia):
    team = make_team(cast.school, "Math", 9, [cast.staff.gil])
    Team.objects.filter(pk=team.pk).update(cohort=Team.Cohort.SECTIONS, subject="math")
    team.refresh_from_db()
    enroll(cast, math, nia)
    link = teach(cast, math, cast.staff.gil)
    assert (list(students_of_team(team)), list(teams_of_student(nia))) == ([nia], [team])
    sections.end_teaching(link, actor=cast.ada, ends_on=TODAY - DAY)
    assert (list(students_of_team(team)), list(teams_of_student(nia))) == ([], [])
    assert TeamMember.objects.filter(team=team).count() == 1


def test_a_teacher_who_stopped_no_longer_chooses_the_section(cast, math):
    link = teach(cast, math, cast.staff.gil)
    key = f"section:{math.uuid}"
    offered = [[one for _kind, _name, rows in cohorts_of(cast.gil, cast.school) for one, _ in rows]]
    sections.end_teaching(link, actor=cast.ada, ends_on=TODAY - DAY)
    offered.append([one for _kind, _name, rows in cohorts_of(cast.gil, cast.school) for one, _ in rows])
    assert [key in keys for keys in offered] == [True, False]


def test_the_same_teacher_again_gets_new_dates(cast, math):
    teach(cast, math, cast.staff.gil, ends_on=TODAY)
    teach(cast, math, cast.staff.gil, is_lead=False)
    assert list(math.teacher_links.values_list("staff", "is_lead", "ends_on")) == [
        (cast.staff.gil.pk, False, None)
    ]


def test_a_teacher_is_of_the_school(cast, math):
    with pytest.raises(DomainError, match="of this school"):
        teach(cast, math, cast.staff.zed)
    with pytest.raises(DomainError, match="before it begins"):
        teach(cast, math, cast.staff.gil, starts_on=TODAY, ends_on=START)


def test_a_section_that_ends_ends_for_its_students_and_teachers(cast, math, nia):
    enroll(cast, math, nia, on=START)
    teach(cast, math, cast.staff.gil)
    seen = []
    for day in (TODAY - DAY, TODAY):
        sections.end_section(math, actor=cast.ada, ends_on=day)
        here = Enrollment.objects.on(TODAY).filter(section=math).exists()
        taught = SectionTeacher.objects.on(TODAY).filter(section=math).exists()
        seen.append((nia in students_visible_to(cast.gil), here, taught))
    assert seen == [(False, False, False), (True, True, True)]
    with pytest.raises(DomainError, match="outside"):
        sections.end_section(cast.section, actor=cast.ada, ends_on=START - DAY)


def test_a_reopened_section_has_the_dates_it_had(cast, math, nia, as_user):
    """A wrong last day is changed or taken back; a planned end and a teacher who starts later stay as they were."""
    Enrollment.objects.create(student=nia, section=math, starts_on=START, ends_on=TODAY + 9 * DAY)
    enroll(cast, math, cast.maya)
    teach(cast, math, cast.staff.gil)
    teach(cast, math, cast.staff.tom, starts_on=TODAY + 5 * DAY)

    def dates():
        return (
            list(math.enrollments.order_by("pk").values_list("starts_on", "ends_on")),
            list(math.teacher_links.order_by("pk").values_list("starts_on", "ends_on")),
        )

    before, ada = dates(), as_user(cast.ada)
    address = reverse("datareview:section-end", args=[math.uuid])
    ends = []
    for data in ({"ends_on": TODAY}, {"ends_on": TODAY + 2 * DAY}, {"reopen": "yes"}):
        ada.post(address, data)
        page = ada.get(math.get_absolute_url()).content.decode()
        math.refresh_from_db()
        ends.append((math.ends_on, "Change the last day" in page, "Reopen the section" in page))
    assert ends == [(TODAY, True, True), (TODAY + 2 * DAY, True, True), (None, False, False)]
    assert dates() == before


def test_students_of_a_section_that_ended_are_earlier_ones(cast, math, nia):
    enroll(cast, math, nia, on=START)
    shown = []
    for day in (TODAY - DAY, None):
        page = section_page(sections.end_section(math, actor=cast.ada, ends_on=day))
        (row,) = [one for one in sections_of(cast.ada, cast.school, {"show": "all"}).page if one == math]
        shown.append(([one.student for one in page.enrollments], len(page.past), row.student_count))
    assert shown == [([], 1, 0), ([nia], 0, 1)]


def test_enrollments_are_all_or_none(cast, math, nia):
    left = make_student(cast.school, "0043", "Lou", "Gone", 2)
    Student.objects.filter(pk=left.pk).update(status="left", left_on=TODAY - DAY)
    left.refresh_from_db()
    for others, sentence in [
        ([left], "Lou Gone: left the school"),
        ([nia], "Nia Cole: is in this section already"),
        ([cast.leak], "must be of this school"),
    ]:
        with pytest.raises(DomainError, match=sentence):
            enroll(cast, math, nia, *others)
    with pytest.raises(DomainError, match="outside the section’s"):
        enroll(cast, math, nia, on=START - DAY)
    assert not math.enrollments.exists()


def test_who_left_a_section_can_come_back_to_it(cast, math, nia):
    (first,) = enroll(cast, math, nia, on=START)
    enrollments.end_enrollment(first, actor=cast.ada, ends_on=TODAY - DAY)
    enroll(cast, math, nia)
    assert list(math.enrollments.order_by("starts_on").values_list("starts_on", "ends_on")) == [
        (START, TODAY - DAY),
        (TODAY, None),
    ]


def test_an_enrollment_with_grades_is_not_removed(cast, math, nia):
    (row,) = enroll(cast, math, nia)
    row.grades.create(as_of=TODAY, percent=80)
    with pytest.raises(DomainError, match="has grades"):
        enrollments.end_enrollment(row, actor=cast.ada, ends_on=None)
    row.grades.all().delete()
    enrollments.end_enrollment(row, actor=cast.ada, ends_on=None)
    assert not math.enrollments.exists()


def test_lines_are_checked_one_by_one(cast, math, nia):
    make_student(cast.school, "2001", "Ana", "Twin", 4)
    make_student(cast.school, "2002", "Ana", "Twin", 4)
    enroll(cast, math, cast.ines)
    text = "1001\nweber, jonas\n42\n0042\nANA  twin\nNobody Known\nMaya Okafor\n\n1003\nLeak Stranger"
    found = [(line.text, line.student, line.problem) for line in check_lines(math, text, None, TODAY)]
    assert found == [
        ("1001", cast.maya, ""),
        ("weber, jonas", cast.jonas, ""),
        ("42", None, "No such number. Did you mean 0042, Nia Cole?"),
        ("0042", nia, ""),
        ("ANA  twin", None, "Several students have this name: write the number, 2001, 2002."),
        ("Nobody Known", None, "No student of the school has this number or name."),
        ("Maya Okafor", cast.maya, "is there twice"),
        ("1003", cast.ines, "is in this section already"),
        ("Leak Stranger", None, "No student of the school has this number or name."),
    ]


def test_a_grade_adds_everyone_who_is_not_there(cast, math):
    enroll(cast, math, cast.ines)
    found = [(line.student, line.problem) for line in check_lines(math, "", 4, TODAY)]
    assert found == [(cast.maya, ""), (cast.jonas, "")]


def test_nothing_is_kept_until_the_checked_lines_are_confirmed(cast, math, as_user):
    ada, address = as_user(cast.ada), reverse("datareview:section-enroll", args=[math.uuid])
    page = ada.post(address, {"lines": "1001\nnobody", "starts_on": TODAY.isoformat()})
    assert (page.status_code, math.enrollments.count(), page.context["many"]) == (200, 0, 1)
    assert "No student of the school has this number or name." in page.content.decode()
    student = page.context["keep_form"].initial["student"]
    answer = ada.post(address, {"student": student, "starts_on": TODAY.isoformat()})
    assert (answer["Location"], list(math.enrollments.values_list("student", flat=True))) == (
        math.get_absolute_url(),
        [cast.maya.pk],
    )


def test_an_empty_list_is_refused_with_what_was_typed(cast, math, as_user):
    address = reverse("datareview:section-enroll", args=[math.uuid])
    answer = as_user(cast.ada).post(address, {"lines": " ", "starts_on": TODAY.isoformat()})
    assert (answer.status_code, "Enter at least one student" in answer.content.decode()) == (422, True)


def test_sections_are_made_again_in_another_year(cast, math):
    teach(cast, math, cast.staff.gil)
    teach(cast, math, cast.staff.tom, is_lead=False, ends_on=TODAY)  # not until the end
    enroll(cast, math, cast.maya)
    last = year_of(cast).ends_on
    year = SchoolYear.objects.create(
        school=cast.school, name="Next", starts_on=last + DAY, ends_on=last + 300 * DAY
    )
    rows = [cast.section, math]
    made = sections.roll_sections(rows, actor=cast.ada, year=year, with_teachers=True)
    assert [one.name for one in made] == ["4A", "Math 7, period 2"]
    assert list(made[1].teacher_links.values_list("staff", "is_lead")) == [(cast.staff.gil.pk, True)]
    assert Enrollment.objects.filter(section__year=year).count() == 0
    assert sections.roll_sections(rows, actor=cast.ada, year=year, with_teachers=True) == []


def test_the_list_names_sections_without_a_teacher_and_students_in_none(cast, math, nia, as_user):
    cora = as_user(cast.cora)
    found = cora.get(reverse("datareview:section-list")).context["list"]
    assert [(one.name, one.student_count) for one in found.page] == [
        ("4A", 2),
        ("4B", 1),
        ("Math 7, period 2", 0),
    ]
    assert (found.without_teacher, found.unplaced) == (1, 1)
    only = cora.get(reverse("datareview:section-list"), {"show": "untaught"}).context["list"]
    assert [one.name for one in only.page] == ["Math 7, period 2"]
    by_teacher = cora.get(reverse("datareview:section-list"), {"q": "berg"}).context["list"]
    assert [one.name for one in by_teacher.page] == ["4B"]


def test_who_sees_a_student_in_no_section_is_said(cast, nia, as_user):
    Enrollment.objects.filter(student=cast.maya).delete()
    rows = as_user(cast.cora).get(reverse("datareview:unplaced-list")).context["rows"]
    assert [(str(row.student), row.teams, row.providers) for row in rows] == [
        ("Nia Cole", [], []),
        ("Maya Okafor", ["Grade 4"], ["Sol Vega"]),
    ]


@pytest.mark.sweep
def test_two_hundred_and_fifty_sections_with_three_thousand_students_take_few_queries(cast, as_user):
    year, gil = year_of(cast), cast.staff.gil
    rows = [SectionValues(f"S{n}", f"Section {n:03}", grade=4) for n in range(250)]
    made = sections.add_sections(cast.school, actor=cast.ada, year=year, rows=rows)
    sections.add_teachers(cast.school, actor=cast.ada, rows=[Teaching(one, gil) for one in made])
    values = [StudentValues(f"9{n:04}", "N", f"{n:04}", grade=4) for n in range(3000)]
    students = add_students(cast.school, actor=cast.ada, rows=values)
    places = [Seat(one, made[n % 250], TODAY) for n, one in enumerate(students)]
    with CaptureQueriesContext(connection) as many:
        enrollments.enroll_students(cast.school, actor=cast.ada, rows=places)
    client = as_user(cast.cora)
    with CaptureQueriesContext(connection) as page:
        found = client.get(reverse("datareview:section-list"), {"sort": "students"}).context["list"]
    assert (len(many) < 30, len(page) < 25) == (True, True)
    assert (found.page.paginator.count, [one.student_count for one in found.page]) == (252, [12] * 50)


def test_a_school_without_a_year_says_what_to_do(cast, as_user):
    Section.objects.filter(school=cast.school).delete()
    cast.school.years.all().delete()
    ada = as_user(cast.ada)
    for name in ("section-list", "section-add"):
        page = ada.get(reverse(f"datareview:{name}")).content.decode()
        assert reverse("teams:calendar-show") in page


def test_last_years_teachers_see_their_students_until_the_next_year_begins(cast, math, nia):
    """In the summer the year that ended still counts; a section, a term and a year that are over do not."""
    year = year_of(cast)
    enroll(cast, math, nia)
    teach(cast, math, cast.staff.gil)
    autumn = year.terms.create(name="First half", starts_on=year.starts_on, ends_on=TODAY - DAY)
    spring = year.terms.create(name="Second half", starts_on=TODAY, ends_on=year.ends_on)
    seen = {}

    def look(name, **changes):
        fields = {"term": None, "ends_on": None, **changes}
        Section.objects.filter(pk=math.pk).update(**fields)
        here = Enrollment.objects.on(clock.server_day()).filter(student=nia).exists()
        seen[name] = (nia in students_visible_to(cast.gil), here)

    look("now")
    look("ended yesterday", ends_on=TODAY - DAY)
    look("term over", term=autumn)
    look("term of now", term=spring)
    SchoolYear.objects.filter(pk=year.pk).update(ends_on=TODAY - DAY)
    spring.starts_on, spring.ends_on = TODAY - 9 * DAY, TODAY - DAY
    spring.save()
    look("summer")
    look("summer, term that ended with the year", term=spring)
    new = SchoolYear.objects.create(
        school=cast.school, name="Next", starts_on=TODAY + DAY, ends_on=TODAY + 200 * DAY
    )
    look("the day before the next year")
    SchoolYear.objects.filter(pk=new.pk).update(starts_on=TODAY)
    look("the next year's first day")
    assert seen == {
        "now": (True, True),
        "ended yesterday": (False, False),
        "term over": (False, False),
        "term of now": (True, True),
        "summer": (True, True),
        "summer, term that ended with the year": (True, True),
        "the day before the next year": (True, True),
        "the next year's first day": (False, False),
    }


def test_a_student_without_a_class_in_the_new_year_is_in_no_section(cast, math, nia):
    enroll(cast, math, nia)
    listed = [nia in unplaced_students(cast.ada, cast.school, {})[0]]
    SchoolYear.objects.filter(pk=year_of(cast).pk).update(ends_on=TODAY - DAY)
    SchoolYear.objects.create(school=cast.school, name="Next", starts_on=TODAY, ends_on=TODAY + 200 * DAY)
    listed.append(nia in unplaced_students(cast.ada, cast.school, {})[0])
    assert listed == [False, True]


def test_a_section_of_a_coming_term_has_its_teacher_in_the_list(cast, math):
    year = year_of(cast)
    term = year.terms.create(name="Second half", starts_on=TODAY + DAY, ends_on=year.ends_on)
    teach(cast, math, cast.staff.gil)
    before = sections_of(cast.ada, cast.school, {}).without_teacher
    Section.objects.filter(pk=math.pk).update(term=term)
    assert sections_of(cast.ada, cast.school, {}).without_teacher == before


def test_sections_are_copied_to_the_newest_year_unless_told_otherwise(cast, as_user):
    client = as_user(cast.ada)
    year = year_of(cast)
    page = client.get("/sections/roll/").content.decode()
    assert "There is no later school year yet." in page
    start = year.ends_on + dt.timedelta(days=60)
    coming = cast.school.years.create(name="Next", starts_on=start, ends_on=start + dt.timedelta(days=280))
    form = RollForm(years=[coming, year])
    assert [form["source"].value(), form["target"].value()] == [str(year.uuid), str(coming.uuid)]
    assert "There is no later school year yet." not in client.get("/sections/roll/").content.decode()


def test_several_sections_get_a_teacher_and_unplaced_students_a_section(cast, math, as_user):
    ada = as_user(cast.ada)
    sent = {
        "do": "teacher",
        "staff": cast.staff.gil.uuid,
        "everyone": "yes",
        "back": "show=untaught&sort=course",
    }
    answer = ada.post("/sections/change/", sent)
    assert answer.url == "/sections/?show=untaught&sort=course"
    untaught = Section.objects.filter(school=cast.school, teacher_links=None)
    assert (list(math.teachers.all()), list(untaught)) == ([cast.staff.gil], [])
    refused = ada.post("/sections/change/", {"do": "end", "row": math.uuid, "ends_on": ""})
    assert (refused.status_code, "Enter the last day." in refused.content.decode()) == (422, True)
    assert f'value="{math.uuid}"' in refused.content.decode()
    Enrollment.objects.filter(student__in=[cast.maya, cast.jonas]).delete()
    assert cast.maya in ada.get("/sections/unplaced/", {"grade": "4", "sort": "name"}).context["page"]
    chosen = {"section": math.uuid, "starts_on": TODAY.isoformat(), "everyone": "yes", "back": "grade=4"}
    assert ada.post("/sections/unplaced/enroll/", chosen).url == "/sections/unplaced/?grade=4"
    assert {cast.maya, cast.jonas} <= {one.student for one in math.enrollments.all()}
