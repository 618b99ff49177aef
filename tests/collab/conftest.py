"""A live meeting, shared by all areas."""

import pytest

from collab.room.services import lifecycle


@pytest.fixture
def live(cast):
    started = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    for person in (cast.ana, cast.tom):
        lifecycle.join_meeting(started, actor=person)
    return started
