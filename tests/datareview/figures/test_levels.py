"""Students' levels by benchmark, window by window, with the same cuts as the judges."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from datareview.analysis.levels import levels_of as kernel_levels
from datareview.figures.queries.levels import by_window, chart_of_levels, level_of, paired_scores, slope_of
from datareview.records.models import Benchmark, Score, Student
from teams.directory.models import SchoolYear

FALL, WINTER, SPRING = dt.date(2024, 9, 20), dt.date(2025, 1, 20), dt.date(2025, 5, 20)


@pytest.fixture
def year(cast, monkeypatch):
    """The school year 2024/25; students of the team without scores."""
    SchoolYear.objects.filter(school=cast.school).update(
        starts_on=dt.date(2024, 8, 26), ends_on=dt.date(2025, 6, 20)
    )
    monkeypatch.setattr(type(cast.school), "today", lambda self: SPRING)
    Score.objects.all().delete()
    return cast


def score(cast, student, value, day):
    return Score.objects.create(student=student, measure=cast.fluency, taken_on=day, value=value)


def students(*found):
    return {student.pk: student for student in found}


def found(cast, *who):
    return by_window(cast.team, cast.fluency, students(*who))


@pytest.mark.parametrize(
    ("value", "level"),
    [
        (0, 1),
        (66.99, 1),
        (67, 2),
        (67.01, 2),
        (93.99, 2),
        (94, 3),
        (94.01, 3),
        (124.99, 3),
        (125, 4),
        (250, 4),
    ],
)
def test_a_value_on_a_cut_has_reached_it_and_the_kernel_agrees(value, level):
    """Cuts of a fall in grade 4: 68 - 1 = 67, 94, 125; mirrored at 100 where lower is better."""
    up, down = Benchmark(below=67, at=94, above=125), Benchmark(below=133, at=106, above=75)
    mirrored = round(200 - value, 2)
    assert level_of(value, up, higher_is_better=True) == level
    assert level_of(mirrored, down, higher_is_better=False) == level
    for number, cuts, better in ((value, up, True), (mirrored, down, False)):
        points = {2: cuts.below, 3: cuts.at, 4: cuts.above}
        points = {one: np.array([float(cut)]) for one, cut in points.items()}
        assert kernel_levels(np.array([float(number)]), points, np.array([better])).tolist() == [level]


def test_without_cuts_there_is_no_level():
    assert level_of(50, None, higher_is_better=True) is None


def test_the_last_score_of_a_window_counts_with_the_cuts_of_its_window(year):
    """120 is at or above the benchmarks of fall (94) and winter (120), and below that of spring (133)."""
    for day in (FALL, WINTER, SPRING):
        score(year, year.maya, 20, day - dt.timedelta(days=5))
        score(year, year.maya, 120, day)
    shown = found(year, year.maya)
    assert [
        (window.key, one[year.maya.pk].value, one[year.maya.pk].level) for window, one in shown.items()
    ] == [
        ("fall", 120, 3),
        ("winter", 120, 3),
        ("spring", 120, 2),
    ]


def test_scores_of_last_year_and_of_others_are_not_counted(year):
    score(year, year.maya, 99, dt.date(2024, 8, 25))
    score(year, year.leak, 99, SPRING)
    assert found(year, year.maya) == {}


@pytest.mark.parametrize("grade", [7, None])
def test_a_grade_without_benchmark_has_scores_and_no_level(year, grade):
    Student.objects.filter(pk=year.maya.pk).update(grade=grade)
    year.maya.refresh_from_db()
    score(year, year.maya, 20, SPRING)
    shown = found(year, year.maya)
    assert [one[year.maya.pk].level for one in shown.values()] == [None]
    chart = chart_of_levels(year.fluency, shown, students(year.maya))
    assert chart.title == "Oral reading fluency: median 20 in Spring; no benchmark to compare with"
    assert chart.source == "1 of 1 students. Data to May 20, 2025."


def test_levels_are_counted_and_compared_with_the_window_before(year):
    for student, fall, spring in ((year.maya, 60, 100), (year.jonas, 94, 133), (year.ines, 130, None)):
        score(year, student, fall, FALL)
        if spring:
            score(year, student, spring, SPRING)
    everybody = (year.maya, year.jonas, year.ines)
    chart = chart_of_levels(year.fluency, found(year, *everybody), students(*everybody))
    assert chart.title == (
        "Oral reading fluency: 1 of 2 below benchmark, 1 of the same 2 in fall (only 2 of 3 students tested)"
    )
    assert chart.sentence == "Students with a score: Fall 3, Spring 2."
    assert chart.source == "2 of 3 students. Data to May 20, 2025."
    assert [list(series.y) for series in chart.series] == [[1, 1], [0, 0], [1, 1], [1, 0]]


def test_the_few_tested_since_are_compared_with_themselves(year):
    """Maya and Jonas are monitored for their low scores; in fall all of 20 were tested."""
    others = [
        Student.objects.create(
            school=year.school,
            local_id=f"9{n}",
            first_name="Kim",
            last_name=f"No{n}",
            grade=4,
            entered_on=FALL,
        )
        for n in range(18)
    ]
    for student in others:
        score(year, student, 100, FALL)
    for student, fall in ((year.maya, 60), (year.jonas, 100)):
        score(year, student, fall, FALL)
        score(year, student, 70, WINTER)
    everybody = (year.maya, year.jonas, *others)
    chart = chart_of_levels(year.fluency, found(year, *everybody), students(*everybody))
    assert chart.title == (
        "Oral reading fluency: 2 of 2 below benchmark, 1 of the same 2 in fall (only 2 of 20 students tested)"
    )


@pytest.mark.parametrize(
    ("jonas", "end"), [(60, "; of 1 tested both times, 1 now and 0 in fall"), (None, "")]
)
def test_students_new_since_the_window_before_are_not_compared(year, jonas, end):
    if jonas:
        score(year, year.jonas, 100, FALL)
        score(year, year.jonas, jonas, WINTER)
    else:
        score(year, year.ines, 60, FALL)
    score(year, year.maya, 60, WINTER)
    everybody = (year.maya, year.jonas) if jonas else (year.maya, year.ines)
    chart = chart_of_levels(year.fluency, found(year, *everybody), students(*everybody))
    tested = "2 of 2 below benchmark" if jonas else "1 of 1 below benchmark (only 1 of 2 students tested)"
    assert chart.title == f"Oral reading fluency: {tested}{end}"


def test_everybody_tested_both_times_is_not_said(year):
    for student in (year.maya, year.jonas):
        score(year, student, 60, FALL)
        score(year, student, 130, WINTER)
    both = (year.maya, year.jonas)
    chart = chart_of_levels(year.fluency, found(year, *both), students(*both))
    assert chart.title == "Oral reading fluency: 0 of 2 below benchmark, 2 of the same 2 in fall"


def test_one_window_is_not_compared(year):
    score(year, year.maya, 60, FALL)
    chart = chart_of_levels(year.fluency, found(year, year.maya), students(year.maya))
    assert chart.title == "Oral reading fluency: 1 of 1 below benchmark"


def test_without_scores_the_chart_says_so(year):
    chart = chart_of_levels(year.fluency, {}, students(year.maya))
    assert chart.title == "Oral reading fluency: no scores yet"
    assert (paired_scores({}, {}), slope_of(year.fluency, {}, {})) == ([], None)


def test_pairs_are_of_students_with_both_scores_the_lowest_first(year):
    for student, winter, spring in ((year.maya, 90, 106), (year.jonas, 130, 133), (year.ines, None, 60)):
        if winter:
            score(year, student, winter, WINTER)
        score(year, student, spring, SPRING)
    everybody = students(year.maya, year.jonas, year.ines)
    pairs = paired_scores(found(year, year.maya, year.jonas, year.ines), everybody)
    assert [(pair.name, pair.before, pair.now, pair.level_before, pair.level_now) for pair in pairs] == [
        ("Maya Okafor", 90, 106, 1, 1),
        ("Jonas Weber", 130, 133, 3, 3),
    ]
    maya, jonas = pairs
    assert (maya.is_below_before, maya.is_below_now, maya.is_far_below) == (True, True, True)
    assert (jonas.is_below_before, jonas.is_below_now, jonas.is_far_below) == (False, False, False)


@pytest.mark.parametrize(
    ("value", "below", "far"), [(106.9, True, True), (107, True, False), (133, False, False)]
)
def test_below_and_far_below_follow_the_levels(year, value, below, far):
    """Spring: below 107, at 133."""
    score(year, year.maya, 100, WINTER)
    score(year, year.maya, value, SPRING)
    (pair,) = paired_scores(found(year, year.maya), students(year.maya))
    assert (pair.is_below_now, pair.is_far_below) == (below, far)


@pytest.mark.parametrize(("grade", "lines"), [(4, [133.0]), (5, []), (None, [])])
def test_a_slope_chart_shows_a_benchmark_line_for_a_single_grade_only(year, grade, lines):
    for student in (year.maya, year.jonas):
        score(year, student, 90, WINTER)
        score(year, student, 100, SPRING)
    Student.objects.filter(pk=year.jonas.pk).update(grade=grade)
    year.jonas.refresh_from_db()
    both = students(year.maya, year.jonas)
    chart = slope_of(year.fluency, found(year, year.maya, year.jonas), both)
    assert [line.at for line in chart.lines] == lines
    assert chart.source == "2 of 2 students. Data to May 20, 2025."


def test_a_slope_chart_of_a_grade_without_benchmark_has_no_line(year):
    Benchmark.objects.filter(window="spring").delete()
    score(year, year.maya, 90, WINTER)
    score(year, year.maya, 100, SPRING)
    assert slope_of(year.fluency, found(year, year.maya), students(year.maya)).lines == ()
