"""Plan and change meetings without losing anything."""

import pytest

from collab.agendas.services import items
from collab.planning.services import meetings
from collab.room.services import lifecycle
from teams.lib.errors import DomainError, StaleEdit


@pytest.fixture
def live(cast):
    return lifecycle.start_meeting(cast.meeting, actor=cast.ana)


def test_a_team_cannot_meet_twice_at_once(cast):
    with pytest.raises(DomainError, match="already"):
        meetings.plan_meeting(
            cast.team, actor=cast.ana, title="Twice", minutes=45, starts_at=cast.meeting.starts_at
        )


def test_two_people_editing_an_item_see_both_texts(cast):
    item = cast.meeting.items.first()
    items.edit_item(item, actor=cast.ana, version=0, title="Promises first", minutes=5, outcome="")
    with pytest.raises(StaleEdit) as stale:
        items.edit_item(item, actor=cast.tom, version=0, title="Ours", minutes=5, outcome="")
    assert stale.value.current == "Promises first · 5"


def test_items_are_moved_and_removed_without_being_lost(cast):
    first, second = cast.meeting.items.order_by("position", "pk")
    items.move_item(second, actor=cast.tom, by=-1)
    assert list(cast.meeting.items.order_by("position")) == [second, first]
    items.remove_item(first, actor=cast.tom)
    first.refresh_from_db()
    assert (first.meeting, first.state) == (None, "waiting")


def test_the_question_of_a_meeting_can_be_changed_until_it_is_over(cast, as_user):
    page = f"/meetings/{cast.meeting.uuid}/rename/"
    was, sequence = cast.meeting.title, cast.meeting.calendar_sequence
    answer = as_user(cast.tom).post(page, {"title": "Who is ready for more?", "seen": was})
    cast.meeting.refresh_from_db()
    assert answer.url == f"/meetings/{cast.meeting.uuid}/"
    assert (cast.meeting.title, cast.meeting.calendar_sequence) == ("Who is ready for more?", sequence + 1)
    with pytest.raises(StaleEdit) as stale:
        meetings.rename_meeting(cast.meeting, actor=cast.ana, title="Ours", seen=was)
    assert stale.value.current == "Who is ready for more?"
    lifecycle.close_meeting(lifecycle.start_meeting(cast.meeting, actor=cast.ana), actor=cast.ana)
    with pytest.raises(DomainError, match="over"):
        meetings.rename_meeting(cast.meeting, actor=cast.ana, title="Too late")
