"""What a school still needs, from an empty school to one that meets."""

import datetime as dt

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collab.meetings.models import Meeting
from collab.setup.queries.facts import setup_facts
from collab.setup.queries.steps import setup_page
from collab.setup.services.schools import add_school
from datareview.records.models import AttendanceDay, Measure
from teams.directory.models import Role, Staff, Team, TeamGrade, TeamMember, User
from teams.lib import clock
from teams.mail.queries import outbox_of
from teams.mail.services.outbox import queue_mail
from teams.people.queries.people import people_list
from teams.schools.queries import school_in_words
from tests import conftest


@pytest.fixture
def ida(db):
    """The administrator of a school that has just been added."""
    user = User.objects.create_user("ida@adams.test", first_name="Ida", last_name="Wolf")
    add_school("Adams", actor=None, administrator=user, time_zone="America/Chicago", language="en")
    return user


@pytest.fixture
def adams(ida):
    return ida.staff_rows.get().school


def step(user, school, title):
    return next(step for step in setup_page(user, school).steps if step.title == title)


def test_a_new_school_has_its_year_and_needs_its_class_list_first(ida, adams):
    page = setup_page(ida, adams)
    assert [one.title for one in page.steps if one.is_done] == ["School", "Year and terms", "Sign-in"]
    assert page.sentence == "3 of 12 steps are done. Teams can meet after “Teams”."
    assert page.next.title == "Students and sections"
    assert [one.title for one in page.needed] == [
        "Students and sections",
        "People",
        "Teams",
        "The first meeting",
    ]
    assert page.works == []


def test_each_line_says_what_is_missing(ida, adams):
    found = {one.title: one.missing for one in setup_page(ida, adams).steps}
    assert found["School"] == ("Every grade from K to 12: choose those you have",)
    assert found["Year and terms"] == (
        "The dates are a suggestion: check them",
        "No holidays yet: meetings would be planned on them",
    )
    assert found["People"] == ("No one can be in a team yet: add teachers, specialists or leaders",)
    assert found["Teams"] == ("No team yet",)
    assert found["Students and sections"] == ("No students yet",)


def test_people_are_counted_with_those_who_never_signed_in(ida, adams, settings):
    for number in range(3):
        conftest.make_staff(f"P{number}", "Lane", adams, Role.TEACHER)
    gone = conftest.make_staff("Gone", "Lane", adams, Role.TEACHER)
    gone.ends_on = adams.today() - dt.timedelta(days=1)
    gone.save()
    User.objects.filter(first_name="P0").update(last_login=clock.now() - settings.CLOCK_OFFSET)
    assert step(ida, adams, "People").there == "4 people work here, 3 never signed in."


def test_a_team_without_a_lead_and_people_without_a_team_are_told(ida, adams):
    ana = conftest.make_staff("Ana", "Lane", adams, Role.TEACHER)
    conftest.make_staff("Tom", "Lane", adams, Role.TEACHER)
    team = Team.objects.create(school=adams, name="Grade 4")
    assert step(ida, adams, "Teams").missing == (
        "1 team has no lead",
        "1 grade team has no grades, so it sees no students",
        "2 people are in no team",
    )
    TeamGrade.objects.create(team=team, grade=4)
    assert step(ida, adams, "Teams").missing == ("1 team has no lead", "2 people are in no team")
    assert not step(ida, adams, "Teams").is_done
    TeamMember.objects.create(team=team, staff=ana, is_lead=True, starts_on=conftest.START)
    done = step(ida, adams, "Teams")
    assert (done.is_done, done.missing) == (True, ("1 person is in no team",))
    first = step(ida, adams, "The first meeting")
    assert (first.there, first.url) == ("A lead or a coordinator plans it: Ana Lane.", "")
    TeamMember.objects.filter(is_lead=True, team__school=adams).update(is_lead=False)
    first = step(ida, adams, "The first meeting")
    assert ("second role Coordinator" in first.there, first.url) == (True, "/people/")


def test_students_in_no_section_and_sections_without_a_teacher_are_told(cast):
    conftest.make_student(cast.school, "2001", "No", "Section", 4)
    cast.section.teachers.clear()
    found = step(cast.ada, cast.school, "Students and sections")
    assert found.there == "4 students in 2 sections."
    assert found.missing == ("1 student is in no section", "1 section has no teacher")


def test_a_measure_without_benchmarks_and_missing_files_are_told(cast):
    Measure.objects.create(school=cast.school, key="bare", name="Bare")
    found = step(cast.ada, cast.school, "Measures and benchmarks")
    assert found.there == "2 measures besides attendance and incidents."
    assert found.missing == ("1 measure has no benchmarks", "No attendance yet: load a file")
    AttendanceDay.objects.create(student=cast.maya, day=conftest.TODAY, mark="present")
    assert step(cast.ada, cast.school, "Measures and benchmarks").missing == ("1 measure has no benchmarks",)


def test_another_schools_rows_do_not_count(cast, ida, adams):
    assert [one.is_done for one in setup_page(ida, adams).steps].count(True) == 3
    assert [one.there for one in setup_page(cast.ada, cast.school).steps if "Roosevelt" in one.there] == []


@pytest.mark.parametrize(
    ("backend", "is_done"), [("smtp.EmailBackend", True), ("console.EmailBackend", False)]
)
def test_whether_email_is_sent_depends_on_the_server(cast, settings, backend, is_done):
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}"
    assert step(cast.ada, cast.school, "Email").is_done is is_done


def test_a_school_that_meets_says_so(cast):
    page = setup_page(cast.ada, cast.school)
    assert page.sentence.endswith(" Teams meet.")
    assert [one.title for one in page.works] == ["Students", "Scores", "Teams", "Candidates", "Meetings"]


def test_it_is_an_administrators_home_until_a_meeting_is_planned(ida, as_user, adams):
    client = as_user(ida)
    assert client.get("/").headers["Location"] == "/setup/"
    assert client.get("/setup/").status_code == 200
    team = Team.objects.create(school=adams, name="Grade 4")
    conftest.make_meeting(team, conftest.make_staff("Ana", "Lane", adams, Role.TEACHER))
    assert client.get("/").status_code == 200
    assert client.get("/setup/").status_code == 200


def test_others_keep_their_home(ida, adams, as_user):
    ana = conftest.make_staff("Ana", "Lane", adams, Role.TEACHER)
    assert as_user(ana.user).get("/").status_code == 200


def test_nobody_gets_an_email_from_the_list(ida, as_user):
    as_user(ida).get("/setup/")
    assert mail.outbox == []


@pytest.mark.sweep
def test_every_step_has_a_page_or_none_and_it_opens(cast, as_user):
    client = as_user(cast.ada)
    for one in setup_page(cast.ada, cast.school).steps:
        if one.url:
            assert client.get(one.url).status_code == 200, one.url


@pytest.mark.sweep
def test_the_list_takes_few_queries_however_large_the_school(cast):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            setup_page(cast.ada, cast.school)
        return len(captured)

    few = queries()
    for number in range(30):
        staff = conftest.make_staff(f"P{number}", "Lane", cast.school, Role.TEACHER)
        conftest.make_team(cast.school, f"Team {number}", 4, [staff])
        conftest.make_student(cast.school, f"3{number}", "Many", "More", 4)
    assert queries() == few
    assert few <= 8


def test_a_canceled_meeting_still_counts_as_planned(cast, as_user):
    Meeting.objects.update(state=Meeting.State.CANCELLED)
    assert as_user(cast.ada).get("/").status_code == 200


def test_emails_are_counted_as_in_the_outbox(cast):
    Staff.objects.create(user=cast.tom, school=cast.other_school, role=Role.TEACHER)
    for user in (cast.ana, cast.tom):
        queue_mail(user, kind="digest", subject="Due", text="x", dedupe_key=user.email, urgent=True)
    assert setup_facts(cast.ada, cast.school).counts.unsent == outbox_of(cast.school).waiting == 1


def test_who_has_not_signed_in_is_counted_as_in_the_list_of_people(cast):
    """Tom signed in last before he was added here."""
    for user, days in ((cast.ada, 0), (cast.tom, 400)):
        user.last_login = clock.now() - settings.CLOCK_OFFSET - dt.timedelta(days=days)
        user.save(update_fields=["last_login"])
    shown = {value: many for value, _label, many in people_list(cast.school, {}).tabs}
    assert setup_facts(cast.ada, cast.school).counts.never_signed_in == shown["unseen"] == shown[""] - 1


def test_the_school_is_described_as_on_its_page(cast):
    school_step = step(cast.ada, cast.school, "School")
    assert school_step.there == (
        "Lincoln Elementary, grades K to 5, America/Chicago, English, groups of 10 students and more."
    )
    assert school_step.there == f"{school_in_words(cast.school)}."
