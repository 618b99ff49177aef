"""Who sees which student, as SQL, and why."""

import datetime as dt

from datareview.flags.permissions import candidates_visible_to
from datareview.plans.models import Plan
from datareview.plans.permissions import plans_visible_to
from datareview.records.models import Enrollment
from datareview.records.permissions import (
    staff_who_see,
    students_of_team,
    students_visible_to,
    teams_of_student,
)
from teams.directory.models import Staff, Substitution, Team, TeamMember
from tests.conftest import TODAY


def names(user):
    return sorted(student.first_name for student in students_visible_to(user))


def test_students_visible_to_each_of_the_cast(cast):
    everyone = ["Ines", "Jonas", "Maya"]
    assert names(cast.ana) == everyone
    assert names(cast.gil) == []
    assert names(cast.sol) == ["Maya"]
    assert names(cast.cora) == names(cast.pia) == names(cast.ada) == everyone
    assert names(cast.zed) == ["Leak"]


def test_a_teacher_outside_the_team_sees_only_own_section(cast):
    TeamMember.objects.filter(staff=cast.staff.ana).delete()
    assert names(cast.ana) == ["Jonas", "Maya"]
    Enrollment.objects.filter(student=cast.maya).update(ends_on=TODAY - dt.timedelta(days=1))
    assert names(cast.ana) == ["Jonas"]


def test_membership_that_ended_yesterday_shows_nothing(cast):
    yesterday = TODAY - dt.timedelta(days=1)
    cast.staff.ana.ends_on = yesterday
    cast.staff.ana.save()
    assert names(cast.ana) == []


def test_a_team_by_sections_answers_for_its_members_classes_of_its_subject(cast):
    team = Team.objects.create(
        school=cast.school, name="Reading", kind="course", cohort="sections", subject="reading"
    )
    TeamMember.objects.create(team=team, staff=cast.staff.tom, starts_on=cast.staff.tom.starts_on)
    TeamMember.objects.create(team=team, staff=cast.staff.gil, starts_on=cast.staff.gil.starts_on)
    assert [student.first_name for student in students_of_team(team)] == ["Ines"]
    assert names(cast.gil) == ["Ines"]
    assert set(teams_of_student(cast.ines)) == {team, cast.team}
    assert set(teams_of_student(cast.maya)) == {cast.team}
    team.subject = "math"
    team.save()
    assert names(cast.gil) == []


def test_an_archived_team_opens_no_student(cast):
    Team.objects.filter(pk=cast.team.pk).update(is_active=False)
    assert (names(cast.ana), names(cast.tom)) == (["Jonas", "Maya"], ["Ines"])  # of their own sections
    values = {"kind": "course", "cohort": "sections", "subject": "reading"}
    team = Team.objects.create(school=cast.school, name="Reading", **values)
    for staff in (cast.staff.tom, cast.staff.gil):
        TeamMember.objects.create(team=team, staff=staff, starts_on=staff.starts_on)
    assert names(cast.gil) == ["Ines"]
    Team.objects.filter(pk=team.pk).update(is_active=False)
    assert names(cast.gil) == []


def test_a_provider_stops_seeing_the_student_when_the_plan_ends(cast):
    Plan.objects.update(state="ended", outcome="met")
    assert names(cast.sol) == []


def test_candidates_and_plans_follow_the_student(cast):
    assert list(candidates_visible_to(cast.ana)) == [cast.candidate]
    assert list(candidates_visible_to(cast.zed)) == []
    assert list(plans_visible_to(cast.sol)) == [cast.plan]
    assert list(plans_visible_to(cast.gil)) == []


def test_the_staff_who_see_a_student_are_those_to_whom_the_student_is_visible(cast):
    def as_each_sees(student):
        here = Staff.objects.active().filter(school=student.school)
        return {one for one in here if students_visible_to(one.user).filter(pk=student.pk).exists()}

    students = [cast.maya, cast.jonas, cast.ines, cast.leak]
    assert [set(staff_who_see(one)) for one in students] == [as_each_sees(one) for one in students]
    assert cast.staff.gil not in staff_who_see(cast.maya)
    Substitution.objects.create(
        replaced=cast.staff.ana, substitute=cast.staff.gil, starts_on=TODAY, ends_on=TODAY
    )
    TeamMember.objects.filter(staff=cast.staff.tom).delete()
    Plan.objects.update(state="ended", outcome="met", ended_on=TODAY)
    assert [set(staff_who_see(one)) for one in students] == [as_each_sees(one) for one in students]
    assert cast.staff.gil in staff_who_see(cast.maya)
    assert {cast.staff.tom, cast.staff.sol}.isdisjoint(staff_who_see(cast.maya))
