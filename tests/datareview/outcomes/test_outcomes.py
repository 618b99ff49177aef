"""Answers to the questions: every figure is counted by hand from the rows that the test makes."""

import csv
import datetime as dt
import io

import pytest

from datareview.flags.models import Candidate, Flag, ReopenedDecision, Rule
from datareview.outcomes.forms import PeriodForm
from datareview.outcomes.permissions import ASKED_WITH
from datareview.outcomes.queries.answers import Asked
from datareview.outcomes.queries.asking import answer_of, overview_of
from datareview.outcomes.queries.effects import effects_of
from datareview.plans.models import Plan
from datareview.plans.queries.worked import plan_gains, what_worked
from datareview.progress.models import PhaseChange, Session
from datareview.progress.services.changes import change_plan, plan_version
from datareview.records.models import Domain, Score, Stay, Student
from datareview.requests.models import AssistanceRequest
from teams.documents.makers import Wanted, maker_named
from tests.conftest import START, TODAY, make_plan, make_strategy, make_student
from tests.factories.groups import make_group

WEEK = dt.timedelta(weeks=1)


def asked(cast, user=None, since=START, until=TODAY):
    return Asked(user or cast.cora, cast.school, since, until)


def tables(cast, key, user=None, **days):
    answer = answer_of(asked(cast, user, **days), key)
    return {table.name: [row.cells for row in table.rows] for table in answer.tables}


def days_of(plan, until=TODAY):
    """Its days of delivery before ``until``: Mondays, Wednesdays and Fridays."""
    days = [plan.starts_on + dt.timedelta(days=ahead) for ahead in range((until - plan.starts_on).days)]
    return [day for day in days if day.weekday() in (0, 2, 4)]


def log(plan, day, result="held", minutes=20):
    Session.objects.create(
        plan=plan,
        held_on=day,
        result=result,
        minutes=minutes if result == "held" else 0,
        logged_by=plan.provider.user,
    )


@pytest.fixture
def logged(cast):
    """Of the plan's days two are held, one of them for 15 of 20 minutes, two are not, and one was extra."""
    days = days_of(cast.plan)
    log(cast.plan, days[0])
    log(cast.plan, days[1], minutes=15)
    log(cast.plan, days[2], "absent")
    log(cast.plan, days[3], "provider_out")
    log(
        cast.plan,
        next(
            days[0] + dt.timedelta(days=n)
            for n in range(1, 6)
            if (days[0] + dt.timedelta(days=n)).weekday() in (1, 3)
        ),
    )
    return len(days)


def test_minutes_are_lost_by_cause_and_what_nobody_logged_is_apart(cast, logged):
    planned = 20 * logged
    found = tables(cast, "minutes")
    assert sorted(found["By cause"]) == sorted(
        [
            ("Student absent", "20", f"{20 / planned:.0%}"),
            ("Provider out", "20", f"{20 / planned:.0%}"),
            ("Shorter than planned", "5", f"{5 / planned:.0%}"),
            ("Not logged", str(20 * (logged - 4)), f"{20 * (logged - 4) / planned:.0%}"),
        ]
    )
    sums = [
        sum(int(row[column]) for row in found["By month, in minutes"] if row[0] != "Together")
        for column in (1, 2, -1)
    ]
    assert sums == [planned, 35, 20]
    assert answer_of(asked(cast), "minutes").finding == (
        f"35 of {planned} planned minutes were held ({35 / planned:.0%}), {20 * (logged - 4)} not logged. "
        "The largest loss: provider out (20 minutes)."
    )


def test_minutes_of_days_asked_about_are_counted_alone(cast, logged):
    days = days_of(cast.plan)
    found = tables(cast, "minutes", since=days[1], until=days[2])
    assert found["By cause"] == [("Student absent", "20", "50%"), ("Shorter than planned", "5", "13%")]


def test_a_specialist_sees_the_own_caseload_and_the_coordinator_all(cast, logged):
    make_plan(cast.jonas, cast.fluency, make_other(cast), cast.staff.tom, cast.team)
    make_group(cast)
    planned, share = str(20 * logged), f"{35 / (20 * logged):.0%}"
    sol = ("Sol Vega", "1", "1", "60", planned, "35", share, "1", "4")
    tom = ("Tom Berg", "1", "1", "60", planned, "0", "0%", "0", "0")
    assert tables(cast, "caseload")["By provider"] == [tom, sol]
    assert tables(cast, "caseload", cast.sol)["By provider"] == [sol]


def test_the_caseload_of_earlier_days_has_the_plans_of_today_beside_the_seats_of_today(cast, logged):
    """The plan that ran then has ended, and Tom's began after those days."""
    Plan.objects.filter(pk=cast.plan.pk).update(state="ended", outcome="met", ended_on=TODAY - WEEK)
    later = make_plan(cast.jonas, cast.fluency, make_other(cast), cast.staff.tom, cast.team)
    Plan.objects.filter(pk=later.pk).update(starts_on=TODAY - WEEK)
    days = days_of(cast.plan)
    earlier = asked(cast, since=days[0], until=days[1])
    answer = answer_of(earlier, "caseload")
    assert answer.finding == "1 student has a running plan, and groups have 0 free seats."
    assert [row.cells[:6] for row in answer.tables[0].rows] == [
        ("Tom Berg", "1", "1", "60", "0", "0"),
        ("Sol Vega", "0", "0", "0", "40", "35"),
    ]


def make_other(cast):
    strategy = make_strategy(cast.other_school)
    strategy.school, strategy.name = cast.school, "Phonics"
    strategy.save()
    return strategy


@pytest.fixture
def twelve(cast):
    """Twelve plans from 60 to 84 in twelve weeks, which grew by 1.5 a week; four others by 1 from 60 or 62, two from 100."""
    Score.objects.all().delete()
    Plan.objects.all().delete()
    starts = TODAY - 8 * WEEK
    for number in range(18):
        student = make_student(cast.school, f"t{number}", "Kim", str(number), 4)
        rate, first = (1.5, 60) if number < 12 else (1, 60 + number % 2 * 2 + (number > 15) * 40)
        Score.objects.bulk_create(
            Score(
                student=student,
                measure=cast.fluency,
                taken_on=starts + week * WEEK,
                value=first + rate * week,
            )
            for week in range(9)
        )
        if number < 12:
            plan = make_plan(student, cast.fluency, cast.strategy, cast.staff.sol, cast.team)
            Plan.objects.filter(pk=plan.pk).update(
                baseline=60, goal=84, starts_on=starts, baseline_on=starts, goal_on=starts + 12 * WEEK
            )
    return cast


def test_a_strategy_is_judged_by_its_aim_and_by_similar_students(twelve):
    """The last three scores are those of weeks 6 to 8: 10.5 gained of 14 aimed at; others gained 1 of 2 a week."""
    worked = what_worked(twelve.school, Plan.objects.filter(student__school=twelve.school))[
        twelve.strategy.pk
    ]
    assert (worked.plans, worked.judged, worked.compared) == (12, 12, 12)
    assert worked.share == pytest.approx((0.75, 0.75, 0.75))
    assert worked.beyond == pytest.approx((0.25, 0.25, 0.25))
    row = tables(twelve, "strategies")["Academic"][0]
    assert row[3:5] == ("75% (75% to 75%), n = 12", "+25 points (+25 to +25), n = 12")


def test_of_nine_students_nothing_is_said(twelve):
    Plan.objects.filter(student__local_id__in=["t0", "t1", "t2"]).delete()
    (row,) = tables(twelve, "strategies")["Academic"]
    assert row[3:6] == ("too few to say (9)", "too few to say (9)", "–")
    assert answer_of(asked(twelve), "strategies").finding.startswith("Too few to say")


def test_students_with_a_plan_are_not_who_a_plan_is_compared_with(twelve):
    plans = list(Plan.objects.select_related("measure", "student"))
    points = {
        plan.pk: list(
            Score.objects.filter(student=plan.student).order_by("taken_on").values_list("taken_on", "value")
        )
        for plan in plans
    }
    assert {gain.similar for gain in plan_gains(twelve.school, plans, points)} == {4}
    make_plan(
        *(
            Score.objects.get(student__local_id="t15", taken_on=TODAY).student,
            twelve.fluency,
            make_other(twelve),
            twelve.staff.sol,
            twelve.team,
        )
    )
    assert {gain.similar for gain in plan_gains(twelve.school, plans, points)} == {3}


def test_tiers_count_the_highest_plan_and_history_knows_the_tier_before(cast):
    change_plan(cast.plan, actor=cast.sol, why="More", seen=plan_version(cast.plan), values={"tier": 3})
    ended = make_plan(cast.jonas, cast.fluency, cast.strategy, cast.staff.sol, cast.team)
    Plan.objects.filter(pk=ended.pk).update(state="ended", outcome="met", ended_on=TODAY - WEEK)
    found = tables(cast, "tiers")
    assert found["Today, by grade"] == [("Grade 4", "3", "2", "0", "1", "–", "–")]
    assert found["Into a tier: plans that began"] == [("Started without a candidate", "0", "2", "0", "2")]
    assert found["Out of a tier: plans that ended"] == [("Goal met", "0", "1", "0", "1")]
    weeks_ago = tables(cast, "tiers", until=TODAY - 2 * WEEK)["At the end of each month"][-1]
    assert weeks_ago[1:5] == ("3", "1", "2", "0")
    assert found["At the end of each month"][-1][1:5] == ("3", "2", "0", "1")


def test_students_of_earlier_months_are_who_was_enrolled_then(cast):
    """Who left on a month's last day was still here, who left on an unknown day never is, an earlier stay counts."""
    day = TODAY - WEEK
    last, unknown, back = (make_student(cast.school, name, name, "Old", 4) for name in ("l", "u", "b"))
    Student.objects.filter(pk=last.pk).update(status="left", left_on=day)
    Student.objects.filter(pk=unknown.pk).update(status="left", left_on=None)
    Student.objects.filter(pk=back.pk).update(entered_on=TODAY)
    Stay.objects.create(student=back, left_on=day)

    def students(on):
        return int(tables(cast, "tiers", since=on, until=on)["At the end of each month"][-1][1])

    assert [students(day), students(day + dt.timedelta(days=1))] == [5, 3]


def test_tiers_of_earlier_days_know_drafts_stays_last_days_and_pauses(cast):
    """Of three students one stayed twice, one left on the day asked about, and one had a plan that was paused then."""
    day = TODAY - 2 * WEEK
    Student.objects.filter(pk=cast.jonas.pk).update(entered_on=TODAY - WEEK)
    Stay.objects.create(student=cast.jonas, entered_on=None, left_on=day)
    PhaseChange.objects.create(
        plan=cast.plan, what="Again", changed_on=TODAY, paused_from=day, changed_by=cast.sol
    )
    other = Student.objects.filter(school=cast.school).exclude(pk__in=[cast.jonas.pk, cast.plan.student_id])
    other.update(status="left", left_on=day)
    draft = make_plan(cast.jonas, cast.fluency, cast.strategy, cast.staff.sol, cast.team)
    Plan.objects.filter(pk=draft.pk).update(state="draft")
    assert tables(cast, "tiers", until=day)["At the end of each month"][-1][1:5] == ("3", "3", "0", "0")
    began = tables(cast, "tiers")["Into a tier: plans that began"]
    assert began == [("Started without a candidate", "0", "1", "0", "1")]


def test_a_flag_that_only_watches_has_no_decision_to_wait_for_and_shows_a_need(cast):
    """Ines's plan began while a flag of its area was open that never came before people."""
    opened = cast.plan.starts_on - WEEK
    rule = Rule.objects.create(school=cast.school, key="w", name="Watched", kind="attendance")
    Flag.objects.create(
        student=cast.plan.student, rule=rule, domain=cast.plan.measure.domain, state="open", reason="x", severity=1,
        first_seen_on=opened, last_seen_on=TODAY, opened_on=opened,
    )  # fmt: skip
    found = tables(cast, "flags")
    assert "Watched" in {one[0] for one in found["By rule: what people decided"]}
    assert "Watched" not in {one[0] for one in found["By rule: time to the first decision"]}
    academic = [one for one in found["By area: needs that no flag showed"] if one[0] == "Academic"]
    assert academic == [("Academic", "1", "0", "too few to say (1)")]


def test_what_people_decided_says_whether_flags_were_right(cast):
    """Twelve flags: eight are acted on, three are no concern, one is watched; Ines has a plan without a flag."""
    Flag.objects.all().delete()
    Candidate.objects.all().delete()
    rule = Rule.objects.get(school=cast.school)
    states = ["plan"] * 8 + ["no_action"] * 3 + ["watch"]
    for number, state in enumerate(states):
        student = make_student(cast.school, f"f{number}", "Kim", str(number), 4)
        opened = TODAY - dt.timedelta(days=20)
        flag = Flag.objects.create(
            student=student, rule=rule, domain=Domain.ATTENDANCE, state="open", reason="Absent",
            first_seen_on=opened, last_seen_on=TODAY, opened_on=opened,
        )  # fmt: skip
        candidate = Candidate.objects.create(
            student=student, domain=Domain.ATTENDANCE, state=state, reason="Absent", raised_on=opened,
            decided_by=cast.cora, decided_at=cast.school.at(opened + dt.timedelta(days=number + 5), dt.time(9)),
        )  # fmt: skip
        candidate.flags.add(flag)
    found = tables(cast, "flags")
    assert found["By rule: what people decided"][0][:6] == ("Attendance", "12", "8", "3", "0", "1")
    assert found["By rule: what people decided"][0][6] == "73% (43% to 90%)"
    assert found["By rule: time to the first decision"] == [
        ("Attendance", "12", "83% (55% to 95%)", "10", "0")
    ]
    assert found["By area: needs that no flag showed"] == [
        ("Academic", "0", "1", "too few to say (1)"),
        ("Attendance", "8", "0", "too few to say (8)"),
    ]


def test_a_decision_that_was_taken_back_was_a_first_decision(cast):
    opened = cast.flag.opened_on
    ReopenedDecision.objects.create(
        candidate=cast.candidate, state="watch", decided_by=cast.cora,
        decided_at=cast.school.at(opened + dt.timedelta(days=2), dt.time(9)),
    )  # fmt: skip
    assert tables(cast, "flags")["By rule: time to the first decision"] == [
        ("Attendance", "1", "too few to say (1)", "2", "0")
    ]


def test_requests_are_in_time_late_or_waiting(cast):
    """Asked 30 days ago for an answer in 14: one after 10 days, one after 20, one never; one of yesterday waits."""
    Candidate.objects.all().delete()
    students = [cast.maya, cast.jonas, cast.ines, make_student(cast.school, "r", "Kim", "Lee", 4)]
    for student, ago, after in zip(students, (30, 30, 30, 1), (10, 20, None, None), strict=True):
        day = TODAY - dt.timedelta(days=ago)
        candidate = Candidate.objects.create(
            student=student, domain=Domain.BEHAVIOR, state="new" if after is None else "plan", reason="x", raised_on=day,
            decided_by=None if after is None else cast.cora,
            decided_at=None if after is None else cast.school.at(day + dt.timedelta(days=after), dt.time(9)),
        )  # fmt: skip
        AssistanceRequest.objects.create(
            student=student, candidate=candidate, domain=Domain.BEHAVIOR, worry="x", asked_by=cast.ana,
            asked_on=day, answer_by=day + dt.timedelta(days=14),
        )  # fmt: skip
    found = tables(cast, "requests")
    row = ("4", "1", "1", "1", "1", "too few to say (3)", "10")
    assert found["By who asked"] == [("I do", *row)]
    assert found["By area"] == [("Behavior", *row)]
    assert found["What the answer was"] == [("Plan started", "2")]


def test_needs_without_a_seat_become_a_staffing_case(cast):
    """Nine wait in reading, where one group has a free seat of five: eight are missing, two groups of an hour a week."""
    for number in range(9):
        student = make_student(cast.school, f"s{number}", "Kim", str(number), 4)
        Candidate.objects.create(
            student=student, domain=Domain.ACADEMIC, state="seat", reason="x", raised_on=TODAY - 4 * WEEK,
            decided_by=cast.cora, decided_at=cast.school.at(TODAY - dt.timedelta(days=number), dt.time(9)),
        )  # fmt: skip
    others = [make_student(cast.school, f"g{number}", "Lou", str(number), 4) for number in range(3)]
    plans = [make_plan(one, cast.fluency, cast.strategy, cast.staff.sol, cast.team) for one in others]
    make_group(cast, plans=[cast.plan, *plans])
    found = tables(cast, "seats")
    assert found["What is missing today"] == [("Academic", "9", "8", "4", "1", "8", "5", "2", "120")]
    assert found["Who waits, by grade"] == [("Grade 4", "9")]
    assert answer_of(asked(cast), "seats").finding.endswith(
        "120 minutes a week: 200% of what one provider does today."
    )


def test_teachers_count_the_students_they_see(cast):
    gil = answer_of(asked(cast, cast.gil), "minutes")
    ana = answer_of(asked(cast, cast.ana), "minutes")
    assert (gil.tables, gil.counted.split(" · ")[:2]) == ([], ["0 plans", "only students you see"])
    assert ana.counted.split(" · ")[:2] == ["1 plan", "only students you see"]


def test_the_first_screen_has_every_question_that_one_may_ask(cast):
    def asks(user):
        return [url.split("/")[3] for _question, _finding, url in overview_of(asked(cast, user), {}).lines]

    assert sorted(asks(cast.pia)) == sorted(ASKED_WITH)
    assert asks(cast.sol) == ["strategies", "tiers", "minutes", "caseload"]
    assert asks(cast.ana) == ["tiers", "minutes"]


def test_the_file_and_the_paper_have_what_the_page_has(cast, as_user, logged):
    answer = answer_of(asked(cast, cast.pia), "minutes")
    query = {"period": "own", "since": START.isoformat(), "until": TODAY.isoformat()}
    text = as_user(cast.pia).get("/reports/outcomes/minutes/csv/", query).content.decode("utf-8-sig")
    rows = [tuple(row) for row in csv.reader(io.StringIO(text))]
    made = maker_named("datareview.outcome")(
        Wanted(cast.pia, cast.school, {"key": "minutes", **query}),
        type("P", (), {"step": lambda *_a: None})(),
    )
    page = as_user(cast.pia).get("/reports/outcomes/minutes/", query).text
    assert rows[0][:2] == (answer.question, answer.counted)
    for table in answer.tables:
        for row in table.rows:
            assert row.cells in rows
    for shown in (made, page):
        assert [
            cell for table in answer.tables for row in table.rows for cell in row.cells if cell not in shown
        ] == []


def test_scores_before_and_during_a_plan_are_compared_pair_by_pair(cast, as_user):
    """Before: 55, 40, 52 and 62; during: 64, 60, 66, 65, 67, 68. Of 24 pairs 23 rose; 5 of 6 beat the best before."""
    Score.objects.filter(student=cast.maya, value=63).update(value=60)
    for days, value in ((70, 55), (63, 40), (56, 52)):
        Score.objects.create(
            student=cast.maya, measure=cast.fluency, value=value, taken_on=TODAY - dt.timedelta(days=days)
        )
    found = effects_of(cast.plan)
    rows = {row.cells[0]: row.cells[1] for table in found.tables for row in table.rows}
    assert found.finding == "Scores: 4 before the plan and 6 during it. NAP speaks for a strong difference."
    assert (rows["NAP"], rows["PND"], rows["PEM"]) == ("0.96", "83%", "100%")
    assert "0.96" in as_user(cast.ana).get(f"/plans/{cast.plan.uuid}/effects/").text


def test_too_few_scores_are_not_compared(cast):
    found = effects_of(cast.plan)
    assert (found.tables, found.finding.split(". ")[0]) == ([], "Scores: 1 before the plan and 6 during it")


def test_days_the_wrong_way_round_are_put_right_and_months_before_the_first_student_are_no_rows(cast):
    wanted = {"period": "own", "since": TODAY.isoformat(), "until": START.isoformat()}
    form = PeriodForm(wanted, cast.school)
    assert (form.first, form.last) == (START, TODAY)
    first = min(cast.school.students.values_list("entered_on", flat=True))
    months = tables(cast, "tiers", since=first - 40 * WEEK)["At the end of each month"]
    assert "0" not in {row[1] for row in months}
