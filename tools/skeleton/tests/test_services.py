"""Adding things, and their visibility."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from areaapp.things import services as things
from areaapp.things.models import Thing
from areaapp.things.permissions import things_visible_to


def test_a_member_adds_a_thing_that_no_other_school_sees(cast):
    thing = things.add_thing(cast.team, actor=cast.ana, text="Read aloud")
    assert list(things_visible_to(cast.tom)) == [thing]
    assert list(things_visible_to(cast.zed)) == []


def test_a_user_outside_the_team_cannot_add_one(cast):
    with pytest.raises(PermissionDenied):
        things.add_thing(cast.team, actor=cast.gil, text="Read aloud")
    assert not Thing.objects.exists()
