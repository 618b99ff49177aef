"""The agenda as one reader may see it: content of unreadable items is not even reachable."""

import dataclasses
import datetime as dt
import pickle
import uuid

import pytest

from collab.actions import services as actions
from collab.agendas.models import AgendaItem, Topic
from collab.agendas.queries.items import ItemForReader, ItemsFor
from collab.agendas.services import items
from collab.decisions.services import decisions
from collab.discussion import services as contributions
from collab.followup.services import questions
from collab.preparation.queries.agenda_page import Agenda
from collab.room.queries.room import Room
from collab.room.services import clock, lifecycle

SECRETS = ("Custody", "Hush", "Quietly", "Okafor", "Sealed", "Warily", "Vow", "Plea")
BARE = {
    "uuid",
    "position",
    "state",
    "visibility",
    "minutes",
    "minutes_used",
    "started_at",
    "ends_at",
    "is_step",
}


def leaked_words(whole):
    """Secret words reachable from ``whole`` after loading everything. Pickled, so that no path is missed."""
    for name in dir(type(whole)):
        if not name.startswith("_"):
            getattr(whole, name)
    reached = pickle.dumps(vars(whole))
    return [word for word in SECRETS if word.encode() in reached]


@pytest.fixture
def secret(cast):
    """An item about a student that only Ana may read, with text in every text field."""
    item = items.add_item(
        cast.meeting,
        actor=cast.ana,
        title="Custody of Maya",
        minutes=7,
        visibility="restricted",
        outcome="Hush",
        ask="Sealed?",
        prompt="Warily",
    )
    Topic.objects.filter(pk=item.topic_id).update(candidate=cast.candidate, kind="candidate", why="Hush")
    return AgendaItem.objects.get(pk=item.pk)


def of(agenda, item):
    return next(one for one in agenda.items if one.uuid == item.uuid)


def test_an_unreadable_item_shows_only_position_minutes_and_clock(cast, secret):
    item = of(ItemsFor(cast.tom, cast.meeting), secret)

    assert item == ItemForReader(
        uuid=secret.uuid,
        position=secret.position,
        state="waiting",
        visibility="restricted",
        minutes=7,
        minutes_used=0,
        started_at=None,
        ends_at=None,
        is_step=False,
        title="Restricted item",
    )
    filled = {field.name for field in dataclasses.fields(item) if getattr(item, field.name)}
    assert filled <= {*BARE, "title"}


def test_its_reader_sees_all_of_it(cast, secret):
    agenda = ItemsFor(cast.ana, cast.meeting)
    item = of(agenda, secret)

    assert (item.title, item.prompt, item.row) == ("Custody of Maya", "Warily", secret)
    assert secret in agenda.readable


def test_no_part_of_the_agenda_page_contains_it(cast, secret):
    contributions.answer_before(secret, actor=cast.ana, text="Quietly", client_key=uuid.uuid4())

    for user in (cast.tom, cast.cora, cast.pia):
        agenda = ItemsFor(user, cast.meeting)
        assert leaked_words(agenda) == []
        assert leaked_words(Agenda(agenda)) == []
    assert "Custody" in leaked_words(ItemsFor(cast.ana, cast.meeting))


def test_no_part_of_the_room_contains_it_while_it_is_current(cast, secret):
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(secret.uuid))
    given = {"actor": cast.ana, "client_key": uuid.uuid4()}
    today = cast.school.today()
    contributions.add_contribution(secret, kind="notice", text="Quietly", **given)
    decisions.decide(secret, text="Sealed", check_on=today + dt.timedelta(weeks=4), **given)
    actions.make_action(secret, text="Vow", owner=cast.staff.ana, due_on=today, **given)
    questions.ask_leaders(secret, text="Plea", **given)
    items.park(secret, actor=cast.ana, text="Hush")
    live.refresh_from_db()

    for user in (cast.tom, cast.cora):
        room = Room(user, live)
        assert leaked_words(room) == []
        assert (room.agenda.current.title, room.agenda.open_item) == ("Restricted item", None)
    assert {"Custody", "Quietly", "Sealed", "Vow", "Plea"} <= set(leaked_words(Room(cast.ana, live)))


def test_the_current_item_is_loaded_alone_and_is_the_same(cast, secret, django_assert_num_queries):
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    agenda, whole = ItemsFor(cast.tom, live), ItemsFor(cast.tom, live)
    with django_assert_num_queries(2):
        alone = agenda.current
    whole.items  # noqa: B018 (read first)

    assert whole.current == alone


def test_a_prompt_with_a_charts_figures_is_hidden_with_the_chart(cast):
    item = items.add_item(cast.meeting, actor=cast.ana, title="Maya", minutes=5, prompt="Below, 3 of 4")
    Topic.objects.filter(pk=item.topic_id).update(candidate=cast.candidate, kind="candidate")
    item.exhibits.create(view="team_levels", parameters={}, added_by=cast.ana, predict_first=True)
    waits = of(ItemsFor(cast.ana, cast.meeting), item)
    item.exhibits.update(predict_first=False)
    shown = of(ItemsFor(cast.ana, cast.meeting), item)

    assert (waits.figures_wait, waits.prompt) == (True, "")
    assert (shown.figures_wait, shown.prompt) == (False, "Below, 3 of 4")


def test_minutes_of_unreadable_items_count(cast, secret):
    agenda = ItemsFor(cast.tom, cast.meeting)
    planned = sum(cast.meeting.items.values_list("minutes", flat=True))

    assert agenda.planned_minutes == planned
    assert agenda.over_minutes == planned - agenda.slot_minutes
    assert agenda.free_minutes == max(0, agenda.slot_minutes - planned)
