"""Making, changing and retiring measures; the presets with published benchmarks."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from collab.agendas.queries.exhibits import chart_choices
from datareview.dashboards.queries.board import data_board
from datareview.flags.models import Rule
from datareview.measures.presets import measure_presets
from datareview.measures.queries.measures import measures_of
from datareview.measures.services.benchmarks import adopt_measures, problems_of
from datareview.measures.services.measures import (
    NewMeasure,
    add_derived_measures,
    change_measure,
    make_measures,
    measure_fingerprint,
    retire_measure,
)
from datareview.plans.models import Plan
from datareview.records.models import Benchmark, Measure, Score
from datareview.rules.queries import rules_page
from datareview.rules.services.rules import adopt_preset, revise_rule
from datareview.runs.models import TrendRun
from datareview.runs.services.runs import run_trends_now
from datareview.students.queries.student_list import students_of
from datareview.students.queries.student_page import measure_views
from datareview.trends.models import Trend
from datareview.trends.queries.cohort_scores import cohort_measures
from teams.audit.models import AuditEvent
from teams.lib.errors import DomainError, StaleEdit

SPELLING = NewMeasure("Spelling", subject="reading", unit="words", scale_max=40, decimals=0)


def described(measure, **changes):
    names = [name for name in NewMeasure.__dataclass_fields__ if name != "key"]
    values = {name: getattr(measure, name) for name in names}
    return NewMeasure(**{**values, "level_names": tuple(measure.level_names), **changes})


def test_many_measures_are_made_with_one_call(cast, django_assert_max_num_queries):
    new = [NewMeasure(f"Check {n}", domain="wellbeing") for n in range(20)]
    with django_assert_max_num_queries(40):
        made = make_measures(cast.school, new, actor=cast.ada)
    assert [measure.key for measure in made][:2] == ["check-0", "check-1"]
    assert AuditEvent.objects.filter(verb="added-measure").count() == 20


def test_keys_stay_unique_for_names_that_look_alike(cast):
    made = make_measures(cast.school, [NewMeasure("Spelling!"), NewMeasure("Spelling?")], actor=cast.ada)
    assert [measure.key for measure in made] == ["spelling", "spelling-2"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "Give the measure a name"),
        ({"name": "oral reading FLUENCY"}, "already exists"),
        ({"scale_min": 40}, "must be above the lowest"),
        ({"sem": 0}, "standard error must be above 0"),
        ({"sem": 40}, "standard error must be above 0"),
        ({"decimals": 4}, "at most 3 decimals"),
        ({"lowest_grade": 6, "highest_grade": 5}, "must not be before the first"),
        ({"level_names": ("A", "", "C", "D")}, "at least the level below"),
        ({"level_names": ("A", "B", "C")}, "at least the level below"),
        ({"level_names": ("A", "B", "b", "")}, "name of its own"),
    ],
)
def test_a_measure_that_contradicts_itself_is_refused(cast, changes, words):
    values = {name: getattr(SPELLING, name) for name in NewMeasure.__dataclass_fields__}
    with pytest.raises(DomainError, match=words):
        make_measures(cast.school, [NewMeasure("Fine"), NewMeasure(**values | changes)], actor=cast.ada)
    assert list(Measure.objects.filter(school=cast.school)) == [cast.fluency]


def test_a_scale_without_some_scores_is_refused_with_their_number(cast):
    Score.objects.create(
        student=cast.maya, measure=cast.fluency, taken_on=cast.school.today(), value=249, source="x"
    )
    with pytest.raises(DomainError, match="1 score is outside 0 to 248"):
        change_measure(cast.fluency, described(cast.fluency, scale_max=248), actor=cast.ada)
    changed = change_measure(cast.fluency, described(cast.fluency, scale_max=249), actor=cast.ada)
    assert (changed.scale_max, TrendRun.objects.count()) == (249, 1)


def test_a_scale_without_some_benchmarks_is_refused(cast):
    Score.objects.all().delete()
    with pytest.raises(DomainError, match="A benchmark is outside 0 to 163"):
        change_measure(cast.fluency, described(cast.fluency, scale_max=163), actor=cast.ada)
    assert (
        change_measure(cast.fluency, described(cast.fluency, scale_max=164), actor=cast.ada).scale_max == 164
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"higher_is_better": False}, "direction can’t change"),
        ({"level_names": ("", "Not yet", "Secure", "Beyond")}, "number of levels can’t change"),
    ],
)
def test_direction_and_levels_do_not_change_under_benchmarks(cast, changes, words):
    with pytest.raises(DomainError, match=words):
        change_measure(cast.fluency, described(cast.fluency, **changes), actor=cast.ada)
    Benchmark.objects.all().delete()
    Plan.objects.update(state="ended", outcome="met", ended_on=cast.school.today())
    change_measure(cast.fluency, described(cast.fluency, **changes), actor=cast.ada)
    assert Measure.objects.filter(
        pk=cast.fluency.pk,
        **{name: list(value) if isinstance(value, tuple) else value for name, value in changes.items()},
    ).exists()


def test_the_direction_does_not_change_under_a_rule_or_a_plan(cast):
    Benchmark.objects.all().delete()
    rule = adopt_preset(cast.school, "slow-growth", actor=cast.cora, measure=cast.fluency)
    turned = described(cast.fluency, higher_is_better=False)
    with pytest.raises(DomainError, match=r"“Growth below expected: Oral reading fluency” judges by this"):
        change_measure(cast.fluency, turned, actor=cast.ada)
    revise_rule(rule, actor=cast.cora, cut_points=rule.cut_points, is_on=False)
    for state in ("active", "draft"):
        Plan.objects.filter(pk=cast.plan.pk).update(state=state)
        with pytest.raises(DomainError, match="The goal of 1 plan depends on this direction"):
            change_measure(cast.fluency, turned, actor=cast.ada)
    assert Measure.objects.get(pk=cast.fluency.pk).higher_is_better
    assert change_measure(cast.fluency, described(cast.fluency, sem=9), actor=cast.ada).sem == 9
    Plan.objects.update(state="ended", outcome="met", ended_on=cast.school.today())
    turned = described(cast.fluency, higher_is_better=False)
    assert change_measure(cast.fluency, turned, actor=cast.ada).higher_is_better is False


def test_a_new_name_starts_no_run_and_the_same_description_writes_nothing(cast):
    change_measure(cast.fluency, described(cast.fluency, name="Reading aloud"), actor=cast.cora)
    cast.fluency.refresh_from_db()
    change_measure(cast.fluency, described(cast.fluency), actor=cast.cora)
    assert (TrendRun.objects.count(), AuditEvent.objects.filter(verb="changed-measure").count()) == (0, 1)


def test_another_person_s_description_is_not_overwritten_unseen(cast):
    cast.fluency.refresh_from_db()
    seen = measure_fingerprint(cast.fluency)
    change_measure(cast.fluency, described(cast.fluency, name="Reading aloud"), actor=cast.ada, seen=seen)
    with pytest.raises(StaleEdit) as error:
        change_measure(cast.fluency, described(cast.fluency, sem=9), actor=cast.cora, seen=seen)
    assert error.value.current == "Reading aloud, Academic, 0–250 words correct per minute"


def test_a_measure_in_use_is_retired_once_no_rule_judges_it(cast, as_user):
    rule = adopt_preset(cast.school, "slow-growth", actor=cast.cora, measure=cast.fluency)
    address = f"/plans/start/?student={cast.ines.uuid}"
    assert f'value="{cast.fluency.uuid}"' in as_user(cast.cora).get(address).content.decode()
    with pytest.raises(DomainError, match=r"The rule “Growth below expected: Oral reading fluency” judges"):
        retire_measure(cast.fluency, actor=cast.ada, retired=True)
    Rule.objects.filter(pk=rule.pk).update(is_on=False)
    retired = retire_measure(cast.fluency, actor=cast.ada, retired=True)
    assert retired.retired_on == cast.school.today()
    assert [row.measure for row in measures_of(cast.ada, cast.school, {}).rows] == []
    assert [row.measure for row in measures_of(cast.ada, cast.school, {"show": "retired"}).rows] == [
        cast.fluency
    ]
    assert f'value="{cast.fluency.uuid}"' not in as_user(cast.cora).get(address).content.decode()
    cast.plan.refresh_from_db()
    assert cast.plan.measure == cast.fluency
    assert retire_measure(cast.fluency, actor=cast.ada, retired=False).retired_on is None


def test_every_school_has_the_derived_measures_once(cast):
    made = add_derived_measures(cast.school)
    assert [(one.key, one.domain, one.higher_is_better) for one in made] == [
        ("attendance", "attendance", True),
        ("incidents", "behavior", False),
    ]
    assert add_derived_measures(cast.school) == []
    with pytest.raises(DomainError, match="Every school has “"):
        retire_measure(made[0], actor=cast.ada, retired=True)
    renamed = change_measure(made[0], described(made[0], name="Present", scale_max=7), actor=cast.ada)
    assert (renamed.name, renamed.scale_max) == ("Present", 100)


@pytest.mark.parametrize("person", ["ana", "sol", "pia", "zed"])
def test_only_coordinator_and_administrator_edit_measures(cast, person):
    actor = getattr(cast, person)
    with pytest.raises(PermissionDenied):
        make_measures(cast.school, [SPELLING], actor=actor)
    with pytest.raises(PermissionDenied):
        change_measure(cast.fluency, described(cast.fluency), actor=actor)
    with pytest.raises(PermissionDenied):
        retire_measure(cast.fluency, actor=actor, retired=True)
    with pytest.raises(PermissionDenied):
        adopt_measures(cast.school, ["srss-e7"], actor=actor)


def test_a_retired_measure_is_offered_nowhere_and_stays_readable_on_the_student_page(cast):
    Rule.objects.filter(measure=cast.fluency).update(is_on=False)
    run_trends_now(cast.school, as_of=cast.school.today())

    def offered():
        groups = [*chart_choices(cast.ana, cast.team), *chart_choices(cast.ana, cast.team, cast.maya)]
        charts = {value for _group, found in groups for value, _label in found}
        return {
            "Data": [line.measure for line in data_board(cast.ana, cast.school, {}).lines],
            "charts": [value for value in charts if str(cast.fluency.uuid) in value],
            "students": [
                one for one in students_of(cast.ana, cast.school, {}).measures if one == cast.fluency
            ],
            "rules": [
                one for offer in rules_page(cast.ada, cast.school, {}).offers for one in offer.measures
            ],
            "decisions": list(cohort_measures(cast.team)),
        }

    assert [where for where, found in offered().items() if not found] == []
    retire_measure(cast.fluency, actor=cast.ada, retired=True)
    assert [where for where, found in offered().items() if found] == []
    assert cast.fluency in [one.measure for one in measure_views(cast.maya)]


@pytest.mark.parametrize("key", list(measure_presets()))
def test_every_preset_names_its_source_and_has_ordered_cut_points(cast, key):
    cast.school.lowest_grade, cast.school.highest_grade = -1, 12
    cast.school.save()
    Measure.objects.filter(school=cast.school).update(name="Another")
    (measure,) = adopt_measures(cast.school, [key], actor=cast.ada)
    rows = list(measure.benchmarks.all())
    names = dict.fromkeys(("fall", "winter", "spring"), "")
    assert problems_of(measure, rows, names) == {}
    assert {row.source for row in rows} == {measure.source} == {measure_presets()[key].source}
    assert len(measure.source) > 20


def test_reading_norms_are_those_printed_for_the_school_s_grades(cast):
    """Lincoln has grades K to 5; the source has no norms for the fall of grade 1."""
    Measure.objects.filter(school=cast.school).update(name="Another")
    (measure,) = adopt_measures(cast.school, ["orf-hasbrouck-tindal-2017"], actor=cast.ada)
    rows = {(row.grade, row.window): (row.below, row.at, row.above) for row in measure.benchmarks.all()}
    assert len(rows) == 14
    assert (1, "fall") not in rows
    assert rows[4, "winter"] == (95, 120, 143)
    assert measure.benchmarks.get(grade=4, window="winter").growth_per_week == (133 - 94) / 32
    with pytest.raises(DomainError, match="already has"):
        adopt_measures(cast.school, ["orf-hasbrouck-tindal-2017"], actor=cast.ada)


def test_a_preset_for_older_children_is_not_offered_and_not_adopted(cast):
    Measure.objects.filter(school=cast.school).update(name="Another")
    offered = [preset.key for preset in measures_of(cast.ada, cast.school, {}).offers]
    assert offered == ["orf-hasbrouck-tindal-2017", "srss-e7", "srss-i5"]
    with pytest.raises(DomainError, match="for other grades"):
        adopt_measures(cast.school, ["srss-i6"], actor=cast.ada)
    with pytest.raises(DomainError, match="no preset"):
        adopt_measures(cast.school, ["phq-9"], actor=cast.ada)


@pytest.mark.parametrize(("value", "level"), [(3, 3), (4, 2), (8, 2), (9, 1), (0, 3), (21, 1)])
def test_three_levels_of_risk_where_lower_is_better(cast, value, level):
    """The printed levels are 0 to 3, 4 to 8 and 9 to 21."""
    (measure,) = adopt_measures(cast.school, ["srss-e7"], actor=cast.ada)
    assert measure.words_of_levels == {1: "High risk", 2: "Moderate risk", 3: "Low risk"}
    Score.objects.create(student=cast.maya, measure=measure, taken_on=cast.school.today(), value=value)
    run_trends_now(cast.school, as_of=cast.school.today())
    assert Trend.objects.get(measure=measure).benchmark_level == level


def test_the_list_counts_students_and_names_gaps(cast):
    (row,) = measures_of(cast.ada, cast.school, {}).rows
    assert (row.students, row.benchmarks, row.newest) == (
        Score.objects.values("student").distinct().count(),
        3,
        Score.objects.latest("taken_on").taken_on,
    )
    assert row.gaps[0] == "Kindergarten, Fall"
    assert "Grade 4, Fall" not in row.gaps
    assert measures_of(cast.ada, cast.school, {"domain": "wellbeing"}).rows == []
    assert measures_of(cast.ada, cast.school, {"q": "READ flu", "kind": "probe"}).rows == [row]
    assert measures_of(cast.ada, cast.school, {"domain": "x", "kind": "x", "sort": "students"}).rows == [row]
    assert measures_of(cast.ana, cast.school, {}).rows == []


def form_of(measure, **changes):
    levels = dict(zip(("level_1", "level_2", "level_3", "level_4"), "abcd", strict=True))
    return {
        "seen": measure_fingerprint(measure) if measure else "",
        "name": "Spelling",
        "domain": "academic",
        "kind": "probe",
        "scale_min": "0",
        "scale_max": "300",
        "direction": "higher",
        "decimals": "0",
        "lowest_grade": "1",
        "highest_grade": "5",
        **levels,
        **changes,
    }


def test_pages_add_show_change_and_retire(cast, as_user):
    ada = as_user(cast.ada)
    made = ada.post("/measures/new/", form_of(None), follow=True)
    measure = Measure.objects.get(name="Spelling")
    assert "Spelling" in made.content.decode()
    assert (measure.level_names, measure.highest_grade) == (["a", "b", "c", "d"], 5)
    address = f"/measures/{measure.uuid}/"
    refused = ada.post(f"{address}edit/", form_of(measure, name="Oral reading fluency"))
    assert refused.status_code == 422
    assert 'value="Oral reading fluency"' in refused.content.decode()
    assert ada.post(f"{address}edit/", form_of(measure, unit="words")).status_code == 302
    assert '<input type="hidden" name="retired" value="yes">' in ada.get(address).content.decode()
    for _click in range(2):
        ada.post(f"{address}retire/", {"retired": "yes"})
        measure.refresh_from_db()
        assert (measure.unit, measure.retired_on) == ("words", cast.school.today())
    assert AuditEvent.objects.filter(verb="retired-measure").count() == 1
    assert "retired" in ada.get(address).content.decode()
    assert "Spelling" not in ada.get("/measures/").content.decode()
    assert "Spelling" in ada.get("/measures/?show=retired").content.decode()
    assert '<input type="hidden" name="retired" value="no">' in ada.get(address).content.decode()
    for _click in range(2):
        ada.post(f"{address}retire/", {"retired": "no"})
        measure.refresh_from_db()
        assert measure.retired_on is None


def test_a_page_says_which_rules_and_plans_use_a_measure(cast, as_user):
    adopt_preset(cast.school, "slow-growth", actor=cast.cora, measure=cast.fluency)
    page = as_user(cast.ada).get(f"/measures/{cast.fluency.uuid}/").content.decode()
    assert "These rules judge it and must be switched off first: “Growth below expected" in page
    assert "1 running plan" in page
    read_only = as_user(cast.pia).get(f"/measures/{cast.fluency.uuid}/").content.decode()
    assert "Change benchmarks" not in read_only


def test_a_stale_description_shows_both_and_saves_the_second_time(cast, as_user):
    cora, address = as_user(cast.cora), f"/measures/{cast.fluency.uuid}/edit/"
    Benchmark.objects.all().delete()
    old = form_of(cast.fluency)
    change_measure(cast.fluency, described(cast.fluency, name="Reading aloud"), actor=cast.ada)
    refused = cora.post(address, old)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "It says now: “Reading aloud, Academic" in page
    assert 'value="Spelling"' in page
    cast.fluency.refresh_from_db()
    assert cora.post(address, form_of(cast.fluency)).status_code == 302


def test_a_long_list_pages_and_sorts(cast, as_user):
    make_measures(cast.school, [NewMeasure(f"Check {n:03}") for n in range(60)], actor=cast.ada)
    ada = as_user(cast.ada)
    second = ada.get("/measures/?page=2&sort=name").content.decode()
    assert "Oral reading fluency" in second
    assert "Check 000" not in second


def test_scores_count_from_the_start_of_the_year_only(cast):
    Score.objects.all().delete()
    before = cast.school.year_start() - dt.timedelta(days=1)
    Score.objects.create(student=cast.maya, measure=cast.fluency, taken_on=before, value=1)
    (row,) = measures_of(cast.ada, cast.school, {}).rows
    assert (row.students, row.newest) == (0, before)
