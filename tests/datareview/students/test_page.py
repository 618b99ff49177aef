"""The page of a student: what is said of them, computed from what is on record."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from datareview.figures.queries.student import measures_for, series_of
from datareview.flags.services.candidates import decide_candidate
from datareview.plans.models import Plan
from datareview.records.models import AttendanceDay, Benchmark, CourseGrade, Incident, Measure, Score
from datareview.regrouping.models import RegroupedGroup, Regrouping
from datareview.strategies.models import Strategy
from datareview.students.queries.attendance import attendance_record_of
from datareview.students.queries.domains import domain_views, ordered
from datareview.students.queries.student_page import measure_views, student_page
from datareview.trends.models import Trend
from teams.lib import formats
from tests.conftest import START, TODAY, make_measure, make_scores
from tests.factories.assessments import make_assessment

pytestmark = pytest.mark.django_db


def texts(cast, student=None, who="cora"):
    return [one.text for one in student_page(getattr(cast, who), student or cast.maya).status]


def views_of(student):
    series = [one for one in series_of(student, ordered(measures_for(student))) if one.points]
    return domain_views(student, series)


def attend(student, absent=(), *, since=START, mark="unexcused"):
    days = [since + dt.timedelta(days=n) for n in range((TODAY - since).days)]
    AttendanceDay.objects.bulk_create(
        AttendanceDay(student=student, day=day, mark=mark if day in absent else "present")
        for day in days
        if day.weekday() < 5
    )
    return [day for day in days if day.weekday() < 5]


def trend(cast, student, low, high, n=7):
    last = TODAY - dt.timedelta(days=2)
    return Trend.objects.create(
        student=student,
        measure=cast.fluency,
        status="ok",
        n=n,
        first_on=last - dt.timedelta(weeks=6),
        last_on=last,
        slope=(low + high) / 2,
        slope_low=low,
        slope_high=high,
        as_of=TODAY,
        method_version="1",
        computed_at=cast.school.at(TODAY, dt.time(6)),
    )


def test_a_student_of_whom_nothing_is_known(cast):
    Score.objects.all().delete()
    page = student_page(cast.cora, cast.jonas)
    assert ([one.text for one in page.status], page.strengths, page.views) == (
        ["No scores or attendance yet this year."],
        [],
        [],
    )


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.4, 1.2, "Reading is below benchmark and improving."),
        (-1.2, -0.4, "Reading is below benchmark and getting worse."),
        (-0.2, 0.4, "Reading is below benchmark, without clear growth."),
    ],
)
def test_a_measure_below_benchmark_with_its_direction(cast, low, high, words):
    trend(cast, cast.maya, low, high)
    assert texts(cast)[0] == words


def test_five_scores_have_no_direction(cast):
    trend(cast, cast.maya, 0.4, 1.2, n=5)
    assert texts(cast)[0] == "Reading is below benchmark; too few scores for a trend."


def test_a_measure_at_benchmark_is_on_track_and_far_above_a_strength(cast):
    Benchmark.objects.update(below=70, at=90, above=140)
    assert texts(cast, cast.jonas) == ["Reading is on track."]
    Benchmark.objects.update(below=50, at=60, above=100)
    assert texts(cast, cast.jonas) == ["Reading is a strength."]
    assert student_page(cast.cora, cast.jonas).strengths == [
        "Oral reading fluency: 101 words correct per minute, Above"
    ]


def test_the_day_since_which_a_student_is_below_benchmark(cast):
    """Jonas was at the benchmark for four weeks, and then was not."""
    Score.objects.filter(student=cast.jonas).delete()
    make_scores(cast.jonas, cast.fluency, [200, 201, 202, 200, 60, 61])
    first_below = TODAY - dt.timedelta(days=2 + 7)
    (view,) = views_of(cast.jonas)
    assert (view.below_since, view.level) == (first_below, 1)
    assert texts(cast, cast.jonas)[0].startswith("Reading has been below benchmark since ")


def test_two_measures_of_a_subject_are_called_by_their_names(cast):
    other = make_measure(cast.other_school)
    Measure.objects.filter(pk=other.pk).update(school=cast.school, key="inventory", name="Reading inventory")
    Benchmark.objects.update(below=200, at=220, above=None)
    make_scores(cast.maya, other, [62, 63])
    assert [text.split(" is ")[0] for text in texts(cast)[:2]] == [
        "Oral reading fluency",
        "Reading inventory",
    ]


def test_absences_that_rise_and_fall_on_one_weekday_are_said(cast):
    days = attend(cast.jonas)
    mondays = [day for day in days if day.weekday() == 0][-6:]
    AttendanceDay.objects.filter(student=cast.jonas, day__in=mondays).update(mark="excused")
    record = attendance_record_of(cast.jonas)
    assert (record.weekday.weekday, record.absent, record.excused, record.is_chronic) == (0, 6, 6, False)
    assert "6 of 6 absences were on a Monday." in texts(cast, cast.jonas)
    monday = record.rows[0]
    assert (monday.absent, monday.days) == (6, sum(day.weekday() == 0 for day in days))
    assert sum(cell.mark == "excused" for row in record.rows for cell in row.cells) == 6


def test_half_days_count_half_and_days_of_a_closed_school_not_at_all(cast):
    days = attend(cast.jonas)
    AttendanceDay.objects.filter(student=cast.jonas, day__in=days[:2]).update(mark="partial")
    AttendanceDay.objects.filter(student=cast.jonas, day__in=days[2:4]).update(mark="unexcused")
    cast.school.holidays.create(name="Snow", starts_on=days[2], ends_on=days[2])
    record = attendance_record_of(cast.jonas)
    assert (record.absent, record.missed, record.days) == (2, "2", len(days) - 1)
    assert [mark for _day, mark, _url in record.away] == ["Absent, unexcused", "Half day", "Half day"]


def test_one_day_in_ten_is_said_of_a_student_without_a_pattern(cast):
    days = attend(cast.jonas)
    AttendanceDay.objects.filter(student=cast.jonas, day__in=days[::9]).update(mark="unexcused")
    missed = len(days[::9])
    share = formats.percent(100 * missed / len(days), 0)
    assert f"Absent on {missed} of {len(days)} days ({share})." in texts(cast, cast.jonas)


def test_incidents_of_four_weeks_are_counted(cast):
    for back in (1, 20, 40):
        Incident.objects.create(student=cast.jonas, day=TODAY - dt.timedelta(days=back), kind="Phone")
    assert "2 incidents in the last four weeks." in texts(cast, cast.jonas)


def test_a_plan_has_its_verdict_sessions_and_what_waits(cast):
    Plan.objects.update(review_on=TODAY - dt.timedelta(days=1))
    cast.plan.sessions.create(held_on=TODAY - dt.timedelta(days=3), result="held", logged_by=cast.sol)
    cast.plan.sessions.create(held_on=TODAY - dt.timedelta(days=5), result="absent", logged_by=cast.sol)
    page = student_page(cast.ana, cast.maya)
    (view,) = page.support.plans
    assert (view.is_due, view.last_session.result, view.missed) == (
        True,
        "held",
        "Not held: student absent 1.",
    )
    assert [(one.text, one.is_late) for one in page.waiting] == [
        ("Decide what to do: attendance", True),
        ("Review the plan: Repeated reading", True),
    ]
    assert page.status[-1].text.startswith("Plan, Repeated reading: ")


def test_two_groups_at_one_time_and_two_plans_on_a_day_clash(cast):
    for title in ("Unit 1", "Unit 2"):
        regrouping = Regrouping.objects.create(
            assessment=make_assessment(cast.team, title=title), check_on=TODAY + dt.timedelta(days=3)
        )
        group = RegroupedGroup.objects.create(
            regrouping=regrouping, band="close", weekdays=[1, 3], time=dt.time(9, 40)
        )
        group.places.create(regrouping=regrouping, student=cast.maya)
    second = Plan.objects.get(pk=cast.plan.pk)
    second.pk, second.uuid, second.weekdays = None, Plan().uuid, [2]
    second.strategy = Strategy.objects.create(school=cast.school, name="Word lists", domain="academic")
    second.save()
    support = student_page(cast.cora, cast.maya).support
    assert (len(support.groups), len(support.plans)) == (2, 2)
    assert support.clashes == [
        "Two groups meet at the same time, Tue 9:40\xa0AM: Unit 2 and Unit 1.",
        "2 plans on Wed: 40 minutes.",
    ]


def test_a_group_that_was_checked_is_over(cast):
    regrouping = Regrouping.objects.create(
        assessment=make_assessment(cast.team), check_on=TODAY - dt.timedelta(days=1)
    )
    group = RegroupedGroup.objects.create(regrouping=regrouping, band="close")
    group.places.create(regrouping=regrouping, student=cast.maya)
    assert student_page(cast.cora, cast.maya).support.groups == []


def test_courses_have_the_latest_grade_and_its_change(cast):
    enrollment = cast.maya.enrollments.get()
    for back, percent in ((30, 81), (2, 74)):
        CourseGrade.objects.create(
            enrollment=enrollment, as_of=TODAY - dt.timedelta(days=back), percent=percent, letter="C"
        )
    (course,) = student_page(cast.cora, cast.maya).courses
    assert (course.name, course.teachers) == ("4A", ["Ana R"])
    assert (course.now.as_of, course.before.text, course.change) == (
        TODAY - dt.timedelta(days=2),
        "C 81%",
        "−7",
    )


def test_six_measures_at_most_and_one_of_each_domain(cast):
    for number in range(8):
        other = make_measure(cast.other_school)
        Measure.objects.filter(pk=other.pk).update(school=cast.school, key=f"m{number}")
        make_scores(cast.maya, other, [62, 63])
    Measure.objects.filter(key="m7").update(domain="wellbeing", scale_max=5)
    shown = [view.measure.key for view in views_of(cast.maya)]
    assert (len(shown), shown[-1], shown[0]) == (6, "m7", "orf")
    assert len(measure_views(cast.maya)) == 9


def test_all_measures_are_said_to_be_at_benchmark_only_if_all_are_shown(cast):
    Benchmark.objects.update(below=50, at=60, above=140)
    for number, many in enumerate(["both", "all 3", "all 4", "all 5", "all 6", ""]):
        other = make_measure(cast.other_school)
        Measure.objects.filter(pk=other.pk).update(school=cast.school, key=f"m{number}")
        Benchmark.objects.filter(measure=other).update(below=50, at=60, above=140)
        make_scores(cast.jonas, other, [62, 63])
        said = [text for text in texts(cast, cast.jonas) if text.startswith("At or above benchmark in")]
        assert said == ([f"At or above benchmark in {many} measures."] if many else [])


def test_a_concern_that_waits_for_a_seat_needs_no_decision(cast, as_user):
    decide_candidate(cast.candidate, actor=cast.cora, state="seat", note="Mondays are full")
    page = as_user(cast.cora).get(cast.maya.get_absolute_url()).content.decode()
    assert ("Waits for a seat" in page, "Needs a decision" in page) == (True, False)


def test_the_page_and_all_measures_in_full(cast, as_user):
    attend(cast.maya)
    cora = as_user(cast.cora)
    page = cora.get(cast.maya.get_absolute_url()).content.decode()
    in_full = reverse("datareview:student-measures", args=[cast.maya.uuid])
    assert in_full in page
    assert "style=" not in page
    assert "data-chart" in cora.get(in_full).content.decode()


def test_the_page_takes_thirty_three_queries_with_everything_on_it(cast, as_user):
    Measure.objects.create(
        school=cast.school,
        key="att",
        name="Attendance",
        domain="attendance",
        derived_from="attendance",
        unit="%",
    )
    Measure.objects.create(
        school=cast.school, key="inc", name="Incidents", domain="behavior", derived_from="incidents"
    )
    Incident.objects.create(student=cast.maya, day=TODAY, kind="Phone")
    attend(cast.maya)
    cora = as_user(cast.cora)
    cora.get(cast.maya.get_absolute_url())
    with CaptureQueriesContext(connection) as found:
        assert cora.get(cast.maya.get_absolute_url()).status_code == 200
    assert len(found) <= 33, [query["sql"][:150] for query in found.captured_queries]
