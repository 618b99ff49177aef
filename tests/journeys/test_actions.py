"""The list of action items and an agenda with the keyboard at 400 % zoom."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from collab.actions.models import Action

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
