"""The projector view follows the room by itself, also after it was offline."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from collab.agendas.services import items
from collab.decisions.services import decisions
from collab.room.services import clock, lifecycle
from tests.factories.meetings import current, say
from tests.journeys.steps import check

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]


def test_the_wall_follows_the_room_and_wakes_after_it_was_offline(cast, open_page):
    later = items.add_item(cast.meeting, actor=cast.ana, title="Reading night", minutes=5)
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    room = open_page(cast.ana, live.get_absolute_url())
    link = room.get_by_role("link", name="Open the projector view")
    expect(link).to_have_attribute("target", "_blank")
    wall = open_page(cast.ana, link.get_attribute("href"))
    expect(wall.get_by_role("heading", level=1)).to_have_text(current(live).title)
    say(current(live), cast.tom, "Maya helps Jonas")
    decision = decisions.decide(
        current(live), actor=cast.ana, text="Read in pairs", check_on=None, client_key=live.uuid
    )
    decisions.cast_consensus_vote(decision, actor=cast.tom, fingers=1)
    expect(wall.locator(".wall-said")).to_contain_text("helps Student")
    expect(wall.locator(".wall-decision")).to_contain_text("1 concern to hear")
    expect(wall.locator("[data-timer-left]")).to_contain_text(":")
    check(wall)
    wall.context.set_offline(True)
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(later.uuid), anyway=True)
    wall.context.set_offline(False)
    expect(wall.get_by_role("heading", level=1)).to_have_text("Reading night")
    lifecycle.close_meeting(live, actor=cast.ana)
    expect(wall.locator("#room")).to_contain_text("The meeting is over.")
