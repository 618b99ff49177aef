"""Parked items, and questions to school leaders."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied

from collab.agendas.services import items
from collab.followup.services import questions
from collab.planning.services import meetings
from collab.preparation.services import queue
from collab.room.queries.room import room_of
from collab.room.services import lifecycle
from tests.factories.meetings import current


def test_a_parked_topic_waits_and_names_its_origin(cast, live):
    parked = items.park(current(live), actor=cast.tom, text="The new bell schedule")
    assert (parked.meeting, parked.topic.kind) == (None, "parked")
    assert "Our action items" in parked.topic.why
    assert [topic.title for topic in room_of(cast.ana, live).parked] == ["The new bell schedule"]


def test_an_answer_is_added_to_the_next_agenda_once(cast, live):
    asked = questions.ask_leaders(
        current(live), actor=cast.tom, text="May we have the hall?", client_key=uuid.uuid4()
    )
    lifecycle.close_meeting(live, actor=cast.ana)
    starts = cast.school.at(cast.school.today() + dt.timedelta(days=5), dt.time(10, 10))
    coming = meetings.plan_meeting(cast.team, actor=cast.ana, title="Next", minutes=45, starts_at=starts)
    with pytest.raises(PermissionDenied):
        questions.answer_question(asked, actor=cast.ana, answer="Yes")
    questions.answer_question(asked, actor=cast.pia, answer="Yes, on Tuesdays")
    item = coming.items.get(topic__question=asked)
    assert (item.title, item.prompt) == ("Answer: May we have the hall?", "Yes, on Tuesdays")
    assert queue.fill_agenda_automatically(coming) == 0


def test_a_question_on_an_agenda_is_answered_there(cast, live):
    asked = questions.ask_leaders(current(live), actor=cast.tom, text="The hall?", client_key=uuid.uuid4())
    lifecycle.close_meeting(live, actor=cast.ana)
    starts = cast.school.at(cast.school.today() + dt.timedelta(days=9), dt.time(10, 10))
    coming = meetings.plan_meeting(cast.team, actor=cast.ana, title="Next", minutes=45, starts_at=starts)
    assert coming.items.get(topic__question=asked).title == "No answer yet: The hall?"
    questions.answer_question(asked, actor=cast.pia, answer="Yes")
    assert coming.items.get(topic__question=asked).title == "Answer: The hall?"
