"""Private writing, and rewording contributions."""

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


def test_private_writing_is_sent_to_its_author_only_until_revealed(cast, live):
    item = contributions.write_privately(current(live), actor=cast.ana)
    contribution = say(item, cast.ana, text="Mine")
    say(item, cast.tom, text="Toms")
    assert (texts(cast.ana, item), texts(cast.tom, item)) == (["Mine"], ["Toms"])
    assert discussion_of(cast.tom, item).written == 2
    with pytest.raises(DomainError, match="no longer being discussed"):
        contributions.toggle_agreement(fresh(contribution), actor=cast.tom)
    item = contributions.reveal(item, actor=cast.ana)
    assert texts(cast.tom, item) == ["Mine", "Toms"]


def test_moving_on_reveals_private_writing(cast, live):
    item = contributions.write_privately(current(live), actor=cast.ana)
    say(item, cast.tom, text="Toms")
    second = live.items.order_by("position")[1]
    with pytest.raises(clock.NotReady, match="1 of 2 haven’t written anything"):
        clock.go_to_item(live, actor=cast.ana, item_uuid=str(second.uuid))
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(second.uuid), anyway=True)
    assert texts(cast.ana, fresh(item)) == ["Toms"]


def test_a_silent_step_starts_with_private_writing(cast, live):
    second = live.items.order_by("position")[1]
    AgendaItem.objects.filter(pk=second.pk).update(speaker="write")
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(second.uuid))
    assert current(live).is_private


def test_a_contribution_can_be_reworded_and_its_history_is_kept(cast, live):
    contribution = say(current(live), cast.tom, text="Five of six")
    contributions.edit_contribution(contribution, actor=cast.tom, kind="wonder", text="Six of six", version=0)
    contribution = fresh(contribution)
    assert (contribution.kind, contribution.text, contribution.version) == ("wonder", "Six of six", 1)
    assert list(contribution.versions.values_list("kind", "text")) == [("notice", "Five of six")]
    with pytest.raises(StaleEdit) as stale:
        contributions.edit_contribution(contribution, actor=cast.tom, kind="notice", text="Seven", version=0)
    assert stale.value.current == "Six of six"
    with pytest.raises(PermissionDenied):
        contributions.edit_contribution(contribution, actor=cast.ana, kind="notice", text="Hers", version=1)


def test_a_contribution_is_retracted_and_restored_but_never_deleted(cast, live):
    contribution = say(current(live), cast.tom, text="Hasty")
    contributions.retract_contribution(contribution, actor=cast.tom)
    assert texts(cast.ana, current(live)) == []
    assert [row.text for row in discussion_of(cast.tom, current(live)).mine_retracted] == ["Hasty"]
    contributions.restore_contribution(fresh(contribution), actor=cast.tom)
    assert texts(cast.ana, current(live)) == ["Hasty"]
    assert Contribution.objects.count() == 1


def test_answers_before_the_meeting_are_revealed_when_the_item_starts(cast):
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
