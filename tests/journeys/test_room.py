"""The live room in several real browsers: all show the same after any gap."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from collab.agendas.services import items
from collab.decisions.services import decisions
from collab.room.services import clock, lifecycle
from tests.factories.meetings import current, say
from tests.servers import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]

# The regions of the page as text, without the running clock.
SHOWN = """() => Object.fromEntries([...document.querySelectorAll('#live [data-follows]')]
    .filter((one) => !['room', 'clock', 'head'].includes(one.id)).map((one) => [one.id, one.innerText]))"""

SAID = ["Said while Tom was away", "Written without a connection"]


def test_pages_that_were_offline_wake_and_show_what_a_fresh_load_shows(cast, open_page):
    later = items.add_item(cast.meeting, actor=cast.ana, title="Reading night", minutes=5)
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    decision = decisions.decide(
        current(live), actor=cast.ana, text="Read in pairs", check_on=None, client_key=live.uuid
    )
    ana, tom, pia = (open_page(user, live.get_absolute_url()) for user in (cast.ana, cast.tom, cast.pia))
    tom.context.set_offline(True)
    field = tom.get_by_label("What do you see?")
    field.fill("Written without a connection")
    field.press("Enter")
    expect(tom.locator("#say")).to_contain_text("It is sent as soon as the connection is back.")
    expect(tom.get_by_text("No connection.")).to_have_count(1)  # one sentence, which covers no other
    for fingers, voter in ((1, ana), (4, ana)):
        voter.locator(".fingers").get_by_role("button", name=str(fingers), exact=True).click()
    decisions.cast_consensus_vote(decision, actor=cast.tom, fingers=1)
    say(current(live), cast.ana, "Said while Tom was away")
    clock.go_to_item(live, actor=cast.ana, item_uuid=str(later.uuid), anyway=True)
    tom.context.set_offline(False)
    expect(tom.locator("#item-title")).to_have_text("Reading night")
    wait_until(
        lambda: list(live.items.first().contributions.values_list("text", flat=True)) == SAID, "Not sent."
    )
    for page in (ana, tom, pia):
        expect(page.locator(".fist b:not(.act)")).to_have_text("2.5")
        fresh = open_page({ana: cast.ana, tom: cast.tom, pia: cast.pia}[page], live.get_absolute_url())
        expect(fresh.locator("#item-title")).to_have_text("Reading night")
        wait_until(
            lambda page=page, fresh=fresh: page.evaluate(SHOWN) == fresh.evaluate(SHOWN), "Another page."
        )
