"""A plan's progress in words that agree with the verdict: delivery, scores, rules and projection."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from datareview.analysis.goals import Projection
from datareview.analysis.planrules import PlanRule
from datareview.analysis.verdicts import Dosage, Verdict
from datareview.progress.models import PhaseChange, Session
from datareview.progress.queries.progress import (
    Progress,
    dosage_of,
    phase_start,
    planned_days,
    progress_of,
)
from datareview.verdicts.queries.words import (
    ADVICE,
    LABELS,
    arithmetic_of,
    dissent_in_words,
    projection_in_words,
)
from teams.directory.models import Holiday
from teams.directory.queries.days import closed_days
from teams.lib import formats


def verdict(says="continue", *, n=10, weeks=9.0, dosage=(10, 10, 0), rules=(), is_provisional=False):
    return Verdict(says, "ok", n, weeks, is_provisional, Dosage(*dosage), rules=tuple(rules))


@pytest.mark.parametrize(
    ("planned", "held", "extra", "percent", "state"),
    [
        (0, 0, 0, None, "enough"),
        (10, 8, 0, 80, "enough"),
        # 79 of 99 are 79.8%: not enough, so not shown as 80%, which would be
        (99, 79, 0, 79, "low"),
        (49, 39, 0, 79, "low"),
        (100, 80, 0, 80, "enough"),
        (3, 2, 0, 66, "low"),
        (3, 2, 1, 100, "enough"),
        (3, 3, 1, 100, "enough"),
    ],
)
def test_what_was_delivered_is_never_rounded_up_to_enough(planned, held, extra, percent, state):
    """80% of the planned sessions is the benchmark of fidelity."""
    one = verdict(dosage=(planned, held, planned - held, extra))
    shown = Progress(one, "", "", "", "", "").delivered_percent
    assert (shown, one.dosage.state) == (percent, state)


# The slope needed, its 90% interval, the sentence.
TRENDS = [
    (1.2, (0.5, 0.9, 1.196), "+0.900 a week, 90% interval +0.500 to +1.196 over 10 scores. The goal needs +1.200."),
    (1.2, (0.5, 0.9, 1.2), "+0.90 a week, 90% interval +0.50 to +1.20 over 10 scores. The goal needs +1.20."),
    (1.2, (0.5, 0.9, 1.3), "+0.90 a week, 90% interval +0.50 to +1.30 over 10 scores. The goal needs +1.20."),
    (1.2, (1.204, 2, 3), "+2.000 a week, 90% interval +1.204 to +3.000 over 10 scores. The goal needs +1.200."),
    (-1.2, (-1.196, -1, 0), "−1.000 a week, 90% interval −1.196 to 0 over 10 scores. The goal needs −1.200."),
    (
        1.2,
        (-0.004, -0.001, 0.002),
        "0 a week, 90% interval 0 to 0 over 10 scores. The goal needs +1.20.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("needed", "interval", "words"), TRENDS)
def test_the_interval_is_shown_on_its_side_of_what_the_goal_needs(needed, interval, words):
    low, slope, high = interval
    rule = PlanRule("trend", "change", {"slope": slope, "low": low, "high": high, "needed": needed, "n": 10})
    (line,) = arithmetic_of(verdict(rules=[rule]))
    assert (line.name, line.says) == ("Trend against the goal line", "change the instruction")
    assert line.sentence == f"Growth {words}"


@pytest.mark.parametrize(
    ("rule", "name", "sentence"),
    [
        (
            PlanRule("trend", "change", {"slope": 0.0, "needed": 1.2, "n": 7}),
            "Trend against the goal line",
            "All 7 scores are the same. The goal needs +1.20 a week.",
        ),
        (
            PlanRule("four-point", "change", {"below": 4, "above": 0}),
            "Last four scores",
            "Of the last four scores, 4 are on the wrong side of the goal line and 0 are past it.",
        ),
        (
            PlanRule("median", "change", {"median": 80.0, "line": 80.04}),
            "Median of the last three",
            "Median 80.00; the goal line is at 80.04.",
        ),
        (
            PlanRule("median", "continue", {"median": 80.0, "line": 80.00000000000001}),
            "Median of the last three",
            "Median 80.0; the goal line is at 80.0.",
        ),
        (
            PlanRule("median", "continue", {"median": 83.5, "line": 80.04}),
            "Median of the last three",
            "Median 83.5; the goal line is at 80.0.",
        ),
    ],
)
def test_each_rule_says_its_arithmetic(rule, name, sentence):
    (line,) = arithmetic_of(verdict(rules=[rule]))
    assert (line.name, line.says, line.sentence) == (name, str(ADVICE[rule.says]), sentence)


def scored(cast, *values, last=0):
    """One score per week, the last one ``last`` days ago, for a plan that began with the first."""
    today = cast.school.today()
    days = [today - dt.timedelta(days=last, weeks=back) for back in range(len(values))][::-1]
    return list(zip(days, map(float, values), strict=True))


def begun(plan, weeks, **fields):
    plan.starts_on = plan.student.school.today() - dt.timedelta(weeks=weeks)
    plan.goal_on = plan.starts_on + dt.timedelta(weeks=20)
    for name, value in {"baseline": 60.0, "goal": 100.0, "weekdays": [0, 1, 2, 3, 4, 5, 6], **fields}.items():
        setattr(plan, name, value)
    plan.save()
    return plan


def hold(plan, days):
    Session.objects.bulk_create(
        Session(plan=plan, held_on=day, result="held", minutes=20, logged_by=plan.started_by) for day in days
    )


def judged(cast, points, weeks, *, deliver=True, **fields):
    today = cast.school.today()
    plan = begun(cast.plan, weeks, **fields)
    if deliver:
        hold(plan, planned_days(plan, today, set()))
    return progress_of(plan, points, today, set())


@pytest.mark.parametrize(
    ("values", "weeks", "label", "sentence"),
    [
        (
            [],
            2,
            "Not enough data",
            "No score yet since this began. A judgment needs six scores over six weeks.",
        ),
        (
            [],
            8,
            "Scores are late",
            "No score yet since this began. A judgment needs six scores over six weeks.",
        ),
        ([60], 8, "Not enough data", "1 score over 8 weeks. A judgment needs six scores over six weeks."),
        (
            [60, 62],
            1,
            "Not enough data",
            "2 scores over 1 week. A judgment needs six scores over six weeks.",
        ),
        (
            [60] * 5,
            6,
            "Not enough data",
            "5 scores over 6 weeks. A judgment needs six scores over six weeks.",
        ),
        ([60, 61] * 3, 6, "Off track", "6 scores over 6 weeks: provisional, under ten scores."),
        ([60, 61] * 5, 10, "Off track", "10 scores over 10 weeks."),
        # 2 per week is on the line to 100 in 20 weeks; 3.5 is far ahead of it, and 9 is past the goal already
        ([62 + 2 * n + 2 * (n % 3) for n in range(10)], 10, "On track", "10 scores over 10 weeks."),
        ([62 + 3.5 * n + n % 2 for n in range(10)], 10, "Ahead of the line", "10 scores over 10 weeks."),
        (
            [62 + 9 * n + n % 2 for n in range(10)],
            10,
            "Goal met",
            "The last three scores have reached the goal. 10 scores over 10 weeks.",
        ),
        (
            [0, 0, 0, 0],
            4,
            "At the end of the scale",
            (
                "The last four scores are the worst that the scale allows: they cannot show growth. "
                "4 scores over 4 weeks. A judgment needs six scores over six weeks."
            ),
        ),
    ],
)
def test_a_plan_is_judged_from_six_scores_over_six_weeks(cast, values, weeks, label, sentence):
    progress = judged(cast, scored(cast, *values), weeks)
    assert (progress.label, progress.sentence) == (label, sentence)
    assert (progress.tone, progress.advice) == (
        LABELS[progress.verdict.says][1],
        str(ADVICE[progress.verdict.says]),
    )


def test_five_weeks_and_six_days_are_not_six_weeks(cast):
    """Six scores of which the last is of yesterday: 41 days since the plan began."""
    progress = judged(cast, scored(cast, *[60, 61] * 3, last=1), 6)
    assert (progress.label, progress.verdict.weeks) == ("Not enough data", 41 / 7)
    assert progress.sentence == "6 scores over 5 weeks. A judgment needs six scores over six weeks."


def test_where_lower_is_better_a_rise_is_off_track_and_a_fall_ahead(cast):
    cast.plan.measure.higher_is_better = False
    down = {"baseline": 100.0, "goal": 60.0}
    rising = judged(cast, scored(cast, *[100, 101] * 5), 10, **down)
    Session.objects.all().delete()
    falling = judged(cast, scored(cast, *[98 - 3.5 * n + n % 2 for n in range(10)]), 10, **down)
    assert (rising.label, falling.label) == ("Off track", "Ahead of the line")


def test_delivery_and_scores_are_said_side_by_side(cast):
    """Neither hides the other: a plan off track is off track, delivered or not."""
    points = scored(cast, *[60, 61] * 5)
    silent = judged(cast, points, 10, deliver=False)
    assert (silent.label, silent.delivery) == ("Off track", "Sessions not logged")
    assert (silent.advice, silent.delivery_advice) == (
        "change the instruction",
        "log what was held, and why the rest was not",
    )
    assert silent.dosage == "0 of 70 planned sessions held, 70 not logged"
    Session.objects.bulk_create(
        Session(plan=cast.plan, held_on=day, result="absent", logged_by=cast.sol)
        for day in planned_days(cast.plan, cast.school.today(), set())
    )
    missed = judged(cast, points, 10, deliver=False)
    assert (missed.label, missed.delivery) == ("Off track", "Not delivered enough")
    assert (missed.advice, missed.delivery_advice) == ("change the instruction", "fix the delivery")
    assert (missed.is_shown_as("change"), missed.is_shown_as("low"), missed.is_shown_as("enough")) == (
        True,
        True,
        False,
    )


def changed(cast, plan, weeks_ago):
    day = cast.school.today() - dt.timedelta(weeks=weeks_ago)
    PhaseChange.objects.create(plan=plan, changed_on=day, what="Smaller group", changed_by=cast.sol)


def test_after_a_change_both_verdicts_are_said(cast):
    """Ten bad weeks, then a change two weeks ago: too early to judge it, and the whole is off track."""
    plan, today = begun(cast.plan, 12), cast.school.today()
    changed(cast, plan, 2)
    hold(plan, planned_days(plan, today, set()))
    assert phase_start(plan) == today - dt.timedelta(weeks=2)
    progress = progress_of(plan, scored(cast, *[60, 61] * 6), today, set())
    assert progress.label == "Not enough data"
    assert progress.sentence == (
        "Since the change: 3 scores over 2 weeks. A judgment needs six scores over six weeks. "
        "Since the plan began: off track, 12 scores over 12 weeks."
    )


def test_a_plan_without_a_score_for_over_two_weeks_of_school_says_so_first(cast):
    plan, today = begun(cast.plan, 10), cast.school.today()
    hold(plan, planned_days(plan, today, set()))
    points = scored(cast, *[62 + 2 * n + 2 * (n % 3) for n in range(8)], last=15)
    late = progress_of(plan, points, today, set())
    assert (late.label, late.advice) == ("Scores are late", "take a score before judging the plan")
    assert late.sentence == (
        "No new score for 15 days of school time. 8 scores over 7 weeks: provisional, under ten scores."
    )
    assert progress_of(plan, points, today, {today - dt.timedelta(days=3)}).label == "On track"
    plan.ended_on = today
    assert progress_of(plan, points, today, set()).label == "On track"


def test_attendance_at_its_end_is_off_track_and_no_fault_of_the_scale(cast):
    cast.plan.measure.derived_from = "attendance"
    assert judged(cast, scored(cast, *[0] * 10), 10).label == "Off track"


def test_rules_that_disagree_with_the_chance_are_named(cast):
    slowing = judged(cast, scored(cast, *[66 + 2 * n for n in range(7)], *[79, 79.5, 79.9]), 10)
    assert (slowing.label, dissent_in_words(slowing.verdict)) == (
        "Off track",
        "The goal is unlikely by level and growth together, but not every rule sees that yet: last four scores.",
    )


@pytest.mark.parametrize(
    ("results", "words"),
    [
        ([], "No sessions were planned up to today"),
        (["held"], "1 of 1 planned sessions held"),
        (["held", "absent"], "1 of 2 planned sessions held, 1 not held"),
        (["held", "absent", None], "1 of 3 planned sessions held, 1 not held, 1 not logged"),
        (["held", "absent", None, "held"], "2 of 4 planned sessions held, 1 not held, 1 not logged"),
        ([None, None], "0 of 2 planned sessions held, 2 not logged"),
    ],
)
def test_delivery_is_described_in_full(cast, results, words):
    today = cast.school.today()
    plan = begun(cast.plan, 0)
    plan.starts_on = today - dt.timedelta(days=len(results))
    for offset, result in enumerate(results):
        if result:
            day = plan.starts_on + dt.timedelta(days=offset)
            Session.objects.create(plan=plan, held_on=day, result=result, logged_by=cast.sol)
    assert progress_of(plan, [], today, set()).dosage == words


def test_today_counts_once_something_is_logged(cast):
    today, plan = cast.school.today(), begun(cast.plan, 1)
    assert dosage_of(plan, today, set()).planned == 7
    hold(plan, [today])
    assert dosage_of(plan, today, set()) == Dosage(8, 1, 0)


def test_a_session_on_another_day_is_extra_and_does_not_raise_what_was_planned(cast):
    """Planned on four days, held on three of them and on two others."""
    today, plan = cast.school.today(), begun(cast.plan, 1)
    days = planned_days(plan, today, set())
    plan.weekdays = [day.weekday() for day in days[:4]]
    hold(plan, [*days[:3], *days[4:6]])
    dosage = dosage_of(plan, today, set())
    assert (dosage, dosage.state) == (Dosage(4, 3, 0, extra=2), "enough")
    assert progress_of(plan, [], today, set()).dosage == "3 of 4 planned sessions held, 2 extra, 1 not logged"


def test_nothing_is_planned_while_a_plan_was_ended_before_it_was_reopened(cast):
    """Ended five weeks ago, reopened a week ago: four weeks are no missed sessions, and no late scores."""
    today, plan = cast.school.today(), begun(cast.plan, 10)
    PhaseChange.objects.create(
        plan=plan,
        changed_on=today - dt.timedelta(weeks=1),
        paused_from=today - dt.timedelta(weeks=5),
        what="Reopened",
        changed_by=cast.sol,
    )
    assert dosage_of(plan, today, set()).planned == 7 * (5 + 1)
    progress = progress_of(plan, scored(cast, 60, 61, 62, last=35), today, set())
    assert progress.verdict.unseen == 7


def test_a_plan_that_has_not_begun_says_when_it_does(cast):
    plan = begun(cast.plan, -2)
    progress = progress_of(plan, [], cast.school.today(), set())
    assert progress.sentence == f"It begins on {formats.day(plan.starts_on)}."


def test_nothing_is_planned_after_the_end_or_on_a_holiday(cast):
    today, plan = cast.school.today(), begun(cast.plan, 2)
    plan.ended_on = today - dt.timedelta(days=7)
    away = plan.starts_on + dt.timedelta(days=2)
    Holiday.objects.create(
        school=cast.school, name="Break", starts_on=away, ends_on=away + dt.timedelta(days=1)
    )
    Holiday.objects.create(school=cast.other_school, name="Theirs", starts_on=today, ends_on=today)
    closed = closed_days([cast.school.pk])
    assert closed == {away, away + dt.timedelta(days=1)}
    assert dosage_of(plan, today, closed).planned == 7 - 2


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0.19, "90 is unlikely"),
        (0.2, "90 is rather unlikely"),
        (0.4, "90 may be reached or not"),
        (0.6, "90 is rather likely"),
        (0.8, "90 is likely"),
    ],
)
def test_a_projection_shows_the_band_of_the_chance_and_no_decimals(chance, words):
    projection = Projection("ok", "", value=88.4, low=80.2, high=97.0, chance=chance)
    plan = SimpleNamespace(
        line_from=dt.date(2026, 9, 1), baseline=60.0, goal_on=dt.date(2026, 12, 15), goal=90.0
    )
    one = Verdict(
        "continue",
        "ok",
        8,
        8.0,
        False,
        Dosage(0, 0, 0),
        chance=chance,
        chance_day=plan.goal_on.toordinal(),
        projection=projection,
    )
    assert projection_in_words(one, plan) == (
        f"At this rate 88 (80% interval 80 to 97) on {formats.day(plan.goal_on)}: {words}."
    )


def test_the_word_for_the_chance_never_contradicts_the_verdict(cast):
    """The same figure decides both."""
    on = judged(cast, scored(cast, *[62 + 2 * n + 2 * (n % 3) for n in range(10)]), 10)
    off = judged(cast, scored(cast, *[60, 61] * 5), 10, deliver=False)
    assert "rather likely" in projection_in_words(on.verdict, cast.plan)
    assert "is unlikely" in projection_in_words(off.verdict, cast.plan)


def test_the_projection_reaches_as_far_ahead_as_the_scores_reach_back(cast):
    plan = begun(cast.plan, 8)
    progress = progress_of(plan, scored(cast, *[60, 61] * 4), cast.school.today(), set())
    ahead = dt.date.fromordinal(progress.verdict.chance_day)
    assert ahead == cast.school.today() + dt.timedelta(weeks=7)
    assert "as far as one can tell: 90 is unlikely." in projection_in_words(progress.verdict, plan)
    assert projection_in_words(judged(cast, scored(cast, 60, 61), 8).verdict, plan) == ""


def test_a_projection_looks_at_the_present_phase_only(cast):
    """Rising until a change eight weeks ago, falling since: it leads down, within the scale."""
    plan, today = begun(cast.plan, 16), cast.school.today()
    changed(cast, plan, 8)
    values = [60 + 5 * n for n in range(8)] + [20 - 2 * n + n % 2 for n in range(9)]
    verdict = progress_of(plan, scored(cast, *values), today, set()).verdict
    assert (verdict.projection.status, verdict.projection.low) == ("ok", 0.0)
    assert verdict.chance < 0.01
