"""Private writing, and words that change."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied

from collab.agendas.models import AgendaItem
from collab.discussion import services as contributions
from collab.discussion.models import Contribution
from collab.discussion.queries import discussion_of
from collab.room.services import clock, lifecycle
from teams.lib.errors import DomainError, StaleEdit
from tests.factories.meetings import current, fresh, say, texts


def test_what_is_written_privately_is_sent_to_its_author_only_until_it_is_revealed(cast, live):
    item = contributions.write_privately(current(live), actor=cast.ana)
    said = say(item, cast.ana, text="Mine")
    say(item, cast.tom, text="Toms")
    assert (texts(cast.ana, item), texts(cast.tom, item)) == (["Mine"], ["Toms"])
    assert discussion_of(cast.tom, item).written == 2
    with pytest.raises(DomainError, match="no longer being discussed"):
        contributions.toggle_agreement(fresh(said), actor=cast.tom)
    item = contributions.reveal(item, actor=cast.ana)
    assert texts(cast.tom, item) == ["Mine", "Toms"]


def test_going_on_reveals_what_was_written_so_that_nothing_is_lost(cast, live):
    item = contributions.write_privately(current(live), actor=cast.ana)
    say(item, cast.tom, text="Toms")
    second = live.items.order_by("position")[1]
    with pytest.raises(clock.NotReady, match="1 of 2 haven’t written anything"):
        clock.go_to_item(live, actor=cast.ana, item_uuid=str(second.uuid))
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(second.uuid), anyway=True)
    assert texts(cast.ana, fresh(item)) == ["Toms"]


def test_a_step_in_which_nobody_speaks_begins_privately(cast, live):
    second = live.items.order_by("position")[1]
    AgendaItem.objects.filter(pk=second.pk).update(speaker="write")
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(second.uuid))
    assert current(live).is_private


def test_words_can_change_and_what_was_said_before_is_kept(cast, live):
    said = say(current(live), cast.tom, text="Five of six")
    contributions.edit_contribution(said, actor=cast.tom, kind="wonder", text="Six of six", version=0)
    said = fresh(said)
    assert (said.kind, said.text, said.version) == ("wonder", "Six of six", 1)
    assert list(said.versions.values_list("kind", "text")) == [("notice", "Five of six")]
    with pytest.raises(StaleEdit) as stale:
        contributions.edit_contribution(said, actor=cast.tom, kind="notice", text="Seven", version=0)
    assert stale.value.current == "Six of six"
    with pytest.raises(PermissionDenied):
        contributions.edit_contribution(said, actor=cast.ana, kind="notice", text="Hers", version=1)


def test_words_are_taken_back_and_put_back_and_never_removed(cast, live):
    said = say(current(live), cast.tom, text="Hasty")
    contributions.retract_contribution(said, actor=cast.tom)
    assert texts(cast.ana, current(live)) == []
    assert [row.text for row in discussion_of(cast.tom, current(live)).mine_retracted] == ["Hasty"]
    contributions.restore_contribution(fresh(said), actor=cast.tom)
    assert texts(cast.ana, current(live)) == ["Hasty"]
    assert Contribution.objects.count() == 1


def test_answers_before_the_meeting_are_seen_when_the_item_begins(cast):
    item = cast.meeting.items.order_by("position")[1]
    AgendaItem.objects.filter(pk=item.pk).update(ask="What have you tried?")
    item = fresh(item)
    contributions.answer_before(item, actor=cast.tom, text="Pairs", client_key=uuid.uuid4())
    contributions.answer_before(item, actor=cast.tom, text="Pairs, twice", client_key=uuid.uuid4())
    assert [row.text for row in discussion_of(cast.ana, item).before] == []
    assert [row.text for row in discussion_of(cast.tom, item).before] == ["Pairs, twice"]
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(item.uuid))
    assert [row.text for row in discussion_of(cast.ana, fresh(item)).before] == ["Pairs, twice"]
