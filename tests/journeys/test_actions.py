"""The list of action items and an agenda with the keyboard at 400 % zoom."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from playwright.sync_api import expect

from collab.actions.models import Action
from collab.room.services import lifecycle
from tests.factories.meetings import current, say

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]

BEHIND_A_BAR = """() => {
  const box = document.activeElement.getBoundingClientRect();
  return [...document.querySelectorAll(".tabs-bar, .bar")]
    .filter((bar) => ["fixed", "sticky"].includes(getComputedStyle(bar).position) && !bar.contains(document.activeElement))
    .some((bar) => {
      const edge = bar.getBoundingClientRect();
      return edge.height > 0 && box.height > 0 && box.top >= edge.top && box.bottom <= edge.bottom;
    });
}"""


def test_at_400_percent_no_focused_control_of_the_list_or_an_agenda_is_behind_a_bar(cast, open_page):
    for n in range(12):
        Action.objects.create(
            team=cast.team, text=f"Task {n}", owner=cast.staff.ana, made_by=cast.ana, client_key=uuid.uuid4(),
            due_on=cast.school.today() + dt.timedelta(days=n),
        )  # fmt: skip
    page = open_page(cast.ana, "/actions/")
    page.set_viewport_size({"width": 320, "height": 256})
    for path in ("/actions/", cast.meeting.get_absolute_url()):
        page.goto(path)
        behind, seen = [], 0
        for _turn in range(60):
            page.keyboard.press("Tab")
            seen += 1
            if page.evaluate(BEHIND_A_BAR):
                behind.append(page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))
        assert (seen, behind) == (60, [])


def test_the_focus_stays_on_what_was_pressed_or_what_took_its_place(cast, open_page):
    page = open_page(cast.ana, "/actions/")
    for label in ("Mark as done", "Mark as not done", "Mark as done"):
        page.locator(f".tick[aria-label^='{label}']").first.focus()
        page.keyboard.press("Enter")
        other = "Mark as done" if "not" in label else "Mark as not done"
        expect(page.locator(f".tick[aria-label^='{other}']").first).to_be_focused()
    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    for text in ("First", "Second"):
        say(current(live), cast.tom, text)
    page.goto(live.get_absolute_url())
    second = page.locator("#contributions li", has_text="Second")
    second.get_by_role("button", name="Vote", exact=True).focus()
    page.keyboard.press("Enter")
    expect(second.get_by_role("button", name="Voted ✓")).to_be_focused()
    expect(page.locator("#contributions li").first).to_contain_text("Second")
