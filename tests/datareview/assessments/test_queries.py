import datetime as dt

import numpy as np
import pytest

from datareview.assessments.queries import copyable_assessments, response_frame, students_given
from datareview.records.models import Assessment, Enrollment, Student
from teams.directory.models import Team
from tests.conftest import make_section, make_student, make_team
from tests.factories.assessments import absent, answer, make_assessment


def names(students):
    return sorted(student.first_name for student in students)


def test_a_grade_teams_assessment_is_given_to_its_students(cast):
    make_student(cast.school, "5001", "Fifth", "Grader", 5)
    make_student(cast.school, "4001", "No", "Class", 4)
    make_student(cast.school, "4002", "Not", "Here", 4)
    Student.objects.filter(local_id="4002").update(status=Student.Status.LEFT)
    newer = make_student(cast.school, "4003", "Newer", "Child", 4)
    newer.entered_on = cast.school.today() + dt.timedelta(days=1)
    newer.save()
    assert names(students_given(make_assessment(cast.team))) == ["Ines", "Jonas", "Maya", "No"]


def test_a_teams_own_assessments_are_offered_to_copy_before_newer_ones_of_others(cast):
    today = cast.school.today()
    days = [today - dt.timedelta(days=n) for n in (9, 5, 1)]
    third = make_team(cast.school, "Grade 3", 3, [cast.staff.tom])
    rows = [
        make_assessment(team, given_on=day)
        for team, day in zip((cast.team, cast.team, third), days, strict=True)
    ]
    assert copyable_assessments(cast.ana, cast.team) == [rows[1], rows[0], rows[2]]


def test_classes_are_as_they_were_on_the_day(cast):
    today = cast.school.today()
    assessment = make_assessment(cast.team, given_on=today - dt.timedelta(days=7), sections=[cast.section])
    Enrollment.objects.filter(student=cast.jonas).update(ends_on=today - dt.timedelta(days=2))
    Enrollment.objects.create(student=cast.ines, section=cast.section, starts_on=today)
    assert names(students_given(assessment)) == ["Jonas", "Maya"]


def test_who_sat_it_elsewhere_or_left_stays(cast):
    assessment = make_assessment(cast.team, sections=[cast.section])
    answer(assessment, cast.ines, "CABD", section=cast.section)
    Student.objects.filter(pk=cast.ines.pk).update(status=Student.Status.LEFT)
    assert names(students_given(assessment)) == ["Ines", "Jonas", "Maya"]


def test_of_an_earlier_year_only_who_sat_it_is_known(cast):
    before = cast.school.years.get().starts_on - dt.timedelta(days=30)
    assessment = make_assessment(cast.team, given_on=before)
    answer(assessment, cast.maya, "CABD")
    assert names(students_given(assessment)) == ["Maya"]


def test_a_course_team_gives_it_to_its_members_classes(cast):
    team = make_team(cast.school, "Reading", 4, [cast.staff.tom])
    team.cohort, team.subject = Team.Cohort.SECTIONS, "reading"
    team.save()
    assert names(students_given(make_assessment(team))) == ["Ines"]


@pytest.fixture
def entered(cast):
    """Maya answered all but one item, which she left blank; Jonas has one item entered; Ines was absent."""
    assessment = make_assessment(cast.team)
    make_student(cast.school, "4001", "No", "Class", 4)
    answer(assessment, cast.maya, "CA D", section=cast.section)
    answer(assessment, cast.jonas, "B...")
    absent(assessment, cast.ines)
    other = make_assessment(cast.other_team)
    answer(other, cast.leak, "CABD")
    answer(make_assessment(cast.team, title="Unit 4 check"), cast.ines, "CABD")
    return assessment


def test_the_frame_tells_blank_absent_and_not_entered_apart(cast, entered):
    frame = response_frame(entered)
    pupils = [cast.maya.pk, cast.jonas.pk, cast.ines.pk, Student.objects.get(local_id="4001").pk]
    assert list(frame.points.index) == sorted(pupils)
    nan = np.nan
    assert np.array_equal(
        frame.points.loc[pupils],
        [[1, 1, 0, 1], [0, nan, nan, nan], [nan] * 4, [nan] * 4],
        equal_nan=True,
    )
    assert frame.choices.loc[pupils].to_numpy().tolist() == [
        ["C", "A", "", "D"],
        ["B", None, None, None],
        [None] * 4,
        [None] * 4,
    ]
    assert (frame.absent, frame.entered) == ({cast.ines.pk}, {cast.maya.pk, cast.jonas.pk})
    assert list(frame.sat.index) == sorted(frame.entered)
    assert frame.possible.to_dict() == {1: 1.0, 2: 1.0, 3: 1.0, 4: 1.0}


def test_the_frame_knows_the_class_of_each_student(cast, entered):
    second = make_section(cast.staff.tom, "4C", [cast.maya])
    answer_class = response_frame(entered).section_of
    assert answer_class[cast.maya.pk] == cast.section.pk  # where she sat it
    assert answer_class[cast.jonas.pk] == cast.section.pk  # where he is
    assert answer_class.isna().sum() == 1
    assert second.pk not in set(answer_class.dropna())


def test_dropped_items_are_left_out(cast, entered):
    entered.items.filter(number__in=[1, 4]).update(is_dropped=True)
    frame = response_frame(entered)
    assert list(frame.points.columns) == [item.number for item in frame.items] == [2, 3]
    assert frame.points.loc[cast.maya.pk].tolist() == [1, 0]


def test_answers_of_an_absent_student_are_left_out(cast, entered):
    entered.sittings.filter(student=cast.maya).update(is_absent=True)
    assert response_frame(entered).points.loc[cast.maya.pk].isna().all()


def test_the_frame_of_some_students_has_only_these(cast, entered):
    frame = response_frame(entered, [cast.jonas.pk])
    assert list(frame.points.index) == list(frame.section_of.index) == [cast.jonas.pk]
    assert (frame.absent, frame.entered) == (set(), {cast.jonas.pk})


def test_nothing_entered_is_an_empty_frame(cast):
    empty = Assessment.objects.create(team=cast.team, title="Empty", given_on=cast.school.today())
    frame = response_frame(empty)
    assert (frame.points.shape, frame.sat.shape, list(frame.possible)) == ((3, 0), (0, 0), [])


def test_more_students_need_no_more_queries(cast, entered, django_assert_num_queries):
    entered = Assessment.objects.select_related("team__school").get(pk=entered.pk)
    with django_assert_num_queries(8):
        response_frame(entered)
