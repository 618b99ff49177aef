"""A team changes its protocol: steps are dragged, moved with the keyboard, removed and added; planned meetings follow."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from collab.protocols.models import Protocol
from collab.protocols.services import copy_protocol
from tests.journeys.steps import check

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]


def test_the_steps_of_a_protocol_are_a_list_and_planned_meetings_take_them_over(cast, open_page):
    ours = copy_protocol(Protocol.objects.get(key="what-so-what"), actor=cast.ana, team=cast.team)
    titles = [step.title for step in ours.steps.all()]
    page = open_page(cast.ana, f"/protocols/{ours.uuid}/edit/")
    page.locator("[data-grip]").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#moved")).to_have_text(f"Moved: {titles[0]}, now 2 of 3.")
    box = page.locator("[data-grip]").nth(2).bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 5, box["y"] - 400, steps=4)
    page.mouse.up()
    expect(page.locator("#moved")).to_have_text(f"Moved: {titles[2]}, now 1 of 3.")
    page.get_by_role("button", name="Remove", exact=True).last.click()
    page.get_by_role("button", name="Add a step").click()
    page.keyboard.type("Celebrate")
    page.locator(".step-row:visible").last.locator("[name$=minutes]").fill("3")
    check(page)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("checkbox").first.check()
    check(page)
    page.get_by_role("button", name="Use it in these meetings").click()
    expect(page.locator(".messages")).to_contain_text("1 planned meeting has these steps now.")
    assert [step.title for step in ours.steps.all()] == [titles[2], titles[1], "Celebrate"]
    cast.meeting.refresh_from_db()
    assert cast.meeting.protocol == ours
