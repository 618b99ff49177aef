"""From data to causes in instruction and changes in teaching."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied

from collab.agendas.models import AgendaItem
from collab.decisions.services import decisions
from collab.followup.services import causes, questions
from collab.room.queries.room import room_of
from collab.room.services import clock, lifecycle
from teams.lib.errors import DomainError
from tests.factories.decisions import decide
from tests.factories.meetings import current, fresh


def test_a_data_item_needs_a_cause_in_instruction_and_a_change_by_everyone_present(cast, live):
    item, second = live.items.order_by("position")
    item.topic.kind = "data"
    item.topic.save()
    AgendaItem.objects.filter(pk=item.pk).update(capture="cause")
    go = {"actor": cast.ana, "item_uuid": str(second.uuid)}
    with pytest.raises(clock.NotReady, match="cause in instruction"):
        clock.go_to_item(live, **go)
    causes.add_cause(item, actor=cast.tom, kind="student", text="They are tired", client_key=uuid.uuid4())
    with pytest.raises(clock.NotReady, match="cause in instruction"):
        clock.go_to_item(live, **go)
    causes.add_cause(item, actor=cast.tom, kind="instruction", text="No pairs", client_key=uuid.uuid4())
    causes.commit_to_change(item, actor=cast.tom, text="Pairs on Monday", client_key=uuid.uuid4())
    with pytest.raises(clock.NotReady, match="Ana R"):
        clock.go_to_item(live, **go)
    causes.commit_to_change(item, actor=cast.ana, text="Pairs on Tuesday", client_key=uuid.uuid4())
    clock.go_to_item(live, **go)
    assert current(live) == second


def test_it_can_be_left_open_and_only_the_teacher_records_a_trial(cast, live):
    item, second = live.items.order_by("position")
    item.topic.kind = "data"
    item.topic.save()
    AgendaItem.objects.filter(pk=item.pk).update(capture="cause")
    change = causes.commit_to_change(item, actor=cast.tom, text="Pairs", client_key=uuid.uuid4())
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(second.uuid), anyway=True)
    today = cast.school.today()
    with pytest.raises(PermissionDenied):
        causes.record_trial(change, actor=cast.ana, tried_on=today, saw="x")
    with pytest.raises(DomainError, match="in the future"):
        causes.record_trial(change, actor=cast.tom, tried_on=today + dt.timedelta(days=1), saw="")
    with pytest.raises(DomainError, match="the day you tried it"):
        causes.record_trial(change, actor=cast.tom, tried_on=None, saw="Better")
    causes.record_trial(change, actor=cast.tom, tried_on=today, saw="Eight of ten read on")
    assert (fresh(change).tried_on, fresh(change).saw) == (today, "Eight of ten read on")


def test_the_room_counts_causes_in_instruction_among_readable_items(cast, live, as_user):
    item = current(live)
    for kind in ("student", "instruction", "instruction"):
        causes.add_cause(item, actor=cast.tom, kind=kind, text=f"Because {kind}", client_key=uuid.uuid4())
    room = room_of(cast.ana, live)
    assert (room.tally.part, room.tally.whole) == (2, 3)
    page = as_user(cast.ana).get(live.get_absolute_url()).content.decode()
    assert "Today so far: 2 of 3 causes are in instruction." in page
    AgendaItem.objects.filter(pk=item.pk).update(visibility="restricted", owner=cast.staff.tom)
    room = room_of(cast.ana, live)
    assert (room.tally.part, room.tally.whole) == (0, 0)


def test_a_data_item_left_without_a_cause_returns_to_the_queue(cast, live):
    item = current(live)
    item.topic.kind = "data"
    item.topic.is_standing = False
    item.topic.save()
    AgendaItem.objects.filter(pk=item.pk).update(capture="cause")
    lifecycle.close_meeting(live, actor=cast.ana)
    waiting = AgendaItem.objects.get(topic=item.topic, state="waiting")
    assert (waiting.meeting, waiting.capture, fresh(item.topic).is_closed) == (None, "cause", False)
    lifecycle.reopen_meeting(live, actor=cast.ana)
    assert not AgendaItem.objects.filter(topic=item.topic, state="waiting").exists()
    causes.add_cause(item, actor=cast.tom, kind="instruction", text="No pairs", client_key=uuid.uuid4())
    for user in (cast.ana, cast.tom):
        causes.commit_to_change(item, actor=user, text="Pairs", client_key=uuid.uuid4())
    lifecycle.close_meeting(live, actor=cast.ana)
    assert not AgendaItem.objects.filter(topic=item.topic, state="waiting").exists()


def test_only_the_author_withdraws_a_cause_added_by_mistake(cast, live):
    item = current(live)
    cause = causes.add_cause(item, actor=cast.tom, kind="student", text="x", client_key=uuid.uuid4())
    change = causes.commit_to_change(item, actor=cast.tom, text="x", client_key=uuid.uuid4())
    asked = questions.ask_leaders(item, actor=cast.tom, text="x", client_key=uuid.uuid4())
    decision = decide(cast, live)
    for service, row in (
        (causes.withdraw_cause, cause),
        (causes.withdraw_change, change),
        (questions.withdraw_question, asked),
    ):
        with pytest.raises(PermissionDenied):
            service(row, actor=cast.ana)
        service(row, actor=cast.tom)
        assert not type(row).objects.filter(pk=row.pk).exists()
    with pytest.raises(PermissionDenied):
        decisions.withdraw_decision(decision, actor=cast.gil)
    decisions.withdraw_decision(decision, actor=cast.tom)
    assert room_of(cast.ana, live).decisions == []
