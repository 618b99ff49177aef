"""Rules: presets, trying out, versions, switching off."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from datareview.flags.conditions import are_valid
from datareview.flags.cut_points import CUT_POINTS, are_ordered, cut_points_of
from datareview.flags.models import Flag, Rule
from datareview.rules.presets import presets
from datareview.rules.queries import rule_in_words, rules_page
from datareview.rules.services.rules import adopt_preset, revise_rule
from datareview.rules.services.trials import try_rule
from datareview.runs.models import TrendRun
from datareview.runs.services.runs import run_trends_now
from teams.lib.errors import DomainError
from tests.factories.records import absent

USUAL = {"watch": 5, "act": 10, "severe": 20, "min_days": 20, "margin": 2}
SENT = {**USUAL, "lowest_grade": "-1", "highest_grade": "12", "is_on": "on"}


@pytest.fixture
def rule(cast):
    return Rule.objects.get(school=cast.school)


@pytest.mark.parametrize("key", list(presets()))
def test_every_preset_has_ordered_limits_a_source_and_words(key):
    preset = presets()[key]
    cut_points = cut_points_of(preset.kind, preset.parameters)
    if preset.kind == "conditions":
        assert are_valid(cut_points)
        cut_points = {}
    assert {cut_point.name for cut_point in CUT_POINTS[preset.kind]} >= set(cut_points)
    assert all(
        cut_point.low <= cut_points[cut_point.name] <= cut_point.high for cut_point in CUT_POINTS[preset.kind]
    )
    assert are_ordered(preset.kind, cut_points)
    assert preset.source
    assert preset.name
    assert rule_in_words(Rule(kind=preset.kind, parameters=preset.parameters))


def test_a_preset_is_adopted_once_and_computed(cast):
    rule = adopt_preset(cast.school, "incidents", actor=cast.ada)
    assert (rule.version, rule.is_on, rule.kind) == (1, True, "behavior")
    assert TrendRun.objects.get().requested_by == cast.ada
    with pytest.raises(DomainError, match="already has this rule"):
        adopt_preset(cast.school, "incidents", actor=cast.cora)


def test_a_preset_of_a_measure_needs_one_of_the_school(cast):
    rule = adopt_preset(cast.school, "slow-growth", actor=cast.cora, measure=cast.fluency)
    assert (rule.key, rule.name) == (
        f"slow-growth-{cast.fluency.key}",
        "Growth below expected: Oral reading fluency",
    )
    with pytest.raises(DomainError, match="preset doesn’t exist"):
        adopt_preset(cast.school, "below-benchmark", actor=cast.cora)
    with pytest.raises(DomainError, match="preset doesn’t exist"):
        adopt_preset(cast.school, "incidents", actor=cast.cora, measure=cast.fluency)


@pytest.mark.parametrize("person", ["ana", "sol", "pia", "zed"])
def test_only_coordinator_and_administrator_change_rules(cast, rule, person):
    actor = getattr(cast, person)
    with pytest.raises(PermissionDenied):
        adopt_preset(cast.school, "incidents", actor=actor)
    with pytest.raises(PermissionDenied):
        revise_rule(rule, actor=actor, cut_points=USUAL, is_on=False)
    with pytest.raises(PermissionDenied):
        try_rule(rule, actor=actor, cut_points=USUAL)


def test_other_cut_points_make_a_new_version_that_keeps_the_open_flags(cast, rule):
    flag = Flag.objects.get(student=cast.maya)
    fresh = revise_rule(rule, actor=cast.cora, cut_points={**USUAL, "act": 8}, is_on=True)
    rule.refresh_from_db()
    flag.refresh_from_db()
    assert (fresh.version, fresh.is_on, rule.is_on, flag.rule) == (2, True, False, fresh)
    assert [row.rule for row in rules_page(cast.cora, cast.school, {}).rows] == [fresh]
    with pytest.raises(DomainError, match="Someone changed this rule in the meantime"):
        revise_rule(rule, actor=cast.ada, cut_points={**USUAL, "act": 9}, is_on=True)


def test_the_same_cut_points_make_no_new_version(cast, rule):
    cut_points = rule.cut_points
    assert revise_rule(rule, actor=cast.cora, cut_points=cut_points, is_on=True) == rule
    assert TrendRun.objects.count() == 0
    assert revise_rule(rule, actor=cast.cora, cut_points=cut_points, is_on=False).is_on is False
    assert (Rule.objects.count(), TrendRun.objects.count()) == (1, 1)


def test_the_flags_of_a_rule_that_is_off_resolve_at_the_next_run(cast, rule):
    revise_rule(rule, actor=cast.cora, cut_points=rule.cut_points, is_on=False)
    run_trends_now(cast.school, as_of=cast.school.today())
    flag = Flag.objects.get(student=cast.maya)
    assert (flag.state, flag.history[-1]["what"]) == ("resolved", "rule-off")


@pytest.mark.parametrize("wrong", [{"act": 5}, {"watch": 30}, {"severe": 10}])
def test_cut_points_must_grow_more_serious(cast, rule, wrong):
    with pytest.raises(DomainError, match="more serious"):
        revise_rule(rule, actor=cast.cora, cut_points={**USUAL, **wrong}, is_on=True)
    assert Rule.objects.count() == 1


def test_trying_a_rule_lists_its_students_and_writes_nothing(cast, rule):
    run_trends_now(cast.school, as_of=cast.school.today())
    absent(cast.jonas, 40, marks={0, 10, 20, 30})  # 10%
    absent(cast.ines, 40, marks={0, 1})  # 5%
    before = list(Flag.objects.values_list("pk", "state"))
    trial = try_rule(rule, actor=cast.cora, cut_points={**USUAL, "act": 11, "watch": 6})
    assert (trial.act_now, trial.watch_now, trial.act, trial.watch, trial.students) == (1, 1, 0, 1, 3)
    assert list(Flag.objects.values_list("pk", "state")) == before
    assert Rule.objects.count() == 1


def test_a_page_tries_keeps_and_refuses(cast, as_user, rule):
    cora = as_user(cast.cora)
    address = f"/rules/{rule.uuid}/edit/"
    run_trends_now(cast.school, as_of=cast.school.today() - dt.timedelta(days=1))
    tried = cora.post(address, {**SENT, "try": "1"}, headers={"HX-Request": "true"})
    assert "Today this flags" in tried.content.decode()
    refused = cora.post(address, {**SENT, "act": "3"})
    assert refused.status_code == 422
    assert 'value="3"' in refused.content.decode()
    assert cora.post(address, {**SENT, "act": "12"}).status_code == 302
    assert Rule.objects.get(version=2).parameters["act"] == 12


def test_a_measure_of_another_school_is_no_measure_of_a_rule(cast):
    from tests.conftest import make_measure

    theirs = make_measure(cast.other_school)
    with pytest.raises(DomainError, match="belongs to another school"):
        adopt_preset(cast.school, "slow-growth", actor=cast.cora, measure=theirs)
    assert not Rule.objects.filter(kind="growth").exists()


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (
            "chronic-absence",
            (
                "Watch from 5% of days absent, act from 10%, urgent from 20%; judged from 20 marked days; "
                "clears 2 points below."
            ),
        ),
        ("incidents", "Watch from 2 incidents in 90 school days, act from 5, urgent from one suspension."),
        (
            "core-courses",
            (
                "Watch below 70% in a core course or after a fall of 10 points, act below 60%, urgent in two "
                "courses; clears 2 points above."
            ),
        ),
        (
            "below-benchmark",
            (
                "Watch at “below”, act at “well below”; within one error of the cut never more than watch; clears "
                "one error above the benchmark."
            ),
        ),
        (
            "slow-growth",
            (
                "Watch where growth is below what is expected with a chance of 80% or more, act where it is as likely "
                "below 50% of it; at most 10% of the flags are expected to be wrong; judged from 6 scores over 6 weeks."
            ),
        ),
    ],
)
def test_a_rule_in_words_says_every_cut(key, words):
    preset = presets()[key]
    assert rule_in_words(Rule(kind=preset.kind, parameters=preset.parameters)) == words


def test_a_preset_judges_the_grades_of_its_source_only(cast, rule):
    """A K–8 school: Jonas in grade 4, Ines in grade 6 and Maya in grade 9 each missed every day."""
    Rule.objects.filter(pk=rule.pk).update(is_on=False)
    cast.school.highest_grade = 9
    cast.school.save()
    for student, grade in ((cast.jonas, 4), (cast.ines, 6), (cast.maya, 9)):
        student.grade = grade
        student.save()
        absent(student, 40, marks=set(range(40)))
    adopted = adopt_preset(cast.school, "balfanz-absence", actor=cast.cora)
    assert rule_in_words(adopted).endswith(" Only grades 6 to 8.")
    run_trends_now(cast.school, as_of=cast.school.today())
    assert [flag.student for flag in adopted.flags.all()] == [cast.ines]
    changed = {**adopted.cut_points, "severe": 40}
    trial = try_rule(adopted, actor=cast.cora, cut_points=changed)
    assert (trial.act, trial.act_now, trial.students) == (1, 1, 1)
    fresh = revise_rule(adopted, actor=cast.cora, cut_points=changed, is_on=True)
    assert (fresh.lowest_grade, fresh.highest_grade) == (6, 8)


@pytest.mark.parametrize(
    ("grade", "is_judged"), [(None, False), (5, False), (6, True), (8, True), (9, False)]
)
def test_a_rule_covers_its_grades_with_both_ends(grade, is_judged):
    assert Rule(lowest_grade=6, highest_grade=8).covers(grade) is is_judged
    assert Rule().covers(grade)


def test_a_preset_for_younger_children_is_not_offered_to_a_high_school(cast):
    cast.school.lowest_grade, cast.school.highest_grade = 9, 12
    offered = [offer.preset.key for offer in rules_page(cast.cora, cast.school, {}).offers]
    assert "core-courses" in offered
    assert "balfanz-absence" not in offered


def test_presets_in_use_or_for_older_children_are_not_offered(cast):
    """Lincoln goes up to grade 5, so presets from grade 6 on are left out. The cast's rule has its own key."""

    def offered():
        return [offer.preset.key for offer in rules_page(cast.cora, cast.school, {}).offers]

    assert offered() == [
        "chronic-absence",
        "early-absence",
        "incidents",
        "essential-standards",
        "below-benchmark",
        "slow-growth",
    ]
    adopt_preset(cast.school, "incidents", actor=cast.cora)
    adopt_preset(cast.school, "slow-growth", actor=cast.cora, measure=cast.fluency)
    assert offered() == ["chronic-absence", "early-absence", "essential-standards", "below-benchmark"]
    cast.school.highest_grade = 6
    assert set(offered()) == {
        "chronic-absence",
        "early-absence",
        "essential-standards",
        "below-benchmark",
        "balfanz-absence",
        "core-courses",
    }
