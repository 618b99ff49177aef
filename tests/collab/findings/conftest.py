"""A check in four classes on the agenda of the next meeting, and that meeting live."""

import pytest

from collab.agendas.services.items import add_item
from collab.room.services import lifecycle
from tests.factories.assessments import make_entered_check


@pytest.fixture
def place(cast):
    """The check of `make_entered_check`, first on the agenda of the next meeting."""
    found = make_entered_check(cast)
    found.item = add_item(
        cast.meeting, actor=cast.ana, assessment=found.check, title="Results: Unit 3 check", minutes=10
    )
    cast.meeting.items.exclude(pk=found.item.pk).delete()
    return found


@pytest.fixture
def live(cast, place):
    """The meeting in progress, with Ana and Tom."""
    started = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    for person in (cast.ana, cast.tom):
        lifecycle.join_meeting(started, actor=person)
    return started
