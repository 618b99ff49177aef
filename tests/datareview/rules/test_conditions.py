"""A school's own rules: conditions that are combined, tried, added, changed and judged."""

import pytest
from django.core.exceptions import PermissionDenied

from datareview.flags.conditions import DATA, are_valid
from datareview.flags.models import Candidate, Flag, Rule
from datareview.measures.services.measures import retire_measure
from datareview.records.models import Incident, Score
from datareview.rules.forms.conditions import ConditionsForm
from datareview.rules.queries import measures_for_rules, names_by_key, rule_in_words
from datareview.rules.services.drafts import own_rule
from datareview.rules.services.rules import add_rule, revise_rule
from datareview.rules.services.trials import try_new_rule, try_rule
from datareview.runs.models import TrendRun
from datareview.runs.services.runs import run_trends_now
from datareview.trends.models import TrendScope
from teams.lib.errors import DomainError
from tests.conftest import make_measure
from tests.factories.judgements import found, judge, known, marks, rule, sentence
from tests.factories.records import absent

GRADES = (-1, 12)


def condition(data, cut, operator="at_least", measure=""):
    return {"data": data, "measure": measure, "operator": operator, "cut": cut}


def settings(*groups, match="all", severity=2, domain="academic"):
    return {
        "domain": domain,
        "severity": severity,
        "match": match,
        "groups": [{"match": how, "conditions": list(conditions)} for how, *conditions in groups],
    }


ABSENT_OR_TROUBLE = settings(("any", condition("absence", 10), condition("incidents", 2)), severity=1)
LOW_AND_ABSENT = settings(
    ("all", condition("score", 50, "less_than", "orf")),
    ("any", condition("absence", 10), condition("level", 1, "at_most", "orf")),
)


@pytest.fixture
def three(cast):
    """Of 40 days Jonas missed four (10 %) and Ines two (5 %), Maya none; Ines has two incidents."""
    Flag.objects.all().delete()
    Candidate.objects.all().delete()
    Score.objects.all().delete()
    Incident.objects.all().delete()
    Rule.objects.update(is_on=False)
    absent(cast.jonas, 40, marks={0, 10, 20, 30})
    absent(cast.ines, 40, marks={0, 10})
    absent(cast.maya, 40, marks=set())
    day = cast.school.today()
    for _place in range(2):
        Incident.objects.create(student=cast.ines, day=day, kind="defiance")
    TrendScope.objects.get_or_create(school=cast.school, grade=cast.ines.grade)
    return cast


def test_conditions_are_judged_by_the_figures_and_the_sentence_names_those_that_hold():
    own = rule("conditions", **ABSENT_OR_TROUBLE)
    judged = judge(own, known([1, 2, 3], attendance=[*marks(1, 9, 90), *marks(2, 8, 90), *marks(3, 2, 90)]))
    assert {student: found(one) for student, one in judged.items()} == {
        1: (1, False),
        2: (0, False),
        3: (0, True),
    }
    assert sentence(own, judged[1]) == "Days absent 10% (at least 10%)."
    assert judged[1].domain == "academic"


def test_scores_and_levels_of_a_measure_are_conditions():
    from tests.factories.judgements import trend

    own = rule("conditions", **LOW_AND_ABSENT)
    measures = [(7, "orf", "Oral reading fluency", "", True, 4, 0, 250)]
    frames = known([1], attendance=marks(1, 18, 90), measures=measures)

    def of(**fields):
        return judge(own, frames, trend(**fields))[1]

    low = of(last_value=49.0, benchmark_level=1.0)
    assert found(low) == (2, False)
    assert sentence(own, low) == (
        "Oral reading fluency 49 (below 50); Days absent 20% (at least 10%); Oral reading fluency (level) 1 (at most 1)."
    )
    near = of(last_value=53.0, benchmark_level=2.0)
    assert found(near) == (0, False)
    assert near.keeps == 2
    assert found(of(last_value=54.0, benchmark_level=2.0)) == (0, True)
    old = of(last_value=40.0, benchmark_level=1.0, last_on=frames.until - 121)
    assert (found(old), old.evidence) == ((0, False), {})


def test_a_flag_that_stays_says_that_its_conditions_are_not_met_now():
    own = rule("conditions", **settings(("all", condition("absence", 10))))
    judged = judge(own, known([1], attendance=marks(1, 9, 100)))[1]
    from datareview.flags.queries.clears import clears_when
    from datareview.flags.queries.flags import reason_of

    assert judged.stays(2, 2) == 2
    assert reason_of(own, judged.evidence) == "Not met now: Days absent 9% (at least 10%)."
    assert clears_when(own, judged.evidence) == "Clears once its conditions are past the margin of each."


def test_a_long_list_of_conditions_fits_into_the_reason():
    from datareview.flags.queries.flags import reason_of

    many = [{**condition("score", 50, "less_than", "Reading " * 12), "value": 41} for _place in range(12)]
    words = reason_of(rule("conditions"), {"met": True, "conditions": many})
    assert len(words) < 300
    assert words.endswith("and 8 more.")


def test_the_preview_of_a_new_rule_names_whom_it_adds(three):
    cast = three
    trial = try_new_rule(own_rule(cast.school, conditions=ABSENT_OR_TROUBLE, grades=GRADES), actor=cast.cora)
    assert (trial.added, trial.removed, trial.watch, trial.act, trial.watch_now) == (
        [cast.ines, cast.jonas],
        [],
        2,
        0,
        0,
    )
    assert (Rule.objects.filter(kind="conditions").count(), Flag.objects.count()) == (0, 0)
    with pytest.raises(PermissionDenied):
        try_new_rule(own_rule(cast.school, conditions=ABSENT_OR_TROUBLE, grades=GRADES), actor=cast.pia)


def test_who_may_not_see_a_student_gets_a_number_for_a_new_rule(three, monkeypatch):
    cast = three
    monkeypatch.setattr(
        "datareview.rules.services.trials.students_visible_to",
        lambda user: type(cast.ines).objects.filter(pk=cast.ines.pk),
    )
    trial = try_new_rule(own_rule(cast.school, conditions=ABSENT_OR_TROUBLE, grades=GRADES), actor=cast.cora)
    assert (trial.added, trial.unnamed) == ([cast.ines], 1)


def test_a_rule_is_added_judged_and_changed(three):
    cast = three
    own = add_rule(
        cast.school, actor=cast.cora, name="Absent or in trouble", conditions=ABSENT_OR_TROUBLE, grades=GRADES
    )
    assert (own.version, own.is_on, TrendRun.objects.get().requested_by) == (1, True, cast.cora)
    run_trends_now(cast.school, as_of=cast.school.today())
    reasons = dict(own.flags.values_list("student__first_name", "reason"))
    assert reasons == {
        "Jonas": "Days absent 10% (at least 10%).",
        "Ines": "Incidents in 90 school days 2 (at least 2).",
    }
    both = settings(("all", condition("absence", 10), condition("incidents", 2)), severity=1)
    trial = try_rule(own, actor=cast.cora, cut_points=both)
    assert (trial.added, trial.removed) == ([], [cast.ines, cast.jonas])
    fresh = revise_rule(own, actor=cast.cora, cut_points=both, is_on=True)
    assert (fresh.version, fresh.parameters) == (2, both)
    assert revise_rule(fresh, actor=cast.cora, cut_points=both, is_on=True) == fresh


@pytest.mark.parametrize(
    "wrong",
    [
        settings(),
        settings(("all",)),
        settings(("all", condition("weather", 1))),
        settings(("all", condition("absence", 101))),
        settings(("all", condition("score", 50))),
        settings(("all", condition("absence", 5, "near"))),
        settings(("all", condition("absence", 5)), match="none"),
        settings(("one", condition("absence", 5))),
        settings(*[("all", condition("absence", 5))] * 4),
        settings(("all", *[condition("absence", 5)] * 5)),
        settings(("all", condition("absence", 5)), severity=4),
        settings(("all", condition("absence", 5)), domain="weather"),
    ],
)
def test_incomplete_conditions_are_refused(cast, wrong):
    with pytest.raises(DomainError, match="at least one condition"):
        add_rule(cast.school, actor=cast.cora, name="Wrong", conditions=wrong, grades=GRADES)
    assert not Rule.objects.filter(kind="conditions").exists()
    assert are_valid(ABSENT_OR_TROUBLE)


def test_only_the_schools_measures_in_use_are_named(cast):
    theirs = make_measure(cast.other_school)
    theirs.key = "theirs"
    theirs.save()
    foreign = settings(("all", condition("score", 50, "less_than", theirs.key)))
    with pytest.raises(DomainError, match="belongs to another school"):
        add_rule(cast.school, actor=cast.cora, name="Theirs", conditions=foreign, grades=GRADES)
    own = settings(("all", condition("score", 50, "less_than", cast.fluency.key)))
    added = add_rule(cast.school, actor=cast.cora, name="Low scores", conditions=own, grades=GRADES)
    with pytest.raises(DomainError, match="The rule “Low scores” judges “"):
        retire_measure(cast.fluency, actor=cast.cora, retired=True)
    off = revise_rule(added, actor=cast.cora, cut_points=own, is_on=False)
    retire_measure(cast.fluency, actor=cast.cora, retired=True)
    with pytest.raises(DomainError, match="is retired"):
        revise_rule(off, actor=cast.cora, cut_points=own, is_on=True)
    assert cast.fluency not in measures_for_rules(cast.school)
    assert cast.fluency in measures_for_rules(cast.school, off)


def test_a_name_is_used_once(cast):
    add_rule(cast.school, actor=cast.cora, name="Worried", conditions=ABSENT_OR_TROUBLE, grades=GRADES)
    with pytest.raises(DomainError, match="already has a rule with this name"):
        add_rule(cast.school, actor=cast.cora, name="worried", conditions=ABSENT_OR_TROUBLE, grades=GRADES)


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        (
            ABSENT_OR_TROUBLE,
            "Watch if any of these apply: Days absent at least 10%; Incidents in 90 school days at least 2.",
        ),
        (settings(("all", condition("failures", 2)), severity=3), "Urgent: Core courses failed at least 2."),
        (
            LOW_AND_ABSENT,
            (
                "Act if all of these apply: Oral reading fluency below 50; "
                "(any of these: Days absent at least 10%; Oral reading fluency (level) at most 1)."
            ),
        ),
    ],
)
def test_conditions_in_words(cast, conditions, words):
    own = Rule(kind="conditions", parameters=conditions)
    assert rule_in_words(own, names_by_key(cast.school)) == words


def sent(**more):
    return {
        "name": "Absent or in trouble",
        "severity": "1",
        "domain": "academic",
        "match": "all",
        "match-1": "any",
        "match-2": "all",
        "match-3": "all",
        "data-1-1": "absence",
        "operator-1-1": "at_least",
        "cut-1-1": "10",
        "data-1-3": "incidents",
        "cut-1-3": "2",
        "lowest_grade": "-1",
        "highest_grade": "12",
        **more,
    }


def test_the_form_reads_its_groups_and_shows_them_again(cast):
    form = ConditionsForm(sent(), measures=[cast.fluency])
    assert form.is_valid(), form.errors
    assert form.conditions == ABSENT_OR_TROUBLE
    own = own_rule(cast.school, conditions=LOW_AND_ABSENT, grades=(1, 3))
    again = ConditionsForm(measures=[cast.fluency], rule=own)
    data = {"match-3": "all", **again.initial}
    filled = ConditionsForm(data, measures=[cast.fluency], rule=own)
    assert filled.is_valid(), filled.errors
    assert filled.settings == {"cut_points": LOW_AND_ABSENT, "grades": (1, 3)}
    assert [group.is_used for group in again.groups()] == [True, True, False]


def test_a_form_without_conditions_or_numbers_says_so(cast):
    empty = ConditionsForm(sent(**{"data-1-1": "", "data-1-3": ""}), measures=[])
    assert empty.errors == {"data-1-1": ["Choose what the rule looks at."]}
    wrong = ConditionsForm(sent(**{"cut-1-1": "", "cut-1-3": "101"}), measures=[])
    assert wrong.errors == {name: ["A number from 0 to 100."] for name in ("cut-1-1", "cut-1-3")}
    assert set(DATA) >= {"absence", "score", "level", "growth"}


def test_the_pages_try_add_and_change(three, as_user):
    cast, cora = three, as_user(three.cora)
    tried = cora.post("/rules/new/", {**sent(), "try": "1"}, headers={"HX-Request": "true"}).content.decode()
    assert "Added (2)" in tried
    assert str(cast.jonas) in tried
    assert "The current rule" not in tried
    refused = cora.post("/rules/new/", sent(**{"cut-1-1": "500"}))
    assert refused.status_code == 422
    assert 'value="500"' in refused.content.decode()
    assert cora.post("/rules/new/", sent()).status_code == 302
    own = Rule.objects.get(kind="conditions")
    page = cora.get("/rules/").content.decode()
    assert (
        "Watch if any of these apply: Days absent at least 10%; Incidents in 90 school days at least 2."
        in page
    )
    address = f"/rules/{own.uuid}/edit/"
    assert (
        'value="10.0"' in cora.get(address).content.decode()
        or 'value="10"' in cora.get(address).content.decode()
    )
    assert cora.post(address, sent(**{"cut-1-1": "12", "is_on": "on"})).status_code == 302
    assert (
        Rule.objects.get(kind="conditions", version=2).parameters["groups"][0]["conditions"][0]["cut"] == 12
    )


def test_a_preset_is_tried_before_it_is_added(three, as_user):
    cast, cora = three, as_user(three.cora)
    data = {"lowest_grade": "-1", "highest_grade": "12", "try": "1"}
    page = cora.post("/rules/adopt/chronic-absence/", data).content.decode()
    assert "Trying “Chronic absence”" in page
    assert "Added (2)" in page
    assert not Rule.objects.filter(key="chronic-absence").exists()
    assert (
        cora.post("/rules/adopt/nothing/", data, follow=True)
        .content.decode()
        .count("That preset doesn’t exist.")
        == 1
    )
    del data["try"]
    cora.post("/rules/adopt/chronic-absence/", data)
    assert Rule.objects.filter(key="chronic-absence", is_on=True).exists()
    assert as_user(cast.pia).post("/rules/adopt/incidents/", {"try": "1"}).status_code == 403
