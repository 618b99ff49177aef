"""Candidates raised by open flags: one per student and domain; people's decisions stay."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.utils import translation

from datareview.flags.models import Candidate, Flag, Rule
from datareview.flags.services.flags import refresh_candidates
from datareview.trends.models import TrendScope

WATCH, ACT, SEVERE = 1, 2, 3
DAY = dt.date(2025, 5, 30)


@pytest.fixture
def scope(cast):
    """Grade 4 without flags and candidates."""
    Candidate.objects.all().delete()
    Flag.objects.all().delete()
    rule = Rule.objects.get(school=cast.school)
    return SimpleNamespace(
        cast=cast, maya=cast.maya, rule=rule, scope=TrendScope.objects.create(school=cast.school, grade=4)
    )


def flagged(
    scope, severity=ACT, *, student=None, state="open", domain="attendance", key="", reason="Absent.", **more
):
    rule = scope.rule
    if key:
        rule = Rule.objects.create(school=scope.cast.school, key=key, name=key, kind="course")
    return Flag.objects.create(
        student=student or scope.maya,
        rule=rule,
        domain=domain,
        state=state,
        severity=severity,
        reason=reason,
        first_seen_on=DAY,
        last_seen_on=DAY,
        **more,
    )


def candidate(scope, state, severity=ACT, *, flags=(), **fields):
    one = Candidate.objects.create(
        student=scope.maya,
        domain="attendance",
        state=state,
        severity=severity,
        reason="As it was.",
        raised_on=DAY - dt.timedelta(days=9),
        **fields,
    )
    one.flags.set(flags)
    return one


def refresh(scope, on=DAY):
    return refresh_candidates(scope.scope, as_of=on)


def states():
    return list(Candidate.objects.order_by("pk").values_list("state", "severity", "reason"))


@pytest.mark.parametrize(
    ("state", "severity", "new"),
    [
        ("open", WATCH, 0),
        ("open", ACT, 1),
        ("open", SEVERE, 1),
        ("pending", SEVERE, 0),
        ("resolved", SEVERE, 0),
    ],
)
def test_open_flags_that_ask_to_act_bring_a_student_up(scope, state, severity, new):
    flag = flagged(scope, severity, state=state)
    assert refresh(scope) == new
    assert states() == [("new", severity, "Absent.")] * new
    if new:
        made = Candidate.objects.get()
        assert (made.student, made.domain, made.raised_on) == (scope.maya, "attendance", DAY)
        assert list(made.flags.all()) == [flag]
    assert refresh(scope) == 0


def test_flags_of_one_domain_are_one_candidate_and_the_most_severe_comes_first(scope):
    flagged(scope, ACT, domain="academic", key="a", reason="Below 60% in Math 55%.")
    flagged(scope, SEVERE, domain="academic", key="b", reason="Below 60% in Art 20%.")
    flagged(scope, ACT)
    flagged(scope, ACT, student=scope.cast.jonas)
    assert refresh(scope) == 3
    found = Candidate.objects.order_by("student__first_name", "domain")
    assert [(one.student.first_name, one.domain, one.severity, one.reason) for one in found] == [
        ("Jonas", "attendance", ACT, "Absent."),
        ("Maya", "academic", SEVERE, "Below 60% in Art 20%. Below 60% in Math 55%."),
        ("Maya", "attendance", ACT, "Absent."),
    ]


def test_a_reason_holds_whole_sentences_only(scope):
    """Three sentences of 190 are 571 letters with their spaces; two fit into 400. Half a sentence could mislead."""
    for key in "abc":
        flagged(scope, ACT, domain="academic", key=key, reason=f"{key * 184} 59.5%.")
    refresh(scope)
    assert Candidate.objects.get().reason == f"{'a' * 184} 59.5%. {'b' * 184} 59.5%."


@pytest.mark.parametrize(("second", "fits"), [(199, True), (200, False)])
def test_a_reason_of_four_hundred_letters_fits(scope, second, fits):
    """200 letters, a space and 199 are 400."""
    flagged(scope, ACT, domain="academic", key="a", reason="a" * 200)
    flagged(scope, ACT, domain="academic", key="b", reason="b" * second)
    refresh(scope)
    assert Candidate.objects.get().reason == "a" * 200 + (" " + "b" * second) * fits


def test_students_of_other_scopes_are_left_alone(scope):
    flagged(scope, student=scope.cast.leak)
    assert refresh(scope) == 0
    assert states() == []


@pytest.mark.parametrize("state", ["new", "on_agenda", "plan", "watch"])
def test_a_live_candidate_prevents_a_second_one(scope, state):
    until = DAY if state == "watch" else None
    candidate(scope, state, ACT, watch_until=until)
    flag = flagged(scope, ACT)
    assert refresh(scope) == 0
    assert states() == [(state, ACT, "Absent." if state == "new" else "As it was.")]
    assert set(Candidate.objects.get().flags.all()) == ({flag} if state == "new" else set())


@pytest.mark.parametrize(
    ("state", "after"),
    [("new", "new"), ("on_agenda", "on_agenda"), ("plan", "plan"), ("watch", "new")],
)
def test_a_worse_severity_is_announced_and_ends_a_watch(scope, state, after):
    candidate(scope, state, ACT, watch_until=DAY + dt.timedelta(days=9))
    flag = flagged(scope, SEVERE, reason="Absent, much.")
    assert refresh(scope) == 0
    assert states() == [(after, SEVERE, "Absent, much.")]
    assert list(Candidate.objects.get().flags.all()) == [flag]


@pytest.mark.parametrize(("until", "state"), [(DAY, "watch"), (DAY - dt.timedelta(days=1), "new")])
def test_a_watch_lasts_through_its_day(scope, until, state):
    candidate(scope, "watch", ACT, watch_until=until)
    flagged(scope, ACT)
    assert refresh(scope) == 0
    assert [row[0] for row in states()] == [state]


def test_a_watch_without_a_day_lasts(scope):
    candidate(scope, "watch", ACT)
    flagged(scope, ACT)
    assert (refresh(scope), states()[0][0]) == (0, "watch")


def test_a_new_candidate_follows_its_flags_down(scope):
    candidate(scope, "new", SEVERE)
    flagged(scope, ACT)
    refresh(scope)
    assert states() == [("new", ACT, "Absent.")]


@pytest.mark.parametrize(
    ("severity", "same_flag", "new"),
    [(ACT, True, 0), (WATCH, True, 1), (ACT, False, 1), (SEVERE, True, 0), (SEVERE, False, 1)],
    ids=["the same", "worse than decided on", "another flag", "milder than decided on", "milder but another"],
)
def test_no_action_settles_the_flags_it_was_decided_on(scope, severity, same_flag, new):
    """A candidate settled at ``severity``; the open flag asks to act."""
    flag = flagged(scope, ACT)
    candidate(scope, "no_action", severity, flags=[flag] if same_flag else [])
    assert refresh(scope) == new
    assert states() == [("no_action", severity, "As it was."), *[("new", ACT, "Absent.")] * new]


def test_the_latest_decision_is_the_one_that_counts(scope):
    """Cleared automatically in fall, decided "no action" in winter: what was decided is not asked again."""
    flag = flagged(scope, ACT)
    candidate(scope, "cleared", ACT, flags=[flag])
    candidate(scope, "no_action", ACT, flags=[flag])
    assert refresh(scope) == 0
    assert [row[0] for row in states()] == ["cleared", "no_action"]


def test_an_earlier_decision_does_not_settle_what_came_after_it(scope):
    """Decided "no action", then worse and cleared automatically; what comes now is new."""
    flag = flagged(scope, ACT)
    candidate(scope, "no_action", ACT, flags=[flag])
    candidate(scope, "cleared", SEVERE, flags=[flag])
    assert refresh(scope) == 1
    assert [row[0] for row in states()] == ["no_action", "cleared", "new"]


def test_a_live_candidate_counts_before_later_ones_that_are_settled(scope):
    live = candidate(scope, "watch", ACT, watch_until=DAY - dt.timedelta(days=1))
    candidate(scope, "no_action", ACT)
    flagged(scope, ACT)
    assert refresh(scope) == 0
    live.refresh_from_db()
    assert live.state == "new"


@pytest.mark.parametrize(
    ("state", "after"),
    [
        ("new", "cleared"),
        ("on_agenda", "on_agenda"),
        ("plan", "plan"),
        ("watch", "watch"),
        ("no_action", "no_action"),
        ("cleared", "cleared"),
    ],
)
@pytest.mark.parametrize("flag", [None, WATCH], ids=["no flag", "only to watch"])
def test_only_an_undecided_candidate_clears_with_its_flags(scope, state, after, flag):
    one = candidate(scope, state, ACT)
    if flag:
        flagged(scope, flag)
    assert refresh(scope) == 0
    one.refresh_from_db()
    assert one.state == after
    assert (one.decided_at is not None) is (state == "new")


def test_a_candidate_that_cleared_automatically_is_raised_again(scope):
    candidate(scope, "cleared", ACT)
    flagged(scope, ACT)
    assert refresh(scope) == 1
    assert [row[0] for row in states()] == ["cleared", "new"]


def test_reasons_are_kept_in_each_language(scope):
    flagged(scope, reasons={"en": "Absent.", "es": "Ausente."})
    refresh(scope)
    found = Candidate.objects.get()
    assert (found.reason, found.said) == ("Absent.", "Absent.")
    with translation.override("es"):
        assert (found.said, str(found)) == ("Ausente.", f"{found.student}: Ausente.")
