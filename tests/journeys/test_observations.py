"""A peer observation: requested, agreed, documented, debriefed, shared, unshared.

Then its meeting's contributions are found with the search field. Axe checks every page at 1440 and 390
pixels.
"""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from playwright.sync_api import Page, expect

from collab.discussion.models import Contribution
from collab.feedback.models import Pulse
from collab.meetings.models import Meeting
from collab.observations.models import Evidence, PeerObservation
from teams.lib import clock
from tests.journeys.steps import check

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]


def test_a_peer_observation_from_request_to_sharing(cast, open_page):
    tom, gil = open_page(cast.tom, "/observations/"), open_page(cast.gil, "/observations/")
    check(tom)
    ask(cast, tom)
    agree(cast, gil)
    observe(gil)
    talk(tom, gil)
    share(cast, open_page, tom)


def ask(cast, tom: Page) -> None:
    """Tom asks Gil to observe him."""
    tom.get_by_role("link", name="Ask a colleague").click()
    check(tom)
    tom.get_by_label("Colleague", exact=True).select_option(str(cast.staff.gil.uuid))
    tom.get_by_label("Message").fill("Would you come and watch?")
    tom.get_by_role("button", name="Ask", exact=True).click()
    expect(tom.get_by_text("Gil Hart hasn’t answered yet.")).to_be_visible()
    check(tom)


def agree(cast, gil: Page) -> None:
    """Gil accepts with a date, a time and a question."""
    gil.reload()
    check(gil)
    gil.get_by_role("link", name="Would you come and watch?").click()
    check(gil)
    gil.get_by_label("Day").fill(cast.school.today().isoformat())
    gil.get_by_label("Time").fill("10:10")
    gil.get_by_label("Focus question").fill("Who answers, and who never does?")
    gil.get_by_role("button", name="Yes, agreed").click()
    expect(gil.get_by_role("heading", level=1)).to_have_text("Who answers, and who never does?")
    check(gil)


def observe(gil: Page) -> None:
    """Add lines with Enter; evaluative words get a hint, never a refusal."""
    box = gil.get_by_label("What do you see or hear?")
    for text in ("Four hands up, all in front", "Good questions from the back"):
        box.fill(text)
        box.press("Enter")
        expect(gil.locator("#evidence li", has_text=text)).to_be_visible()
        expect(box).to_have_value("")
        expect(box).to_be_focused()
    expect(gil.get_by_text("“Good” may be a judgment.")).to_be_visible()
    gil.context.set_offline(True)
    box.fill("Typed without a network")
    box.press("Enter")
    expect(gil.get_by_text("No connection.").first).to_be_visible()
    expect(box).to_have_value("Typed without a network")
    gil.context.set_offline(False)
    gil.problems.clear()  # the browser logs that there was no network
    box.press("Enter")
    expect(gil.locator("#evidence li", has_text="Typed without a network")).to_be_visible()
    assert Evidence.objects.count() == 3
    check(gil)
    gil.get_by_role("button", name="The lesson is over").click()
    expect(gil.get_by_role("heading", name="Debrief")).to_be_visible()


def talk(tom: Page, gil: Page) -> None:
    """Both write at once; the second sees both texts."""
    tom.reload()
    tom.get_by_label("What we talked about").fill("Of Tom")
    tom.get_by_role("button", name="Save for now").click()
    expect(tom.get_by_text("Saved.")).to_be_visible()
    gil.get_by_label("What we talked about").fill("Of Gil")
    gil.get_by_role("button", name="Save for now").click()
    expect(gil.locator("blockquote")).to_have_text("Of Tom")
    expect(gil.get_by_label("What we talked about")).to_have_value("Of Gil")
    gil.problems.clear()  # the browser logs the 422 that carries both texts
    check(gil)
    gil.get_by_label("What we talked about").fill("Of both")
    gil.get_by_label("Next step").fill("Five seconds of quiet")
    gil.get_by_role("button", name="Finish the debrief").click()
    expect(gil.locator(".page-head .tag")).to_have_text("Debriefed")
    assert PeerObservation.objects.get().debrief == "Of both"


def share(cast, open_page, tom: Page) -> None:
    """Share with the team, read as a member, stop sharing."""
    tom.reload()
    address = tom.url
    ana = open_page(cast.ana, "/observations/")
    expect(ana.get_by_text("Nothing here yet")).to_be_visible()
    tom.get_by_role("button", name="Share with my teams").click()
    check(tom)
    ana.reload()
    ana.get_by_role("link", name="Who answers, and who never does?").click()
    expect(ana.get_by_text("Five seconds of quiet")).to_be_visible()
    check(ana)
    tom.get_by_role("button", name="Stop sharing").click()
    assert ana.goto(address).status == 404


def test_contributions_are_found_from_any_page_and_meeting_effectiveness_is_shown(cast, open_page):
    starts = clock.now() - dt.timedelta(days=7)
    for back in (0, 7):
        meeting = Meeting.objects.create(
            team=cast.team,
            title="What did they read?",
            starts_at=starts - dt.timedelta(days=back),
            ends_at=starts - dt.timedelta(days=back) + dt.timedelta(minutes=45),
            started_at=starts - dt.timedelta(days=back),
            closed_at=starts - dt.timedelta(days=back) + dt.timedelta(minutes=45),
            state="closed",
        )
        topic = cast.team.topics.create(title="Results", kind="data")
        item = meeting.items.create(topic=topic, title="Results", minutes=20, state="done", seconds_used=1500)
        Pulse.objects.create(meeting=meeting, question="time", answer="yes", count=4 + back)
        Contribution.objects.create(
            item=item, author=cast.tom, text="Herons are read about twice", client_key=uuid.uuid4()
        )
    page = open_page(cast.ana)
    page.keyboard.press("/")
    page.keyboard.type("heron")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_have_text("Herons")
    expect(page.get_by_text("2 results")).to_be_visible()
    check(page)
    page.goto("/search/")
    check(page)
    page.goto(f"{cast.team.get_absolute_url()}value/")
    expect(page.get_by_text("10 min more than planned").first).to_be_visible()
    check(page)
    assert page.goto(f"{cast.other_team.get_absolute_url()}value/").status == 404
