"""Decisions that are checked."""

import datetime as dt

import pytest

from collab.followup.queries.decisions import baseline_words, result_words
from collab.followup.services import decisions
from datareview.records.models import Score
from teams.lib.errors import DomainError
from tests.factories.decisions import decide
from tests.factories.meetings import current, fresh


def test_a_decisions_baseline_and_result_come_from_the_data(cast, live):
    made = decide(cast, live, measure=cast.fluency, cohort="team", target=100)
    assert (made.baseline, made.baseline_n) == (pytest.approx((68 + 101 + 112) / 3), 3)
    assert baseline_words(made) == (
        "Oral reading fluency, All students of the team: average 93.7 (n = 3); target 100"
    )
    later = cast.school.today() + dt.timedelta(days=20)
    for student, value in [(cast.maya, 80), (cast.jonas, 110)]:
        Score.objects.create(student=student, measure=cast.fluency, taken_on=later, value=value)
    assert decisions.check_decisions(later) == 0
    assert decisions.check_decisions(made.check_on) == 1
    made = fresh(made)
    assert (made.result["n"], made.result["gone"], made.result["reached"]) == (2, 1, 1)
    assert result_words(made) == (
        "Only 2 have a new score, too few to say how much changed. "
        "1 of 2 have reached the target of 100. 1 have no new score."
    )
    assert decisions.check_decisions(made.check_on) == 0
    for student, value in ((cast.maya, 120), (cast.jonas, 130)):
        score = student.scores.filter(measure=cast.fluency, taken_on__lte=made.check_on).latest(
            "taken_on", "pk"
        )
        score.value = value
        score.save()
    assert decisions.check_decisions(made.check_on + dt.timedelta(days=15)) == 0
    assert decisions.check_decisions(made.check_on + dt.timedelta(days=3)) == 1
    assert fresh(made).result["reached"] == 2


def test_its_students_are_fixed_when_it_is_made(cast, live):
    made = decide(cast, live, measure=cast.fluency, cohort=f"section:{cast.section.uuid}")
    assert set(made.students.values_list("student", flat=True)) == {cast.maya.pk, cast.jonas.pk}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"cohort": "section:nobody"}, "That group has no students now"),
        ({"cohort": "team", "target": 900}, "outside the scale"),
        ({"cohort": "team", "check_on": None}, "a date to check this decision"),
    ],
)
def test_a_decision_that_cannot_be_checked_is_refused_and_nothing_is_saved(cast, live, fields, sentence):
    with pytest.raises(DomainError, match=sentence):
        decide(cast, live, measure=cast.fluency, **fields)
    assert not current(live).decisions.exists()
