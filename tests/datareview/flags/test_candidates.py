"""Deciding about candidates: once, with a reason, and only by users who may triage."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from datareview.flags.models import Candidate
from datareview.flags.services.candidates import (
    Decided,
    decide_candidate,
    decide_candidates,
    mark_on_agenda,
    mark_plan_started,
    reopen_candidate,
)
from datareview.records.models import Domain
from teams.audit.models import AuditEvent
from teams.lib import clock
from teams.lib.errors import DomainError
from tests.conftest import TODAY


def watch(candidate, actor, *, days=21, note="New at school"):
    until = candidate.student.school.today() + dt.timedelta(days=days)
    return decide_candidate(candidate, actor=actor, state="watch", note=note, watch_until=until)


def test_watching_keeps_who_when_and_why(cast):
    done = watch(cast.candidate, cast.cora)
    assert (done.state, done.decided_by, done.decision_note) == ("watch", cast.cora, "New at school")
    event = AuditEvent.objects.get(verb="candidate-watch")
    assert (event.actor, event.subject_uuid, event.data) == (cast.cora, cast.candidate.uuid, {})


def test_the_second_coordinator_is_told_what_the_first_decided(cast):
    watch(cast.candidate, cast.cora)
    with pytest.raises(Decided, match=r"Cora L has already decided: watching .“New at school”"):
        decide_candidate(cast.candidate, actor=cast.pia, state="no_action", note="Known")
    cast.candidate.refresh_from_db()
    assert cast.candidate.decided_by == cast.cora


@pytest.mark.parametrize(("days", "note"), [(0, "x"), (31, "x"), (7, "  ")])
def test_a_watch_needs_a_near_date_and_a_reason(cast, days, note):
    with pytest.raises(DomainError):
        watch(cast.candidate, cast.cora, days=days, note=note)
    cast.candidate.refresh_from_db()
    assert cast.candidate.state == "new"


def test_several_at_once_leaves_out_what_is_decided(cast):
    other = Candidate.objects.create(
        student=cast.jonas, domain=Domain.ACADEMIC, reason="Slow", raised_on=TODAY
    )
    watch(cast.candidate, cast.pia)
    done, problems = decide_candidates(
        [cast.candidate, other], actor=cast.cora, state="no_action", note="Known"
    )
    assert (done, len(problems)) == (1, 1)
    assert problems[0].startswith("Maya Okafor: Pia M has already decided")


def test_several_at_once_without_a_reason_decides_nothing(cast):
    with pytest.raises(DomainError):
        decide_candidates([cast.candidate], actor=cast.cora, state="no_action", note="")
    cast.candidate.refresh_from_db()
    assert cast.candidate.state == "new"


@pytest.mark.parametrize("person", ["ana", "sol", "ada", "zed"])
def test_only_those_who_triage_decide(cast, person):
    with pytest.raises(PermissionDenied):
        watch(cast.candidate, getattr(cast, person))


def test_a_settled_candidate_keeps_what_was_decided_when_a_plan_starts(cast):
    decide_candidate(cast.candidate, actor=cast.cora, state="no_action", note="Error in the data")
    mark_plan_started(cast.candidate, actor=cast.cora)
    cast.candidate.refresh_from_db()
    assert (cast.candidate.state, cast.candidate.decision_note) == ("no_action", "Error in the data")


@pytest.mark.parametrize("days", [1, 30])
def test_a_watch_ends_within_thirty_days(cast, days):
    """Tomorrow is the first day it may end on, the thirtieth the last."""
    done = watch(cast.candidate, cast.cora, days=days)
    assert done.watch_until == cast.school.today() + dt.timedelta(days=days)


@pytest.mark.parametrize("state", ["plan", "cleared", "on_agenda", "new", "nonsense", ""])
def test_only_watching_waiting_and_no_action_are_decided_here(cast, state):
    with pytest.raises(DomainError, match="Choose what is done"):
        decide_candidate(cast.candidate, actor=cast.cora, state=state, note="x")
    cast.candidate.refresh_from_db()
    assert cast.candidate.state == "new"


def test_no_action_has_no_check_date(cast):
    tomorrow = cast.school.today() + dt.timedelta(days=1)
    done = decide_candidate(
        cast.candidate, actor=cast.cora, state="no_action", note="Known", watch_until=tomorrow
    )
    assert (done.state, done.watch_until) == ("no_action", None)


def test_a_candidate_that_cleared_automatically_needs_no_decision(cast):
    Candidate.objects.update(state="cleared")
    with pytest.raises(Decided, match="there is nothing left to decide"):
        watch(cast.candidate, cast.cora)


def test_a_decision_without_a_name_is_by_someone_else(cast):
    Candidate.objects.update(state="plan")
    with pytest.raises(Decided, match=r"^Someone else has already decided: plan started\.$"):
        watch(cast.candidate, cast.cora)


@pytest.mark.parametrize(
    ("state", "after"), [("new", "on_agenda"), ("watch", "on_agenda"), ("on_agenda", "on_agenda")]
)
def test_a_team_takes_up_what_is_new_or_watched(cast, state, after):
    Candidate.objects.update(state=state, watch_until=cast.school.today())
    done = mark_on_agenda(cast.candidate, actor=cast.ana)
    assert done.state == after
    assert AuditEvent.objects.filter(verb="candidate-on_agenda").count() == (state != "on_agenda")
    assert (done.watch_until is None) is (state != "on_agenda")


@pytest.mark.parametrize("state", ["plan", "no_action", "cleared"])
def test_a_team_does_not_take_up_what_is_settled(cast, state):
    Candidate.objects.update(state=state)
    with pytest.raises(Decided):
        mark_on_agenda(cast.candidate, actor=cast.ana)
    assert Candidate.objects.get().state == state


@pytest.mark.parametrize(
    ("state", "after"),
    [
        ("new", "plan"),
        ("on_agenda", "plan"),
        ("watch", "plan"),
        ("disputed", "plan"),
        ("supported", "plan"),
        ("plan", "plan"),
        ("no_action", "no_action"),
        ("cleared", "cleared"),
    ],
)
def test_a_plan_answers_what_is_live(cast, state, after):
    Candidate.objects.update(state=state)
    assert mark_plan_started(cast.candidate, actor=cast.cora).state == after
    assert AuditEvent.objects.filter(verb="candidate-plan").count() == (
        state not in ("plan", "no_action", "cleared")
    )


def test_a_decision_can_be_taken_back_and_stays_in_the_history(cast):
    until = watch(cast.candidate, cast.cora).watch_until
    back = reopen_candidate(cast.candidate, actor=cast.pia)
    assert (back.state, back.decided_by, back.decision_note, back.watch_until) == ("new", None, "", None)
    (past,) = back.reopened_decisions.all()
    assert (past.state, past.note, past.watch_until, past.decided_by, past.reopened_by) == (
        "watch",
        "New at school",
        until,
        cast.cora,
        cast.pia,
    )
    assert AuditEvent.objects.filter(verb="candidate-reopened").count() == 1


def test_a_second_click_takes_back_nothing_more(cast):
    watch(cast.candidate, cast.cora)
    reopen_candidate(cast.candidate, actor=cast.cora)
    reopen_candidate(cast.candidate, actor=cast.cora)
    assert cast.candidate.reopened_decisions.count() == 1


@pytest.mark.parametrize("state", ["plan", "cleared"])
def test_a_started_plan_and_a_cleared_flag_are_not_taken_back(cast, state):
    Candidate.objects.filter(pk=cast.candidate.pk).update(
        state=state, decided_by=cast.cora, decided_at=clock.now()
    )
    with pytest.raises(Decided):
        reopen_candidate(cast.candidate, actor=cast.cora)
    assert cast.candidate.reopened_decisions.count() == 0


def test_with_a_newer_candidate_the_older_decision_stays(cast):
    Candidate.objects.filter(pk=cast.candidate.pk).update(
        state="no_action", decided_by=cast.cora, decided_at=clock.now(), decision_note="Known"
    )
    Candidate.objects.create(
        student=cast.maya, domain=cast.candidate.domain, reason="Again", raised_on=cast.school.today()
    )
    with pytest.raises(DomainError, match="newer candidate"):
        reopen_candidate(cast.candidate, actor=cast.cora)
    cast.candidate.refresh_from_db()
    assert (cast.candidate.state, cast.candidate.decision_note) == ("no_action", "Known")
    assert cast.candidate.reopened_decisions.count() == 0
