"""Causes and changes at results: on their own item, or on the step of the protocol that asks why."""

import uuid

import pytest

from collab.agendas.models import AgendaItem, Topic
from collab.decisions.services import decisions
from collab.followup.queries.causes import missing_for_data_item
from collab.followup.services import causes
from collab.meetings.models import Meeting
from collab.room.queries.room import room_of
from collab.room.services import lifecycle
from collab.room.services.clock import go_to_item
from tests.conftest import make_meeting

pytestmark = pytest.mark.django_db

WANTED = "Name at least one cause in instruction, because that is what teachers can change."


@pytest.fixture
def why(cast, place, live):
    """The step that asks why, after the results, in a meeting whose protocol shows them."""
    for position, (title, shows, capture) in enumerate(
        [("Observe", "results", "notes"), ("Why", "", "cause")]
    ):
        topic = Topic.objects.create(team=cast.team, title=title, kind="step")
        step = AgendaItem.objects.create(
            topic=topic, meeting=live, title=title, shows=shows, capture=capture, position=90 + position
        )
    return step


def name_causes(item, *people):
    for user in people:
        causes.add_cause(
            item, actor=user, kind="instruction", text="Too few drawings", client_key=uuid.uuid4()
        )
        causes.commit_to_change(item, actor=user, text="Number lines first", client_key=uuid.uuid4())


def requeued(place):
    return AgendaItem.objects.filter(topic=place.item.topic, meeting=None).exists()


def test_causes_are_asked_for_on_the_step_that_comes_later(cast, place, live, why):
    assert missing_for_data_item(place.item) == ""
    go_to_item(live, actor=cast.ana, item_uuid=str(why.uuid))
    assert room_of(cast.ana, live).missing == WANTED
    why.refresh_from_db()
    name_causes(why, cast.ana)
    assert room_of(cast.ana, live).missing == "Still to say what they will do differently: Tom B."
    name_causes(why, cast.tom)
    assert room_of(cast.ana, live).missing == ""
    lifecycle.close_meeting(live, actor=cast.ana)
    assert not requeued(place)


def test_without_a_cause_anywhere_the_results_come_back(cast, place, live, why):
    lifecycle.close_meeting(live, actor=cast.ana)
    assert requeued(place)


def test_results_on_which_something_was_decided_do_not_come_back(cast, place, live):
    decisions.decide(
        place.item, actor=cast.ana, text="Number lines first", check_on=None, client_key=uuid.uuid4()
    )
    lifecycle.close_meeting(live, actor=cast.ana)
    assert not requeued(place)


def test_results_without_a_cause_come_back_once(cast, place, live):
    earlier = make_meeting(cast.team, cast.staff.ana)
    earlier.items.all().delete()
    Meeting.objects.filter(pk=earlier.pk).update(state=Meeting.State.CLOSED)
    AgendaItem.objects.create(
        topic=place.item.topic, meeting=earlier, title="Results", state=AgendaItem.State.DONE, capture="cause"
    )
    lifecycle.close_meeting(live, actor=cast.ana)
    assert not requeued(place)


def test_without_such_a_step_the_results_ask_themselves(cast, place, live):
    assert room_of(cast.ana, live).missing == WANTED
    name_causes(place.item, cast.ana, cast.tom)
    assert room_of(cast.ana, live).missing == ""


def test_a_step_that_records_causes_asks_nothing_without_results(cast, place, live, why):
    AgendaItem.objects.filter(pk=place.item.pk).delete()
    go_to_item(live, actor=cast.ana, item_uuid=str(why.uuid))
    assert room_of(cast.ana, live).missing == ""
