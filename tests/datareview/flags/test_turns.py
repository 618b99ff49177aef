"""When a flag becomes pending, opens, rises, falls and resolves, by a rule's judgements of today and a week ago.

Two judgements a week apart open or resolve a flag; a severe one opens it at once. Between the cut and the margin an
open flag keeps its severity, with today's figures (methods, 8.6: no one reads a flag that flaps weekly).
"""

import datetime as dt
from types import SimpleNamespace

import pytest

from datareview.flags.models import Candidate, Change, Flag, Rule
from datareview.flags.queries.flags import Judgement
from datareview.flags.services.flags import apply_judgements, drop_stale
from datareview.records.models import Student
from datareview.trends.models import TrendScope

NOTHING, WATCH, ACT, SEVERE = 0, 1, 2, 3
DAY = dt.date(2025, 5, 30)


FIGURES = "Absent 18 of 180 days (10%). The cut point is 10%."
CUT_OF = {"Watch": "5%", "Act": "10%", "Urgent": "20%"}


def kept(label):
    """The sentence of a flag that stays at a severity: it names the cut point of that one."""
    figures = FIGURES.replace("is 10%.", f"is {CUT_OF[label]}.")
    return f"{figures} Stays at “{label}” until two checks a week apart are past the margin."


def says(severity, *, is_clear=None, keeps=0, absent=18.0):
    """A judgement; if the rule does not apply it is past the margin, unless ``is_clear`` is given."""
    figures = {"absent": absent, "enrolled": 180, "share": 100 * absent / 180, "cut": 10.0}
    clear = severity == NOTHING if is_clear is None else is_clear
    return Judgement("attendance", severity, clear, figures, keeps)


WITHIN = says(NOTHING, is_clear=False)  # neither applies nor clear


@pytest.fixture
def scope(cast):
    """Grade 4 with an attendance rule and no flag yet."""
    Candidate.objects.all().delete()
    Flag.objects.all().delete()
    rule = Rule.objects.select_related("school").get(school=cast.school)
    return SimpleNamespace(
        rule=rule, scope=TrendScope.objects.create(school=cast.school, grade=4), maya=cast.maya, cast=cast
    )


def turn(scope, now, before, *, on=DAY, student=None):
    """Changes announced by a run on the day ``on``."""
    pk = (student or scope.maya).pk
    earlier = {} if before is None else {pk: before}
    told = apply_judgements(scope.rule, {pk: now}, earlier, scope=scope.scope, as_of=on)
    return [(change.kind, change.before, change.after) for change in told]


def flagged(scope, state="open", severity=ACT, **fields):
    """A stored flag of Maya that began two weeks before the day."""
    usual = {
        "first_seen_on": DAY - dt.timedelta(days=14),
        "last_seen_on": DAY - dt.timedelta(days=1),
        "opened_on": DAY - dt.timedelta(days=7) if state != "pending" else None,
        "reason": "As it was.",
        "domain": "attendance",
    }
    return Flag.objects.create(
        student=scope.maya, rule=scope.rule, state=state, severity=severity, **{**usual, **fields}
    )


@pytest.mark.parametrize(
    ("now", "before", "state", "told"),
    [
        (WATCH, NOTHING, "pending", []),
        (ACT, NOTHING, "pending", []),
        (ACT, None, "pending", []),
        (WATCH, WATCH, "open", [("opened", 0, WATCH)]),
        (ACT, WATCH, "open", [("opened", 0, ACT)]),
        (SEVERE, NOTHING, "open", [("opened", 0, SEVERE)]),
        (SEVERE, None, "open", [("opened", 0, SEVERE)]),
    ],
)
def test_a_flag_opens_when_seen_twice_or_at_once_when_severe(scope, now, before, state, told):
    assert turn(scope, says(now), None if before is None else says(before)) == told
    flag = Flag.objects.get()
    assert (flag.state, flag.severity, flag.domain) == (state, now, "attendance")
    assert flag.reason == "Absent 18 of 180 days (10%). The cut point is 10%."
    assert flag.reasons["es"] == "Ausente 18 de 180 días (10\u00a0%); el límite es 10\u00a0%."
    assert (flag.first_seen_on, flag.last_seen_on, flag.resolved_on) == (DAY, DAY, None)
    is_open = state == "open"
    assert flag.opened_on == (DAY if is_open else None)
    assert flag.history == ([{"on": "2025-05-30", "what": "opened"}] if is_open else [])


@pytest.mark.parametrize("now", [says(NOTHING), WITHIN], ids=["clear", "within the margin"])
def test_where_the_rule_does_not_hold_there_is_no_flag(scope, now):
    assert turn(scope, now, says(ACT)) == []
    assert not Flag.objects.exists()


def test_a_pending_flag_opens_at_its_second_sighting(scope):
    flag = flagged(scope, "pending", WATCH)
    assert turn(scope, says(ACT), says(WATCH)) == [("opened", 0, ACT)]
    flag.refresh_from_db()
    assert (flag.state, flag.severity, flag.opened_on) == ("open", ACT, DAY)
    assert flag.first_seen_on == DAY - dt.timedelta(days=14)


@pytest.mark.parametrize("now", [says(NOTHING), WITHIN], ids=["clear", "within the margin"])
def test_a_pending_flag_that_does_not_last_is_deleted(scope, now):
    flagged(scope, "pending")
    assert turn(scope, now, says(NOTHING)) == []
    assert not Flag.objects.exists()


@pytest.mark.parametrize(
    "before", [says(NOTHING), WITHIN, None], ids=["cleared twice", "within before", "not judged before"]
)
def test_an_open_flag_resolves_past_the_margin_where_it_did_not_hold_a_week_ago(scope, before):
    flag, now = flagged(scope), says(NOTHING)
    assert turn(scope, now, before) == [("resolved", ACT, 0)]
    flag.refresh_from_db()
    assert (flag.state, flag.severity, flag.reason) == ("resolved", ACT, "As it was.")
    assert flag.resolved_on == DAY
    assert flag.history == [{"on": "2025-05-30", "what": "resolved", "evidence": now.evidence}]


@pytest.mark.parametrize(
    ("now", "before", "severity", "label"),
    [
        (says(NOTHING), says(WATCH), WATCH, "Watch"),
        (says(NOTHING), says(SEVERE), ACT, "Act"),
        (WITHIN, says(NOTHING), WATCH, "Watch"),
        (WITHIN, says(ACT), ACT, "Act"),
        (says(NOTHING, is_clear=False, keeps=ACT), says(NOTHING), ACT, "Act"),
    ],
    ids=["held before", "was never as severe", "within now", "act before", "within the margin of act"],
)
def test_an_open_flag_that_is_not_gone_has_the_figures_of_today(scope, now, before, severity, label):
    """It falls to the severity that the margin and a week ago still allow, and explains why that exceeds the figures."""
    flag = flagged(scope)
    assert turn(scope, now, before) == []
    flag.refresh_from_db()
    assert (flag.state, flag.severity, flag.reason) == ("open", severity, kept(label))
    assert (flag.evidence, flag.last_seen_on) == (now.evidence, DAY)
    assert (flag.resolved_on, flag.history) == (None, [])


def test_an_open_flag_of_a_student_with_too_little_data_stays_as_it_was(scope):
    flag = flagged(scope, evidence={"absent": 30})
    assert turn(scope, Judgement("attendance", NOTHING, is_clear=False), says(NOTHING)) == []
    stored = Flag.objects.get()
    assert (stored.state, stored.severity, stored.reason) == ("open", ACT, "As it was.")
    assert (stored.evidence, stored.last_seen_on) == ({"absent": 30}, flag.last_seen_on)


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        (WATCH, ACT, [("rose", WATCH, ACT)]),
        (WATCH, SEVERE, [("rose", WATCH, SEVERE)]),
        (ACT, ACT, []),
    ],
)
def test_an_open_flag_rises_at_once_and_says_so(scope, was, now, told):
    flag = flagged(scope, severity=was)
    assert turn(scope, says(now, absent=27.0), says(was)) == told
    flag.refresh_from_db()
    assert (flag.state, flag.severity, flag.last_seen_on) == ("open", now, DAY)
    assert flag.reason == "Absent 27 of 180 days (15%). The cut point is 10%."
    assert flag.opened_on == DAY - dt.timedelta(days=7)


@pytest.mark.parametrize(
    ("now", "before", "severity", "reason"),
    [
        (says(WATCH, keeps=ACT), says(WATCH), ACT, kept("Act")),
        (says(WATCH, keeps=WATCH), says(ACT), ACT, kept("Act")),
        (says(WATCH, keeps=WATCH), says(WATCH, keeps=ACT), WATCH, FIGURES),
        (says(WATCH), None, WATCH, FIGURES),
    ],
    ids=["within the margin", "held a week ago", "past the margin", "not judged before"],
)
def test_an_open_flag_falls_as_it_would_resolve(scope, now, before, severity, reason):
    """18 of 181 days are 9.9%: one day at school does not remove a student whom 10% put on the list."""
    flag = flagged(scope)
    assert turn(scope, now, before) == []
    flag.refresh_from_db()
    assert (flag.state, flag.severity) == ("open", severity)
    assert (flag.reason, flag.last_seen_on) == (reason, DAY)


def test_a_flag_that_stays_urgent_names_the_cut_point_of_urgent(scope):
    flag = flagged(scope, severity=SEVERE)
    assert turn(scope, says(ACT, keeps=SEVERE), says(ACT)) == []
    flag.refresh_from_db()
    assert (flag.severity, flag.reason) == (SEVERE, kept("Urgent"))


def test_an_urgent_flag_falls_no_further_than_the_margin_of_the_next_cut(scope):
    """9.5% is over the cut of “watch” and within the margin of “act”."""
    flag = flagged(scope, severity=SEVERE)
    assert turn(scope, says(WATCH, keeps=ACT), says(WATCH)) == []
    flag.refresh_from_db()
    assert (flag.severity, flag.reason) == (ACT, kept("Act"))


def resolved(scope, days_ago):
    return flagged(
        scope,
        "resolved",
        resolved_on=DAY - dt.timedelta(days=days_ago),
        history=[{"on": "2025-04-01", "what": "opened"}, {"on": "2025-04-20", "what": "resolved"}],
    )


def test_a_flag_that_holds_again_within_thirty_days_is_the_same_one(scope):
    flag = resolved(scope, 30)
    assert turn(scope, says(ACT), says(ACT)) == [("opened", 0, ACT)]
    flag.refresh_from_db()
    assert (flag.state, flag.opened_on, flag.resolved_on) == ("open", DAY, None)
    assert [one["what"] for one in flag.history] == ["opened", "resolved", "opened"]
    assert Flag.objects.count() == 1


def test_after_thirty_days_it_is_another_one(scope):
    old = resolved(scope, 31)
    assert turn(scope, says(ACT), says(ACT)) == [("opened", 0, ACT)]
    old.refresh_from_db()
    assert old.state == "resolved"
    assert Flag.objects.exclude(pk=old.pk).get().first_seen_on == DAY


def test_a_resolved_flag_seen_once_keeps_its_history(scope):
    """Otherwise it would become pending and be deleted, with its history, if the rule does not apply again."""
    flag = resolved(scope, 10)
    assert turn(scope, says(ACT), says(NOTHING)) == []
    assert turn(scope, says(NOTHING), says(NOTHING), on=DAY + dt.timedelta(days=1)) == []
    flag.refresh_from_db()
    assert (flag.state, flag.reason, len(flag.history)) == ("resolved", "As it was.", 2)
    assert flag.resolved_on == DAY - dt.timedelta(days=10)


def test_many_students_turn_at_once_and_no_other_scope_is_touched(scope):
    cast = scope.cast
    gone, kept = (
        flagged(scope),
        Flag.objects.create(
            student=cast.leak,
            rule=scope.rule,
            domain="attendance",
            state="open",
            severity=ACT,
            reason="Another school",
            first_seen_on=DAY,
            last_seen_on=DAY,
        ),
    )
    now = {cast.maya.pk: says(NOTHING), cast.jonas.pk: says(ACT), cast.ines.pk: says(WATCH)}
    before = {cast.maya.pk: says(NOTHING), cast.jonas.pk: says(ACT), cast.ines.pk: says(NOTHING)}
    told = apply_judgements(scope.rule, now, before, scope=scope.scope, as_of=DAY)
    assert sorted((one.student_id, one.kind, one.flag.student_id) for one in told) == sorted(
        [(cast.maya.pk, "resolved", cast.maya.pk), (cast.jonas.pk, "opened", cast.jonas.pk)]
    )
    states = dict(Flag.objects.values_list("student__first_name", "state"))
    assert states == {"Maya": "resolved", "Jonas": "open", "Ines": "pending", "Leak": "open"}
    assert (gone.pk, kept.pk) == tuple(
        Flag.objects.filter(pk__in=[gone.pk, kept.pk]).order_by("pk").values_list("pk", flat=True)
    )
    assert Change.objects.count() == 0  # stored by the run, with its time


def test_the_reason_is_in_the_language_of_the_school_and_of_each_reader(scope):
    scope.rule.school.language = "es"
    turn(scope, says(ACT), says(ACT))
    assert Flag.objects.get().said == "Absent 18 of 180 days (10%). The cut point is 10%."
    assert Flag.objects.get().reason == "Ausente 18 de 180 días (10\xa0%); el límite es 10\xa0%."


def test_running_twice_changes_nothing_more(scope):
    turn(scope, says(ACT), says(ACT))
    stored = list(Flag.objects.values())
    assert turn(scope, says(ACT), says(ACT)) == []
    assert list(Flag.objects.values()) == stored


@pytest.mark.parametrize(
    ("state", "after"), [("pending", None), ("open", "resolved"), ("resolved", "resolved")]
)
@pytest.mark.parametrize("why", ["left", "rule-off", "other-grade", "no-grade"])
def test_flags_that_no_rule_judges_any_more_resolve(scope, state, after, why):
    flag = flagged(scope, state)
    if why == "left":
        Student.objects.filter(pk=scope.maya.pk).update(status=Student.Status.LEFT)
    elif why == "rule-off":
        Rule.objects.filter(pk=scope.rule.pk).update(is_on=False)
    else:
        Rule.objects.filter(pk=scope.rule.pk).update(lowest_grade=6, highest_grade=8)
    if why == "no-grade":
        Student.objects.filter(pk=scope.maya.pk).update(grade=None)
        scope.scope.grade = None
    told = drop_stale(scope.scope, as_of=DAY)
    assert [(one.kind, one.before, one.after) for one in told] == (
        [("resolved", ACT, 0)] if state == "open" else []
    )
    left = Flag.objects.filter(pk=flag.pk).first()
    assert (left and left.state) == after
    if state == "open":
        assert (left.resolved_on, left.history) == (
            DAY,
            [{"on": "2025-05-30", "what": why.replace("no-grade", "other-grade")}],
        )


def test_flags_that_are_judged_are_not_stale(scope):
    flagged(scope)
    assert drop_stale(scope.scope, as_of=DAY) == []
    assert Flag.objects.get().state == "open"
