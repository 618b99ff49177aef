"""A plan's progress in words that agree with the verdict: delivery, scores, rules and projection."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from datareview.analysis.decisions import Dosage, PlanRule, Verdict
from datareview.analysis.goals import Projection
from datareview.progress.models import PhaseChange, Session
from datareview.progress.queries.progress import (
    ADVICE,
    LABELS,
    Progress,
    arithmetic_of,
    closed_days,
    dosage_of,
    phase_start,
    planned_days,
    progress_of,
    projection_in_words,
    projection_of,
)
from teams.directory.models import Holiday


def verdict(says="continue", *, n=10, weeks=9.0, dosage=(10, 10, 0), rules=(), is_provisional=False):
    return Verdict(says, "ok", n, weeks, is_provisional, Dosage(*dosage), tuple(rules))


@pytest.mark.parametrize(
    ("planned", "held", "percent", "is_enough"),
    [
        (0, 0, None, True),
        (10, 8, 80, True),
        # 79 of 99 are 79.8%: not enough, so not shown as 80%, which would be
        (99, 79, 79, False),
        (49, 39, 79, False),
        (100, 80, 80, True),
        (3, 2, 66, False),
        (3, 3, 100, True),
        (3, 4, 100, True),
    ],
)
def test_what_was_delivered_is_never_rounded_up_to_enough(planned, held, percent, is_enough):
    """80% of the planned sessions is the benchmark of fidelity: a plan below it is not judged."""
    one = verdict(dosage=(planned, held, max(planned - held, 0)))
    shown = Progress(one, "", "", "", "", "").delivered_percent
    assert (shown, one.dosage.is_enough) == (percent, is_enough)


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
            8,
            "Not enough data",
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
        # 2 per week is on the line to 100 in 20 weeks; 9 is far ahead of it
        ([62 + 2 * n + n % 2 for n in range(10)], 10, "On track", "10 scores over 10 weeks."),
        ([62 + 9 * n + n % 2 for n in range(10)], 10, "Ahead of the line", "10 scores over 10 weeks."),
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
    falling = judged(cast, scored(cast, *[98 - 9 * n + n % 2 for n in range(10)]), 10, **down)
    assert (rising.label, falling.label) == ("Off track", "Ahead of the line")


def test_what_was_not_delivered_is_not_judged_by_its_scores(cast):
    progress = judged(cast, scored(cast, *[60, 61] * 5), 10, deliver=False)
    assert (progress.label, progress.advice) == (
        "Not delivered enough",
        "fix the delivery before judging the plan",
    )
    assert progress.dosage == "0 of 70 planned sessions held, 70 not logged"


def test_rules_never_look_before_a_phase_line(cast):
    """Ten bad weeks, then a change two weeks ago: too early to judge."""
    plan, today = begun(cast.plan, 12), cast.school.today()
    PhaseChange.objects.create(
        plan=plan, changed_on=today - dt.timedelta(weeks=2), what="Smaller group", changed_by=cast.sol
    )
    hold(plan, planned_days(plan, today, set()))
    assert phase_start(plan) == today - dt.timedelta(weeks=2)
    progress = progress_of(plan, scored(cast, *[60, 61] * 6), today, set())
    assert progress.sentence == "3 scores over 2 weeks. A judgment needs six scores over six weeks."


@pytest.mark.parametrize(
    ("results", "words"),
    [
        ([], "No sessions were planned up to today"),
        (["held"], "1 of 1 planned sessions held"),
        (["held", "absent"], "1 of 2 planned sessions held, 1 not held"),
        (["held", "absent", None], "1 of 3 planned sessions held, 1 not held, 1 not logged"),
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
def test_a_projection_shows_a_band_and_no_decimals(chance, words):
    projection = Projection("ok", "", value=88.4, low=80.2, high=97.0, chance=chance)
    assert projection_in_words(projection, SimpleNamespace(goal=90.0)) == (
        f"At this rate 88 (80% interval 80 to 97) on the goal date: {words}."
    )


def test_too_far_ahead_has_a_message_and_too_few_scores_have_none_here(cast):
    plan, today = begun(cast.plan, 8), cast.school.today()
    few = projection_of(plan, scored(cast, 60, 61), today)
    assert (few.reason, projection_in_words(few, plan)) == ("too few scores", "")
    far = projection_of(plan, scored(cast, *[60, 61] * 4), today)
    assert projection_in_words(far, plan) == "The goal date is too far away for a projection."


def test_a_projection_looks_at_the_present_phase_only(cast):
    """Rising until a change eight weeks ago, falling since: it leads down, within the scale."""
    plan, today = begun(cast.plan, 16), cast.school.today()
    PhaseChange.objects.create(
        plan=plan, changed_on=today - dt.timedelta(weeks=8), what="Other texts", changed_by=cast.sol
    )
    values = [60 + 5 * n for n in range(8)] + [20 - 2 * n + n % 2 for n in range(9)]
    projection = projection_of(plan, scored(cast, *values), today)
    assert (projection.status, projection.low) == ("ok", 0.0)
    assert projection.chance < 0.01
