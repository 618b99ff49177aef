"""Defaults of a new plan: baseline, a goal within reach, and whether its rate is realistic."""

from __future__ import annotations

import datetime as dt

import pytest

from datareview.flags.models import Rule
from datareview.plans.models import Plan
from datareview.plans.queries.offers import OfferedStrategies
from datareview.plans.queries.points import points_of_plans
from datareview.plans.queries.starting import plan_start, provider_loads
from datareview.records.models import AttendanceDay, Benchmark, Domain, Measure, Score, Student
from datareview.strategies.models import Strategy
from teams.directory.models import Holiday
from tests.conftest import make_plan

# Every test begins on the same day: goals fall into the spring window twelve weeks later.
TODAY = dt.date(2025, 2, 3)  # a Monday


@pytest.fixture
def day(cast, monkeypatch):
    """The cast on a Monday in winter, without scores; spring's benchmark is 133, typical growth 1.2 per week."""
    monkeypatch.setattr(type(cast.school), "today", lambda self: TODAY)
    Score.objects.all().delete()
    Student.objects.update(entered_on=None)  # was here then
    return cast


def score(cast, *values, student=None, measure=None, apart=7, last=0):
    """Scores ``apart`` days apart, the last one ``last`` days ago."""
    for back, value in enumerate(reversed(values)):
        Score.objects.create(
            student=student or cast.jonas,
            measure=measure or cast.fluency,
            taken_on=TODAY - dt.timedelta(days=last + apart * back),
            value=value,
        )


def begin(cast, student=None, candidate=None, user=None, **typed):
    return plan_start(student or cast.jonas, candidate, user or cast.cora, typed)


@pytest.mark.parametrize(
    ("values", "apart", "last", "baseline", "words"),
    [
        (
            [90, 99, 93],
            7,
            0,
            "93",
            "Median of the last scores within 14 days: 90 (Jan 20, 2025), 99 (Jan 27, 2025), 93 (Feb 3, 2025).",
        ),
        # fifteen days apart is more than fourteen: the first is left out
        (
            [10, 99, 93],
            8,
            0,
            "96",
            (
                "Median of the last scores within 14 days: 99 (Jan 26, 2025), 93 (Feb 3, 2025). "
                "Three probes make a more reliable baseline."
            ),
        ),
        (
            [90.04],
            7,
            42,
            "90",
            (
                "Median of the last scores within 14 days: 90 (Dec 23, 2024). "
                "Three probes make a more reliable baseline."
            ),
        ),
        (
            [90],
            7,
            43,
            "",
            "No score of Oral reading fluency in the last six weeks. Take three probes first.",
        ),
        ([], 7, 0, "", "No score of Oral reading fluency in the last six weeks. Take three probes first."),
    ],
)
def test_a_baseline_is_the_median_of_three_within_a_fortnight(day, values, apart, last, baseline, words):
    score(day, *values, apart=apart, last=last)
    start = begin(day)
    assert (start.initial["baseline"], start.baseline_words) == (baseline, words)
    if not baseline:
        assert (start.initial["goal"], start.goal_words, start.rate_words) == ("", "", "")


AT_MOST = "Suggested: one and a half times typical growth, at most the benchmark of that season (133)."
TYPICAL = "Suggested: one and a half times typical growth."


@pytest.mark.parametrize(
    ("baseline", "goal", "words"),
    [
        # 1.5 × 1.2 × 12 weeks are 21.6 words
        (90, "112", AT_MOST),
        (111, "133", AT_MOST),  # 132.6 is under the benchmark, but rounds to it
        (112, "133", AT_MOST),  # 133.6 would be past it
        (132, "133", AT_MOST),
        (133, "155", TYPICAL),
        (140, "162", TYPICAL),
        (240, "250", TYPICAL),  # the end of the scale
    ],
)
def test_a_goal_is_within_reach_and_at_most_the_benchmark(day, baseline, goal, words):
    score(day, baseline)
    start = begin(day)
    assert (start.initial["goal"], start.goal_words) == (goal, words)


def test_where_lower_is_better_a_goal_lies_below(day):
    """Mirrored at 100: the benchmark is 67, and 110 minus 21.6 is 88."""
    day.fluency.higher_is_better = False
    day.fluency.save()
    Benchmark.objects.filter(window="spring").update(below=93, at=67, above=36)
    score(day, 110)
    assert begin(day).initial["goal"] == "88"
    score(day, 70, last=-1)
    Score.objects.filter(value=110).delete()
    Score.objects.update(taken_on=TODAY)
    start = begin(day)
    assert start.initial["goal"] == "67"


def test_on_a_scale_of_a_few_points_a_goal_is_better_than_the_baseline(day):
    """From 3.2 to 3.4 on a scale of 1 to 5: rounded to whole points it would be 3, worse than the baseline."""
    Measure.objects.filter(pk=day.fluency.pk).update(scale_min=1, scale_max=5)
    Benchmark.objects.filter(window="spring").update(below=2, at=3.4, above=4, growth_per_week=0.02)
    score(day, 3.2, 3.2, 3.2)
    start = begin(day)
    assert (start.initial["baseline"], start.initial["goal"]) == ("3.2", "3.4")


@pytest.mark.parametrize("known", ["no benchmark", "no growth"])
def test_without_typical_growth_the_team_sets_the_goal(day, known):
    if known == "no benchmark":
        Benchmark.objects.all().delete()
    else:
        Benchmark.objects.update(growth_per_week=None)
    score(day, 90)
    start = begin(day)
    assert (start.initial["goal"], start.goal_words) == (
        "",
        "No typical growth is known for this measure and grade. Set a goal the team believes in.",
    )
    assert begin(day, goal="102").rate_words == "From 90 to 102 needs +1.0 a week for 12 weeks."


@pytest.mark.parametrize(
    ("goal", "words"),
    [
        (
            "90",
            "From 90 to 90 needs 0 a week for 12 weeks. Typical for the grade: +1.2. That is no growth.",
        ),
        (
            "84",
            "From 90 to 84 needs −0.5 a week for 12 weeks. Typical for the grade: +1.2. That is no growth.",
        ),
        (
            "104.4",
            (
                "From 90 to 104.4 needs +1.2 a week for 12 weeks. Typical for the grade: +1.2. "
                "That keeps pace but closes no gap."
            ),
        ),
        # 1.233 per week is more than typical, and must not be shown as equal
        (
            "104.8",
            (
                "From 90 to 104.8 needs +1.23 a week for 12 weeks. Typical for the grade: +1.20. "
                "That is ambitious and realistic."
            ),
        ),
        (
            "118.8",
            (
                "From 90 to 118.8 needs +2.4 a week for 12 weeks. Typical for the grade: +1.2. "
                "That is ambitious and realistic."
            ),
        ),
        (
            "119",
            (
                "From 90 to 119 needs +2.4 a week for 12 weeks. Typical for the grade: +1.2. That is ambitious. "
                "Few plans reach twice the typical growth."
            ),
        ),
    ],
)
def test_the_rate_that_a_goal_needs_is_compared_with_typical_growth(day, goal, words):
    score(day, 90)
    assert begin(day, goal=goal).rate_words == words


@pytest.mark.parametrize(
    ("goal_on", "words"),
    [
        ("2025-02-10", "From 90 to 104 needs +14.0 a week for 1 week."),
        ("2025-02-17", "From 90 to 104 needs +7.0 a week for 2 weeks."),
        ("2025-02-03", ""),
        ("2025-01-01", ""),
    ],
)
def test_a_goal_of_another_day(day, goal_on, words):
    Benchmark.objects.all().delete()
    score(day, 90)
    assert begin(day, goal="104", goal_on=goal_on).rate_words == words


@pytest.mark.parametrize("typed", ["", "soon", "2025-02-30"])
def test_an_invalid_day_becomes_twelve_weeks_from_now(day, typed):
    assert begin(day, goal_on=typed).initial["goal_on"] == TODAY + dt.timedelta(weeks=12)


@pytest.mark.parametrize("typed", ["", "many", "nan", "inf", "1e999"])
def test_an_invalid_number_becomes_the_baseline_of_the_data(day, typed):
    score(day, 90)
    assert begin(day, baseline=typed).initial["baseline"] == "90"


@pytest.mark.parametrize("measure", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_a_measure_that_is_not_the_schools_is_not_taken(day, measure):
    score(day, 90)
    assert begin(day, measure=measure).measure == day.fluency


def test_a_measure_of_another_school_is_not_taken(day):
    from tests.conftest import make_measure

    score(day, 90)
    assert begin(day, measure=str(make_measure(day.other_school).uuid)).measure == day.fluency


def make(cast, key, **fields):
    return Measure.objects.create(school=cast.school, key=key, name=key, **fields)


def test_without_scores_and_measures_there_is_a_message(day):
    day.plan.delete()
    Measure.objects.all().delete()
    start = begin(day)
    assert (start.measure, start.baseline_words) == (None, "This school has no measure yet.")


def test_without_a_candidate_the_newest_probe_is_taken(day):
    survey = make(day, "survey", kind="other")
    score(day, 80, last=9)
    score(day, 3, measure=survey)
    assert begin(day).measure == day.fluency
    Score.objects.filter(measure=day.fluency).delete()
    assert begin(day).measure == survey


def raised_by(day, measure):
    """The candidate's open flag is of a rule about ``measure``."""
    day.candidate.domain = Domain.ACADEMIC
    Rule.objects.filter(pk=day.flag.rule_id).update(measure=measure, kind="benchmark")
    return day.candidate


def test_a_candidate_of_a_test_is_measured_by_a_probe_of_its_subject(day):
    test = make(day, "test", subject="reading", kind="benchmark")
    candidate = raised_by(day, test)
    assert begin(day, day.maya, candidate).measure == test
    score(day, 60, student=day.maya)
    assert begin(day, day.maya, candidate).measure == day.fluency


def test_a_candidate_without_a_measure_is_measured_in_its_domain(day):
    """Academics has no derived measure, but a probe."""
    day.candidate.domain = Domain.ACADEMIC
    score(day, 60, student=day.maya)
    assert begin(day, day.maya, day.candidate).measure == day.fluency
    day.candidate.domain = Domain.WELLBEING
    assert begin(day, day.maya, day.candidate).measure == day.fluency


@pytest.mark.parametrize(
    ("absent", "baseline", "goal", "words"),
    [
        (1, "80", "95", "Suggested: well past 90%, the cut point for chronic absence."),
        (0, "100", "", "Recent weeks were already at 95% or more. Is a plan still needed?"),
    ],
)
def test_attendance_starts_from_its_last_weeks(day, absent, baseline, goal, words):
    make(day, "attendance", domain="attendance", derived_from="attendance")
    for week in range(1, 4):
        for n in range(5):
            AttendanceDay.objects.create(
                student=day.maya,
                day=TODAY - dt.timedelta(weeks=week) + dt.timedelta(days=n),
                mark="excused" if n < absent else "present",
            )
    start = begin(day, day.maya, day.candidate)
    assert (start.initial["baseline"], start.initial["goal"], start.goal_words) == (baseline, goal, words)
    assert start.baseline_words == (
        f"Median of the last weeks: {baseline} (Jan 17, 2025), {baseline} (Jan 24, 2025), {baseline} (Jan 31, 2025)."
    )


def test_attendance_without_a_whole_week_says_so(day):
    make(day, "attendance", domain="attendance", derived_from="attendance")
    assert (
        begin(day, day.maya, day.candidate).baseline_words
        == "None of the last six weeks was recorded in full."
    )


def calming(day, name="Check in", **fields):
    return Strategy.objects.create(school=day.school, name=name, domain="behavior", **fields)


def test_strategies_of_the_domain_come_first_and_none_is_chosen_for_people(day):
    calm = calming(day, minutes=10)
    day.candidate.domain = Domain.BEHAVIOR
    start = begin(day, day.maya, day.candidate)
    assert start.offer == OfferedStrategies([calm], [], [day.strategy])
    assert (start.initial["strategy"], start.initial["concern"]) == (None, day.candidate.reason)
    assert (start.initial["weekdays"], start.initial["minutes"]) == ([0, 2, 4], 20)


@pytest.mark.parametrize(
    ("lowest", "highest", "is_first"), [(4, 4, True), (None, 3, False), (5, None, False)]
)
def test_a_strategy_for_other_grades_is_not_suggested(day, lowest, highest, is_first):
    calm = calming(day, lowest_grade=lowest, highest_grade=highest)
    best = calming(day, "Daily card")
    day.candidate.domain = Domain.BEHAVIOR
    offer = begin(day, day.maya, day.candidate).offer
    assert (offer.suggested, offer.other_grades) == (([calm, best], []) if is_first else ([best], [calm]))


@pytest.mark.parametrize(
    ("sessions", "weekdays"),
    [(1, [2]), (2, [1, 3]), (3, [0, 2, 4]), (4, [0, 1, 3, 4]), (5, [0, 1, 2, 3, 4]), (10, [0, 1, 2, 3, 4])],
)
def test_the_strategy_that_is_chosen_sets_the_schedule(day, sessions, weekdays):
    calm = calming(day, sessions_per_week=sessions, minutes=10)
    start = begin(day, strategy=str(calm.uuid))
    assert (start.initial["strategy"], start.initial["weekdays"], start.initial["minutes"]) == (
        calm.uuid,
        weekdays,
        10,
    )
    assert begin(day, strategy="nonsense").initial["strategy"] is None


def test_days_that_are_proposed_are_school_days(day):
    """April 28, 2025 is a Monday twelve weeks from now, and March 17 one six weeks from now."""
    Holiday.objects.create(
        school=day.school, name="Spring", starts_on=dt.date(2025, 4, 28), ends_on=dt.date(2025, 5, 2)
    )
    initial = begin(day).initial
    assert (initial["starts_on"], initial["goal_on"], initial["review_on"]) == (
        TODAY,
        dt.date(2025, 5, 5),
        dt.date(2025, 3, 17),
    )
    saturday = begin(day, starts_on="2025-02-08").initial
    assert (saturday["starts_on"], saturday["goal_on"]) == (dt.date(2025, 2, 8), dt.date(2025, 5, 5))


@pytest.mark.parametrize(("kind", "warns"), [("probe", False), ("benchmark", True)])
def test_a_measure_taken_a_few_times_a_year_is_warned_of(day, kind, warns):
    measure = make(day, "other", kind=kind)
    assert bool(begin(day, measure=str(measure.uuid)).measure_words) is warns


def test_the_current_provider_is_suggested(day):
    """Sol delivers Maya's plan; Cora delivers none."""
    assert begin(day, day.maya, user=day.sol).initial["provider"] == day.staff.sol.uuid
    assert begin(day, day.maya, user=day.cora).initial["provider"] is None
    assert begin(day).loads == {day.staff.sol.pk: 1}


def test_workloads_count_running_plans_by_provider(cast):
    make_plan(cast.jonas, cast.fluency, cast.strategy, cast.staff.tom, cast.team)
    assert provider_loads(cast.school) == {cast.staff.sol.pk: 1, cast.staff.tom.pk: 1}
    Plan.objects.filter(pk=cast.plan.pk).update(state="ended", outcome="met", ended_on=cast.school.today())
    assert provider_loads(cast.school) == {cast.staff.tom.pk: 1}
    assert provider_loads(cast.other_school) == {}


def attendance(cast):
    measure = Measure.objects.create(
        school=cast.school,
        key="attendance",
        name="Attendance",
        domain=Domain.ATTENDANCE,
        derived_from="attendance",
        unit="% of days present",
    )
    today = cast.school.today()
    monday = today - dt.timedelta(days=today.weekday() + 21)
    for week in range(3):
        for day in range(5):
            mark = "unexcused" if day == 0 else "present"
            AttendanceDay.objects.create(
                student=cast.maya, day=monday + dt.timedelta(days=7 * week + day), mark=mark
            )
    return measure


def test_an_attendance_plan_is_measured_by_week(cast):
    measure = attendance(cast)
    plan = make_plan(cast.maya, measure, cast.strategy, cast.staff.sol, cast.team)
    assert [value for _day, value in points_of_plans([plan], cast.school.today())[plan.pk]] == [
        80.0,
        80.0,
        80.0,
    ]


def test_an_attendance_candidate_suggests_attendance(cast):
    measure = attendance(cast)
    start = plan_start(cast.maya, cast.candidate, cast.cora, {})
    assert (start.measure, start.initial["baseline"], start.initial["goal"]) == (measure, "80", "95")


def test_another_measure_asks_for_new_figures_and_typed_ones_stay(cast):
    start = plan_start(cast.jonas, None, cast.cora, {"measure": str(cast.fluency.uuid), "goal": "300"})
    assert (start.initial["baseline"], start.initial["goal"]) == ("99", "300")
    assert "ambitious. Few plans" in start.rate_words
