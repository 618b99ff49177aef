"""Decisions that are checked."""

import datetime as dt
import uuid

import pytest

from collab.decisions.forms import DecisionForm
from collab.decisions.queries.decisions import baseline_words, result_words
from collab.decisions.services import checks, decisions
from collab.proposals import services as proposals
from datareview.flags.services.candidates import decide_candidate, reopen_candidate
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
    assert checks.check_decisions(later) == 0
    assert checks.check_decisions(made.check_on) == 1
    made = fresh(made)
    assert (made.result["n"], made.result["gone"], made.result["reached"]) == (2, 1, 1)
    assert result_words(made) == (
        "Only 2 have a new score, too few to say how much changed. "
        "1 of 2 have reached the target of 100. 1 has no new score."
    )
    assert checks.check_decisions(made.check_on) == 0
    for student, value in ((cast.maya, 120), (cast.jonas, 130)):
        score = student.scores.filter(measure=cast.fluency, taken_on__lte=made.check_on).latest(
            "taken_on", "pk"
        )
        score.value = value
        score.save()
    assert checks.check_decisions(made.check_on + dt.timedelta(days=15)) == 0
    assert checks.check_decisions(made.check_on + dt.timedelta(days=3)) == 1
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


@pytest.fixture
def about_maya(cast, live):
    """An item of the live meeting about the candidate Maya."""
    item = proposals.propose_candidate(cast.candidate, actor=cast.cora, team=cast.team, meeting=live)
    assert fresh(cast.candidate).state == "on_agenda"
    return item


def settle(cast, item, student_next, *, actor=None, days=20):
    return decisions.decide(
        item,
        actor=actor or cast.ana,
        text="Came back last week",
        check_on=cast.school.today() + dt.timedelta(days=days),
        client_key=uuid.uuid4(),
        student_next=student_next,
    )


@pytest.mark.parametrize(
    ("student_next", "state", "days"), [("watch", "watch", 20), ("no_action", "no_action", None)]
)
def test_what_the_team_decides_about_a_student_settles_the_candidate_until_it_is_withdrawn(
    cast, about_maya, student_next, state, days
):
    made = settle(cast, about_maya, student_next)
    candidate = fresh(cast.candidate)
    assert (candidate.state, candidate.decision_note, candidate.decided_by) == (state, made.text, cast.ana)
    assert candidate.watch_until == (days and cast.school.today() + dt.timedelta(days=days))
    decisions.withdraw_decision(made, actor=cast.ana)
    candidate = fresh(cast.candidate)
    assert (candidate.state, candidate.watch_until) == ("on_agenda", None)


def test_a_decision_that_does_not_settle_leaves_the_candidate_on_the_agenda(cast, about_maya):
    made = settle(cast, about_maya, "")
    assert fresh(cast.candidate).state == "on_agenda"
    decisions.withdraw_decision(made, actor=cast.ana)
    assert fresh(cast.candidate).state == "on_agenda"


def test_a_withdrawn_decision_leaves_what_was_decided_otherwise_since(cast, about_maya):
    made = settle(cast, about_maya, "watch")
    reopen_candidate(cast.candidate, actor=cast.cora)
    decide_candidate(cast.candidate, actor=cast.cora, state="no_action", note="Moved class")
    decisions.withdraw_decision(made, actor=cast.ana)
    assert fresh(cast.candidate).state == "no_action"


def test_a_watch_longer_than_a_month_is_refused_with_the_decision(cast, about_maya):
    with pytest.raises(DomainError, match="next 30 days"):
        settle(cast, about_maya, "watch", days=31)
    assert (about_maya.decisions.count(), fresh(cast.candidate).state) == (0, "on_agenda")


def test_only_an_undecided_student_can_be_settled(cast, about_maya, live):
    assert "student_next" in DecisionForm(item=about_maya, meeting=live, user=cast.ana).fields
    assert "student_next" not in DecisionForm(item=current(live), meeting=live, user=cast.ana).fields
    settle(cast, about_maya, "watch")
    assert "student_next" not in DecisionForm(item=fresh(about_maya), meeting=live, user=cast.ana).fields
