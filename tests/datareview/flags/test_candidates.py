"""Deciding about candidates: once, with a reason, and only by those who triage."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from datareview.flags.models import Candidate
from datareview.flags.services.candidates import (
    Decided,
    decide_candidate,
    decide_candidates,
    mark_plan_started,
)
from datareview.records.models import Domain
from teams.audit.models import AuditEvent
from teams.lib.errors import DomainError


def watch(candidate, actor, *, days=21, note="New at school"):
    until = candidate.student.school.today() + dt.timedelta(days=days)
    return decide_candidate(candidate, actor=actor, state="watch", note=note, watch_until=until)


def test_watching_keeps_who_when_and_why(cast):
    done = watch(cast.candidate, cast.cora)
    assert (done.state, done.decided_by, done.decision_note) == ("watch", cast.cora, "New at school")
    event = AuditEvent.objects.get(verb="candidate-watch")
    assert (event.actor, event.subject_uuid, event.data) == (cast.cora, cast.candidate.uuid, {})


def test_the_second_coordinator_hears_what_the_first_decided(cast):
    watch(cast.candidate, cast.cora)
    with pytest.raises(Decided, match=r"Cora L has decided already: watching .“New at school”"):
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
        student=cast.jonas, domain=Domain.ACADEMIC, reason="Slow", raised_on=dt.date.today()
    )
    watch(cast.candidate, cast.pia)
    done, problems = decide_candidates(
        [cast.candidate, other], actor=cast.cora, state="no_action", note="Known"
    )
    assert (done, len(problems)) == (1, 1)
    assert problems[0].startswith("Maya Okafor: Pia M has decided already")


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
