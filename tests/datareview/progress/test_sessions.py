"""Logging sessions: one per day, one per click, by those who deliver."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied

from datareview.plans.models import Plan
from datareview.privacy.choices import choice_key
from datareview.progress.models import Session
from datareview.progress.services import sessions
from datareview.progress.services.sessions import log_session, remove_session
from teams.audit.models import AuditEvent
from teams.lib.errors import DomainError


def test_a_double_click_logs_one_session(cast):
    key, day = uuid.uuid4(), cast.school.today()
    first = log_session(cast.plan, actor=cast.sol, held_on=day, client_key=key)
    assert log_session(cast.plan, actor=cast.sol, held_on=day, client_key=key) == first
    assert (first.minutes, first.result) == (20, "held")


def test_a_second_session_of_a_day_says_what_the_first_was(cast):
    log_session(cast.plan, actor=cast.sol, held_on=cast.school.today(), minutes=15, note="Unit 3")
    with pytest.raises(DomainError, match=r"Sol V has already logged .*: held for 15 minutes .“Unit 3”"):
        log_session(cast.plan, actor=cast.cora, held_on=cast.school.today(), client_key=uuid.uuid4())
    assert Session.objects.count() == 1


def test_a_session_not_held_has_no_minutes_and_no_fidelity(cast):
    session = log_session(
        cast.plan, actor=cast.sol, held_on=cast.school.today(), result="absent", minutes=20, fidelity=3
    )
    assert (session.minutes, session.fidelity) == (0, None)


@pytest.mark.parametrize("days", [1, -400])
def test_a_session_lies_between_the_start_and_today(cast, days):
    with pytest.raises(DomainError):
        log_session(cast.plan, actor=cast.sol, held_on=cast.school.today() + dt.timedelta(days=days))


@pytest.mark.parametrize("person", ["ana", "gil", "ada", "zed"])
def test_only_the_provider_and_the_coordinator_log(cast, person):
    with pytest.raises(PermissionDenied):
        log_session(cast.plan, actor=getattr(cast, person), held_on=cast.school.today())


def test_a_plan_that_ended_takes_no_session(cast):
    today = cast.school.today()
    Plan.objects.update(state="ended", outcome="met", ended_on=today)
    cast.plan.refresh_from_db()
    with pytest.raises(DomainError, match="This plan has ended, so its sessions are closed"):
        log_session(cast.plan, actor=cast.sol, held_on=today)


@pytest.mark.parametrize("days", [0, -42])
def test_the_first_and_the_last_day_of_a_plan_take_a_session(cast, days):
    day = cast.school.today() + dt.timedelta(days=days)
    assert log_session(cast.plan, actor=cast.sol, held_on=day).held_on == day


def test_two_taps_at_the_same_moment_are_one_session(cast, monkeypatch):
    """The first tap's session is inserted between the second's check and its insert."""
    key, today = uuid.uuid4(), cast.school.today()
    logged = []

    def first_tap(plan, held_on):
        if not logged:
            logged.append(
                Session.objects.create(plan=plan, held_on=held_on, client_key=key, logged_by=cast.sol)
            )

    monkeypatch.setattr(sessions, "_refuse_second", first_tap)
    assert log_session(cast.plan, actor=cast.sol, held_on=today, client_key=key) == logged[0]
    assert Session.objects.count() == 1


def test_two_people_who_log_a_day_at_the_same_moment_are_told(cast, monkeypatch):
    today, original, looked = cast.school.today(), sessions._refuse_second, []

    def look(plan, held_on):
        if looked:
            original(plan, held_on)
        else:
            looked.append(
                Session.objects.create(plan=plan, held_on=held_on, result="absent", logged_by=cast.sol)
            )

    monkeypatch.setattr(sessions, "_refuse_second", look)
    with pytest.raises(DomainError, match=r"Sol V has already logged .*: student absent\. Each day has one"):
        log_session(cast.plan, actor=cast.cora, held_on=today, client_key=uuid.uuid4())


def test_a_session_logged_by_mistake_is_removed_and_what_it_said_is_kept(cast):
    day = cast.school.today()
    remove_session(log_session(cast.plan, actor=cast.sol, held_on=day, minutes=15), actor=cast.cora)
    assert cast.plan.sessions.count() == 0
    event = AuditEvent.objects.get(verb="session-removed")
    assert (event.actor, event.data["day"], event.data["minutes"]) == (cast.cora, day.isoformat(), 15)
    assert log_session(cast.plan, actor=cast.sol, held_on=day).minutes == 20


@pytest.mark.parametrize("person", ["ana", "tom", "pia", "ada"])
def test_only_who_delivers_and_the_coordinator_remove(cast, person):
    session = log_session(cast.plan, actor=cast.sol, held_on=cast.school.today())
    with pytest.raises(PermissionDenied):
        remove_session(session, actor=getattr(cast, person))
    assert cast.plan.sessions.count() == 1


def with_checklist(cast):
    cast.strategy.fidelity = "Model the passage\nRead it twice\nTime one minute"
    cast.strategy.save()
    cast.plan.refresh_from_db()
    return cast.plan


def test_the_steps_done_are_kept_as_they_were_called_that_day(cast):
    plan = with_checklist(cast)
    day = cast.school.today()
    session = log_session(plan, actor=cast.sol, held_on=day, steps=["Read it twice", "Model the passage"])
    cast.strategy.fidelity = "Something else"
    cast.strategy.save()
    session.refresh_from_db()
    assert session.checklist == [
        ["Model the passage", True],
        ["Read it twice", True],
        ["Time one minute", False],
    ]
    assert (session.steps_done, session.steps_left_out) == (2, ["Time one minute"])


@pytest.mark.parametrize(("steps", "result"), [([], "held"), (["Read it twice"], "absent")])
def test_without_ticks_or_a_session_there_is_no_checklist(cast, steps, result):
    session = log_session(
        with_checklist(cast), actor=cast.sol, held_on=cast.school.today(), steps=steps, result=result
    )
    assert (session.checklist, session.steps_done) == ([], 0)


def test_a_checklist_that_changed_meanwhile_is_filled_in_again(cast):
    with pytest.raises(DomainError, match="has changed"):
        log_session(with_checklist(cast), actor=cast.sol, held_on=cast.school.today(), steps=["Sing"])
    assert Session.objects.count() == 0


def test_the_page_offers_the_steps_and_shows_those_left_out(cast, as_user):
    plan, sol = with_checklist(cast), as_user(cast.sol)
    page = sol.get(plan.get_absolute_url()).content.decode()
    assert "Steps done" in page
    data = {"held_on": cast.school.today(), "result": "held", "client_key": uuid.uuid4()}
    address = f"/plans/{plan.uuid}/session/"
    changed = sol.post(address, {**data, "steps": ["Sing"]})
    assert changed.status_code == 422
    assert (
        sol.post(
            address, {**data, "steps": [choice_key("Read it twice"), choice_key("Time one minute")]}
        ).status_code
        == 302
    )
    page = " ".join(sol.get(plan.get_absolute_url()).content.decode().split())
    assert "2 of 3 steps" in page
    assert "Left out: Model the passage" in page
