import datetime as dt

import pytest

from datareview.assessments.models import ClassShare
from datareview.assessments.permissions import (
    assessments_visible_to,
    classes_of,
    classes_open_to,
    may_edit_assessment,
)
from datareview.records.models import SectionTeacher
from teams.directory.models import Substitution, Team, TeamMember
from tests.conftest import make_section, make_student, make_team
from tests.factories.assessments import answer, make_assessment

EVERYONE = ["ana", "tom", "gil", "sol", "cora", "pia", "ada", "zed"]


@pytest.fixture
def fourth(cast):
    """An assessment of grade 4, given today to 4A (Ana) and 4B (Tom); Zed's team at Roosevelt has one too."""
    cast.other_assessment = make_assessment(cast.other_team, title="Roosevelt's")
    return make_assessment(cast.team)


def seen_by(cast, assessment, names):
    return {
        name: sorted(str(section) for section in classes_open_to(getattr(cast, name), assessment))
        for name in names.split()
    }


def share(cast, assessment, name="ana"):
    section = getattr(cast.staff, name).sections.get()
    return ClassShare.objects.create(
        assessment=assessment,
        section=section,
        teacher=getattr(cast.staff, name),
        words="With fraction strips",
    )


def test_members_and_who_sees_all_students_see_an_assessment(cast, fourth):
    assert {name: [str(one) for one in assessments_visible_to(getattr(cast, name))] for name in EVERYONE} == {
        "ana": ["Unit 3 check"],
        "tom": ["Unit 3 check"],
        "gil": [],
        "sol": [],
        "cora": ["Unit 3 check"],
        "pia": ["Unit 3 check"],
        "ada": ["Unit 3 check"],
        "zed": ["Roosevelt's"],
    }


def test_only_members_and_coordinators_edit(cast, fourth):
    may = [name for name in EVERYONE if may_edit_assessment(getattr(cast, name), fourth)]
    assert may == ["ana", "tom", "cora"]


def test_an_archived_team_makes_and_edits_nothing(cast, fourth):
    Team.objects.filter(pk=cast.team.pk).update(is_active=False)
    fourth.team.refresh_from_db()
    assert not may_edit_assessment(cast.ana, fourth)


def test_a_new_member_reads_assessments_from_the_day_the_record_opens(cast, fourth):
    today = cast.school.today()
    make_assessment(cast.team, title="Old check", given_on=today - dt.timedelta(days=1))
    cast.school.newcomers_read_all = False
    cast.school.save()
    TeamMember.objects.create(team=cast.team, staff=cast.staff.gil, starts_on=today)
    assert [str(one) for one in assessments_visible_to(cast.gil)] == ["Unit 3 check"]


def test_a_former_member_sees_nothing(cast, fourth):
    TeamMember.objects.filter(staff=cast.staff.tom).update(ends_on=cast.school.today() - dt.timedelta(days=1))
    assert not assessments_visible_to(cast.tom).exists()


def test_teachers_see_what_their_class_is_given(cast, fourth):
    fifth = make_section(cast.staff.gil, "5C", [])
    assert not assessments_visible_to(cast.gil).exists()
    fourth.sections.add(fifth)
    assert list(assessments_visible_to(cast.gil)) == [fourth]
    assert seen_by(cast, fourth, "gil ana") == {"gil": ["5C"], "ana": []}


def test_each_teacher_sees_their_own_class_and_leaders_none(cast, fourth):
    assert seen_by(cast, fourth, "ana tom cora pia ada gil sol zed") == {
        "ana": ["4A"],
        "tom": ["4B"],
        "cora": [],
        "pia": [],
        "ada": [],
        "gil": [],
        "sol": [],
        "zed": [],
    }


def test_a_class_is_seen_once_its_teacher_opened_it_and_until_it_is_closed(cast, fourth):
    shared = share(cast, fourth)
    assert seen_by(cast, fourth, "ana tom pia gil zed") == {
        "ana": ["4A"],
        "tom": ["4A", "4B"],
        "pia": ["4A"],
        "gil": [],
        "zed": [],
    }
    shared.closed_at = shared.opened_at
    shared.save()
    assert seen_by(cast, fourth, "tom pia") == {"tom": ["4B"], "pia": []}


def test_a_class_that_is_opened_for_one_assessment_is_closed_in_the_next(cast, fourth):
    share(cast, fourth)
    following = make_assessment(cast.team, title="Unit 4 check")
    assert seen_by(cast, following, "tom") == {"tom": ["4B"]}


@pytest.mark.parametrize("back", [0, 3])
def test_substitutes_see_the_class_of_that_day_and_of_today(cast, back):
    today = cast.school.today()
    given_on = today - dt.timedelta(days=back)
    assessment = make_assessment(cast.team, given_on=given_on)
    Substitution.objects.create(
        replaced=cast.staff.ana, substitute=cast.staff.gil, starts_on=given_on, ends_on=given_on
    )
    assessment.sections.set([cast.section])
    assert list(assessments_visible_to(cast.gil)) == [assessment]
    assert seen_by(cast, assessment, "gil tom") == {"gil": ["4A"], "tom": []}


def test_a_substitute_of_other_days_sees_nothing(cast, fourth):
    day = cast.school.today() - dt.timedelta(days=9)
    Substitution.objects.create(
        replaced=cast.staff.ana, substitute=cast.staff.gil, starts_on=day, ends_on=day
    )
    fourth.sections.set([cast.section])
    assert not assessments_visible_to(cast.gil).exists()


def test_who_took_a_class_over_and_who_had_it_then_both_see_it(cast, fourth):
    today = cast.school.today()
    before = make_assessment(cast.team, title="Unit 2 check", given_on=today - dt.timedelta(days=20))
    SectionTeacher.objects.filter(section=cast.section).update(ends_on=today - dt.timedelta(days=10))
    SectionTeacher.objects.create(
        section=cast.section, staff=cast.staff.tom, starts_on=today - dt.timedelta(days=9)
    )
    assert seen_by(cast, before, "ana tom") == {"ana": ["4A"], "tom": ["4A", "4B"]}
    assert seen_by(cast, fourth, "ana tom") == {"ana": [], "tom": ["4A", "4B"]}


def test_classes_are_those_of_members_in_the_teams_grades_or_those_chosen(cast, fourth):
    fifth = make_section(cast.staff.ana, "5A", [])
    fifth.grade = 5
    fifth.save()
    assert [str(one) for one in classes_of(fourth)] == ["4A", "4B"]
    fourth.sections.set([fifth])
    assert [str(one) for one in classes_of(fourth)] == ["5A"]


def test_the_class_in_which_somebody_sat_it_is_one_of_its_classes(cast, fourth):
    gils = make_section(cast.staff.gil, "4C", [])
    answer(fourth, cast.maya, "CABD", section=gils)
    assert [str(one) for one in classes_of(fourth)] == ["4A", "4B", "4C"]
    assert seen_by(cast, fourth, "gil") == {"gil": []}


def test_a_course_teams_classes_are_those_of_its_subject(cast):
    cast.staff.ana.sections.update(subject="math")
    team = make_team(cast.school, "Reading", 4, [cast.staff.ana, cast.staff.tom])
    team.cohort, team.subject = Team.Cohort.SECTIONS, "reading"
    team.save()
    assessment = make_assessment(team)
    assert [str(one) for one in classes_of(assessment)] == ["4B"]
    make_student(cast.school, "77", "No", "Class", 4)
    assert seen_by(cast, assessment, "ana tom") == {"ana": [], "tom": ["4B"]}
