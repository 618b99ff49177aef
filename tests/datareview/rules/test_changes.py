"""What a change of a rule would do, by name, and undoing a change with its candidates."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import PermissionDenied

from datareview.flags.models import Candidate, Flag, Rule
from datareview.measures.services.measures import retire_measure
from datareview.records.models import Benchmark
from datareview.rules.queries import rules_page
from datareview.rules.services.rules import adopt_preset, revise_rule, undo_rule_change
from datareview.rules.services.trials import try_rule
from datareview.runs.models import TrendRun
from datareview.runs.services.runs import run_trends_now
from teams.audit.models import AuditEvent
from teams.lib.errors import DomainError
from tests.conftest import make_measure
from tests.factories.records import absent

USUAL = {"watch": 5, "act": 10, "severe": 20, "min_days": 20, "margin": 0}


@pytest.fixture
def rule(cast):
    """Absence from 10 %; of 40 days Jonas missed four (10 %) and Ines two (5 %), Maya none. Each is judged."""
    Flag.objects.all().delete()
    Candidate.objects.all().delete()
    rule = Rule.objects.get(school=cast.school)
    Rule.objects.filter(pk=rule.pk).update(parameters=USUAL)
    rule.refresh_from_db()
    absent(cast.jonas, 40, marks={0, 10, 20, 30})
    absent(cast.ines, 40, marks={0, 10})
    absent(cast.maya, 40, marks=set())
    run(cast)
    return rule


def run(cast):
    run_trends_now(cast.school, as_of=cast.school.today())


def candidates():
    return set(Candidate.objects.values_list("student__first_name", "state"))


def test_students_whom_a_change_adds_and_removes_are_named(cast, rule):
    assert candidates() == {("Jonas", "new")}
    more = try_rule(rule, actor=cast.cora, cut_points={**USUAL, "watch": 1, "act": 4})
    assert (more.added, more.removed, more.unnamed) == ([], [], 0)
    assert (more.raised, more.cleared, more.kept) == (1, 0, 0)
    fewer = try_rule(rule, actor=cast.cora, cut_points={**USUAL, "watch": 11, "act": 12})
    assert (fewer.added, fewer.removed) == ([], [cast.ines, cast.jonas])
    assert (fewer.raised, fewer.cleared, fewer.kept) == (0, 1, 0)
    back = Rule.objects.create(
        school=cast.school,
        key="strict",
        name="Strict",
        kind="attendance",
        parameters={**USUAL, "watch": 11, "act": 12},
    )
    assert try_rule(back, actor=cast.cora, cut_points=USUAL).added == [cast.ines, cast.jonas]


def test_a_decided_candidate_stays_and_is_counted(cast, rule):
    Candidate.objects.update(state="plan")
    trial = try_rule(rule, actor=cast.cora, cut_points={**USUAL, "watch": 11, "act": 12})
    assert (trial.raised, trial.cleared, trial.kept) == (0, 0, 1)


def test_a_change_of_nothing_changes_no_candidate(cast, rule):
    """Nobody is raised again who was decided to need no action, and nobody is cleared within the margin."""
    Candidate.objects.update(state="no_action")
    same = try_rule(rule, actor=cast.cora, cut_points=USUAL)
    run(cast)
    assert ((same.raised, same.cleared, same.kept), candidates()) == ((0, 0, 0), {("Jonas", "no_action")})
    Candidate.objects.update(state="new")
    near = try_rule(rule, actor=cast.cora, cut_points={**USUAL, "act": 11, "severe": 20, "margin": 2})
    revise_rule(rule, actor=cast.cora, cut_points={**USUAL, "act": 11, "margin": 2}, is_on=True)
    run(cast)
    assert ((near.raised, near.cleared, near.kept), candidates()) == ((0, 0, 0), {("Jonas", "new")})


def test_a_new_case_of_this_week_waits_for_the_next_check(cast, rule):
    """Ines missed two of 40 days, but a week ago only one of 33."""
    Flag.objects.all().delete()
    Candidate.objects.all().delete()
    days = list(cast.ines.attendance.order_by("-day"))
    for place, day in enumerate(days):
        type(day).objects.filter(pk=day.pk).update(mark="unexcused" if place in {0, 20} else "present")
    cut_points = {**USUAL, "watch": 4, "act": 5}
    trial = try_rule(rule, actor=cast.cora, cut_points=cut_points)
    revise_rule(rule, actor=cast.cora, cut_points=cut_points, is_on=True)
    run(cast)
    assert (trial.act, trial.raised, candidates()) == (2, 1, {("Jonas", "new")})


def test_who_may_not_see_a_student_gets_a_number(cast, rule, monkeypatch):
    monkeypatch.setattr(
        "datareview.rules.services.trials.students_visible_to",
        lambda user: type(cast.ines).objects.filter(pk=cast.ines.pk),
    )
    trial = try_rule(rule, actor=cast.cora, cut_points={**USUAL, "watch": 11, "act": 12})
    assert (trial.removed, trial.unnamed) == ([cast.ines], 1)


def test_a_change_of_grades_adds_and_removes_students(cast, rule):
    trial = try_rule(rule, actor=cast.cora, cut_points=USUAL, grades=(5, 5))
    assert (trial.removed, trial.act, trial.act_now) == ([cast.ines, cast.jonas], 0, 1)
    fresh = revise_rule(rule, actor=cast.cora, cut_points=USUAL, is_on=True, grades=(5, 5))
    assert (fresh.version, fresh.lowest_grade, fresh.highest_grade) == (2, 5, 5)
    with pytest.raises(DomainError, match="last grade must not be before the first"):
        revise_rule(fresh, actor=cast.cora, cut_points=USUAL, is_on=True, grades=(6, 5))


def test_candidates_that_a_change_raised_go_when_it_is_undone(cast, rule):
    stricter = revise_rule(rule, actor=cast.cora, cut_points={**USUAL, "watch": 1, "act": 4}, is_on=True)
    run(cast)
    assert candidates() == {("Jonas", "new"), ("Ines", "new")}
    restored = undo_rule_change(stricter, actor=cast.ada)
    assert (restored.version, restored.cut_points, restored.is_on) == (3, USUAL, True)
    run(cast)
    assert AuditEvent.objects.get(verb="rule-change-undone").actor == cast.ada
    assert candidates() == {("Jonas", "new"), ("Ines", "cleared")}


def test_candidates_that_a_change_cleared_come_back_with_their_flags(cast, rule):
    milder = revise_rule(rule, actor=cast.cora, cut_points={**USUAL, "watch": 15, "act": 16}, is_on=True)
    run(cast)
    assert candidates() == {("Jonas", "cleared")}
    restored = undo_rule_change(milder, actor=cast.cora)
    assert candidates() == {("Jonas", "new")}
    run(cast)
    assert candidates() == {("Jonas", "new")}
    assert set(Flag.objects.filter(state="open").values_list("rule", flat=True)) == {restored.pk}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"is_on": False}, "rule-off"),
        ({"is_on": True, "grades": (5, 5)}, "other-grade"),
    ],
)
def test_flags_that_no_rule_judged_come_back_when_the_change_is_undone(cast, rule, change, why):
    """Jonas’s flag is open; Ines’s is pending, which a run drops and raises again."""
    flags = Flag.objects.filter(student__in=[cast.jonas, cast.ines]).order_by("-state")
    before = list(flags.values_list("student", "state"))
    changed = revise_rule(rule, actor=cast.cora, cut_points={**USUAL, "severe": 30}, **change)
    run(cast)
    assert {(flag.state, flag.history[-1]["what"]) for flag in flags} == {("resolved", why)}
    assert candidates() == {("Jonas", "cleared")}
    restored = undo_rule_change(changed, actor=cast.cora)
    assert (restored.is_on, restored.is_for_every_grade) == (True, True)
    assert list(flags.values_list("rule", "student", "state", "resolved_on")) == [
        (restored.pk, cast.jonas.pk, "open", None)
    ]
    assert candidates() == {("Jonas", "new")}
    run(cast)
    assert list(flags.values_list("student", "state")) == before
    assert set(flags.values_list("rule", flat=True)) == {restored.pk}
    assert candidates() == {("Jonas", "new")}


def test_undoing_a_change_that_switched_a_rule_on_switches_it_off(cast, rule):
    off = revise_rule(rule, actor=cast.cora, cut_points=USUAL, is_on=False)
    run(cast)
    on = revise_rule(off, actor=cast.cora, cut_points={**USUAL, "act": 11}, is_on=True)
    run(cast)
    assert undo_rule_change(on, actor=cast.cora).is_on is False
    assert not Flag.objects.exclude(state="resolved").exists()
    assert candidates() == {("Jonas", "cleared")}


def test_undoing_a_change_keeps_a_later_switch(cast, rule):
    changed = revise_rule(rule, actor=cast.cora, cut_points={**USUAL, "act": 11}, is_on=True)
    off = revise_rule(changed, actor=cast.cora, cut_points=changed.cut_points, is_on=False)
    run(cast)
    restored = undo_rule_change(off, actor=cast.cora)
    assert (restored.is_on, restored.cut_points) == (False, USUAL)
    assert not Flag.objects.exclude(state="resolved").exists()


def test_undoing_twice_returns_to_the_change(cast, rule):
    off = revise_rule(rule, actor=cast.cora, cut_points={**USUAL, "act": 11}, is_on=False)
    on = undo_rule_change(off, actor=cast.cora)
    again = undo_rule_change(on, actor=cast.cora)
    assert (on.is_on, again.is_on, again.cut_points) == (True, False, {**USUAL, "act": 11})


def test_a_decided_candidate_survives_undoing_a_change(cast, rule):
    stricter = revise_rule(rule, actor=cast.cora, cut_points={**USUAL, "watch": 1, "act": 4}, is_on=True)
    run(cast)
    Candidate.objects.filter(student=cast.ines).update(state="plan")
    undo_rule_change(stricter, actor=cast.cora)
    assert ("Ines", "plan") in candidates()


def test_only_the_newest_version_of_two_or_more_is_undone(cast, rule):
    with pytest.raises(DomainError, match="first version"):
        undo_rule_change(rule, actor=cast.cora)
    fresh = revise_rule(rule, actor=cast.cora, cut_points={**USUAL, "act": 12}, is_on=True)
    with pytest.raises(DomainError, match="in the meantime"):
        undo_rule_change(rule, actor=cast.cora)
    with pytest.raises(PermissionDenied):
        undo_rule_change(fresh, actor=cast.pia)


def test_the_page_names_students_and_undoes_a_change(cast, rule, as_user):
    cora, address = as_user(cast.cora), f"/rules/{rule.uuid}/edit/"
    sent = {**USUAL, "watch": 11, "act": 12, "lowest_grade": "-1", "highest_grade": "12", "is_on": "on"}
    tried = cora.post(address, {**sent, "try": "1"}).content.decode()
    assert "Removed (2)" in tried
    assert str(cast.jonas) in tried
    assert "0 new, 1 undecided ones cleared, 0 decided ones" in tried
    assert "Undo the last change" not in tried
    cora.post(address, sent)
    fresh = Rule.objects.get(version=2)
    assert "Undo the last change" in cora.get(f"/rules/{fresh.uuid}/edit/").content.decode()
    assert cora.post(f"/rules/{fresh.uuid}/undo/").status_code == 302
    assert Rule.objects.get(is_on=True).cut_points == USUAL


def test_presets_stand_for_any_measure_and_say_which_have_no_benchmarks(cast, as_user):
    bare = make_measure(cast.other_school)
    bare.school, bare.name, bare.key = cast.school, "Spelling", "x" * 60
    bare.save()
    Benchmark.objects.filter(measure=bare).delete()
    page = as_user(cast.cora).get("/rules/").content.decode()
    assert "Spelling (no benchmarks yet)" in page
    assert "Oral reading fluency (no benchmarks yet)" not in page
    data = {"measure": bare.uuid, "lowest_grade": "2", "highest_grade": "4"}
    as_user(cast.cora).post("/rules/adopt/slow-growth/", data)
    rule = Rule.objects.get(kind="growth")
    assert (rule.measure, rule.key, rule.lowest_grade, rule.highest_grade) == (
        bare,
        f"slow-growth-{bare.pk}",
        2,
        4,
    )
    (offer,) = [
        one for one in rules_page(cast.cora, cast.school, {}).offers if one.preset.key == "slow-growth"
    ]
    assert offer.measures == [cast.fluency]


def test_a_rule_of_a_retired_measure_is_not_switched_on(cast):
    """By adopting it, by changing it, or by undoing the change that switched it off."""
    rule = adopt_preset(cast.school, "slow-growth", actor=cast.cora, measure=cast.fluency)
    other = {**rule.cut_points, "min_scores": 7}
    off = revise_rule(rule, actor=cast.cora, cut_points=other, is_on=False)
    retire_measure(cast.fluency, actor=cast.cora, retired=True)
    words = "“Oral reading fluency” is retired. Bring it back first."
    with pytest.raises(DomainError, match=words):
        revise_rule(off, actor=cast.cora, cut_points=other, is_on=True)
    with pytest.raises(DomainError, match=words):
        undo_rule_change(off, actor=cast.cora)
    with pytest.raises(DomainError, match=words):  # the object in hand was read before
        adopt_preset(cast.school, "below-benchmark", actor=cast.cora, measure=cast.fluency)
    assert revise_rule(off, actor=cast.cora, cut_points=rule.cut_points, is_on=False).version == 3
    assert not Rule.objects.filter(measure=cast.fluency, is_on=True).exists()
    retire_measure(cast.fluency, actor=cast.cora, retired=False)
    assert adopt_preset(cast.school, "below-benchmark", actor=cast.cora, measure=cast.fluency).is_on


def test_grades_in_the_wrong_order_are_refused(cast):
    with pytest.raises(DomainError, match="last grade must not be before the first"):
        adopt_preset(cast.school, "incidents", actor=cast.cora, grades=(3, 2))


def test_rules_are_filtered_sorted_and_switched_together(cast, as_user):
    adopt_preset(cast.school, "incidents", actor=cast.cora)
    adopt_preset(cast.school, "below-benchmark", actor=cast.cora, measure=cast.fluency)
    TrendRun.objects.all().delete()
    rules = {rule.kind: rule for rule in Rule.objects.filter(school=cast.school)}
    page = {"kind": "benchmark", "q": "FLUENCY", "sort": "flags"}
    assert [row.rule for row in rules_page(cast.cora, cast.school, page).rows] == [rules["benchmark"]]
    by_flags = rules_page(cast.cora, cast.school, {"sort": "flags"})
    assert (by_flags.rows[0].open_flags, by_flags.total) == (1, len(rules))
    cora = as_user(cast.cora)
    sent = {"do": "off", "row": [rules["behavior"].uuid, rules["benchmark"].uuid], "back": "sort=name"}
    response = cora.post("/rules/change/", sent)
    assert response.url == "/rules/?sort=name"
    assert "2 rules are off. Flags are being updated." in cora.get(response.url).content.decode()
    states = dict(Rule.objects.filter(school=cast.school).values_list("kind", "is_on"))
    assert states == {kind: kind not in ("behavior", "benchmark") for kind in rules}
    assert TrendRun.objects.count() == 1
    cast.fluency.retired_on = cast.school.today()
    cast.fluency.save()
    refused = cora.post("/rules/change/", {**sent, "do": "on"})
    assert (refused.status_code, Rule.objects.get(pk=rules["behavior"].pk).is_on) == (422, False)
    text = refused.content.decode()
    assert len(re.findall(r'name="row"[^>]*checked', " ".join(text.split()))) == 2
