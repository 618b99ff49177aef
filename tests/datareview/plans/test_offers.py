"""Strategies are offered by need and grade, with what worked here first."""

from dataclasses import asdict

import pytest

from datareview.flags.models import Rule
from datareview.plans.models import WorkedRelease
from datareview.plans.queries.offers import Need, need_of, offered_strategies
from datareview.plans.queries.worked import Worked
from datareview.records.models import Domain, Measure, Section
from datareview.strategies.models import Strategy
from datareview.strategies.services import adopt_strategies


def academic(cast, **rule):
    """Maya's candidate, for a flag of such a rule."""
    cast.candidate.domain = Domain.ACADEMIC
    Rule.objects.filter(pk=cast.flag.rule_id).update(**rule)
    return cast.candidate


def names(rows):
    return [str(one) for one in rows]


def test_a_reader_is_never_offered_another_subject(cast):
    adopt_strategies(cast.school, actor=cast.cora)
    need = need_of(academic(cast, measure=cast.fluency, kind="benchmark"), None)
    offer = offered_strategies(cast.school, need, [4])
    subjects = {(one.domain, one.subject) for one in offer.suggested}
    assert subjects == {("academic", "reading"), ("academic", "")}
    assert {"math", "writing"} <= {one.subject for one in offer.other_needs}
    assert "Hearing and moving sounds" in names(offer.other_grades)
    everything = [*offer.suggested, *offer.other_grades, *offer.other_needs]
    assert sorted(names(everything)) == sorted(names(cast.school.strategies.all()))


@pytest.mark.parametrize(
    ("of_measure", "of_strategy", "is_met"),
    [
        ("reading", "reading", True),
        ("reading", "", True),
        ("reading", "math", False),
        ("Mathematics", "math", True),
        ("ELA", "writing", True),
        ("ela", "Reading", True),
        ("writing", "reading", False),
        ("science", "math", False),
        ("", "math", True),
    ],
)
def test_subjects_are_compared_as_schools_name_them(of_measure, of_strategy, is_met):
    need = need_of(None, Measure(domain=Domain.ACADEMIC, subject=of_measure))
    assert need.is_met_by(Strategy(domain=Domain.ACADEMIC, subject=of_strategy)) is is_met
    assert not need.is_met_by(Strategy(domain=Domain.BEHAVIOR, subject=of_strategy))


def test_the_subject_of_a_need_is_that_of_the_measure_course_or_condition(cast):
    assert need_of(academic(cast, measure=cast.fluency, kind="benchmark"), None) == Need(
        "academic", frozenset({"reading"})
    )
    candidate = academic(cast, measure=None, kind="conditions", parameters={"any_of": []})
    assert need_of(candidate, cast.fluency) == Need("academic")
    Section.objects.filter(enrollments__student=cast.maya).update(name="Algebra", subject="Mathematics")
    candidate = academic(cast, kind="course")
    cast.flag.evidence = {"failing": [["Algebra", 51.0]], "lowest": ["Algebra", 51.0], "dropped": None}
    cast.flag.save()
    assert need_of(candidate, None) == Need("academic", frozenset({"math"}))
    cast.candidate.domain = Domain.BEHAVIOR
    assert need_of(cast.candidate, cast.fluency) == Need("behavior")
    assert need_of(None, None) == Need("")


def test_what_worked_here_comes_first_then_better_evidence(cast, as_user):
    def bank(name, **fields):
        return Strategy.objects.create(school=cast.school, name=name, domain="academic", **fields)

    never, poor = bank("A never used"), bank("B often in vain")
    strong, good = bank("C strong", evidence_level="strong"), bank("D worked")
    rows = {
        good.pk: Worked(
            plans=20, judged=14, share=(0.9, 0.8, 1.0), compared=12, beyond=(0.2, 0.1, 0.3), met=8, ended=12
        ),
        poor.pk: Worked(plans=20, judged=14, share=(0.3, 0.2, 0.4)),
    }
    WorkedRelease.objects.create(
        school=cast.school, day=cast.school.today(), rows={pk: asdict(row) for pk, row in rows.items()}
    )
    offer = offered_strategies(cast.school, Need("academic"), [4])
    assert offer.suggested == [good, strong, never, cast.strategy, poor]
    page = " ".join(
        as_user(cast.cora).get(f"/plans/start/?student={cast.jonas.uuid}").content.decode().split()
    )
    assert (
        "Here: 90% of the aim gained (80% to 100%, 14 plans); +20 points against similar students without it; goal met in "
        "8 of 12 that ended."
    ) in page
    assert page.count("Here: too few plans to say what it gains.") == 3


def test_without_any_that_fits_the_others_are_open_in_their_groups(cast, as_user):
    Strategy.objects.filter(school=cast.school).update(domain="behavior")
    page = as_user(cast.cora).get(f"/plans/start/?student={cast.jonas.uuid}").content.decode()
    assert "No strategy of the bank is for this need and grade." in page
    assert (page.count("<summary>For other needs</summary>"), page.count("<details open>")) == (1, 1)
