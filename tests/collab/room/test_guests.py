"""Guests and restricted items in the room."""

import pytest
from django.core.exceptions import PermissionDenied

from collab.agendas.services import items
from collab.discussion.models import Contribution
from collab.meetings.models import Guest
from collab.meetings.services import roles
from collab.proposals import services as proposals
from collab.room.services import clock, lifecycle
from teams.lib.errors import DomainError
from tests.factories.meetings import current, say


def test_a_guest_takes_part_in_one_meeting_until_removed(cast, live):
    with pytest.raises(PermissionDenied):
        say(current(live), cast.gil)
    roles.invite_guest(live, actor=cast.ana, staff=cast.staff.gil)
    assert say(current(live), cast.gil, text="Hello").text == "Hello"
    assert lifecycle.join_meeting(live, actor=cast.gil) is True
    roles.remove_guest(live, actor=cast.ana, staff=cast.staff.gil)
    with pytest.raises(PermissionDenied):
        say(current(live), cast.gil)
    assert Contribution.objects.filter(author=cast.gil).count() == 1
    with pytest.raises(DomainError, match="doesn’t work at this school"):
        roles.invite_guest(live, actor=cast.ana, staff=cast.staff.zed)
    assert not Guest.objects.exists()


def test_others_see_only_the_position_of_a_restricted_item(cast, as_user):
    secret = items.add_item(
        cast.meeting,
        actor=cast.ana,
        title="Custody of Maya",
        minutes=7,
        visibility="restricted",
        outcome="Hush",
    )
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(secret.uuid))
    say(secret, cast.ana, text="Quietly")
    for user in (cast.tom, cast.cora, cast.pia):
        page = as_user(user).get(f"/meetings/{live.uuid}/").content.decode()
        assert "Restricted item" in page
        assert not [word for word in ("Custody", "Hush", "Quietly") if word in page]
        with pytest.raises(PermissionDenied):
            say(secret, user if user is cast.tom else cast.cora)
    assert "Custody" in as_user(cast.ana).get(f"/meetings/{live.uuid}/").content.decode()


def test_an_item_about_a_student_cannot_be_open_to_all_staff(cast):
    item = proposals.propose_candidate(cast.candidate, actor=cast.cora, team=cast.team)
    with pytest.raises(DomainError, match="can’t be open to all staff"):
        items.edit_item(item, actor=cast.ana, version=0, title="Maya", minutes=4, visibility="staff")
