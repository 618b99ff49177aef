"""A term of meetings in a real browser: planned, prepared, held, approved, followed up.

Axe checks every page at 1440 and 390 pixels.
"""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from collab.agendas.models import AgendaItem
from collab.meetings.models import Meeting, Series
from teams.directory.models import Norm
from tests.journeys.steps import check

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]


def test_a_term_is_planned_and_one_of_its_meetings_is_held(cast, open_page):
    Meeting.objects.all().delete()
    Norm.objects.create(team=cast.team, text="We talk about the work")
    ana = open_page(cast.ana, "/meetings/")
    check(ana)
    plan_a_term(cast, ana)
    fill_the_agenda(cast, ana)
    tom = open_page(cast.tom, Meeting.objects.order_by("starts_at").first().get_absolute_url())
    run_it(cast, ana, tom)
    afterwards(cast, ana, open_page(cast.pia), open_page(cast.gil))


def plan_a_term(cast, page: Page) -> None:
    """Plan a term with five fields."""
    page.get_by_role("link", name="Plan a term").click()
    check(page)
    tomorrow = cast.school.today() + dt.timedelta(days=1)
    page.locator("#id_weekday").select_option(str(tomorrow.weekday() if tomorrow.weekday() < 5 else 0))
    page.locator("#id_starts_at").fill("10:10")
    page.locator("#id_ends_on").fill((tomorrow + dt.timedelta(weeks=4)).isoformat())
    page.get_by_role("button", name="Plan meetings").click()
    expect(page.get_by_text(re.compile(r"\d meetings are planned"))).to_be_visible()
    check(page)
    assert Series.objects.get().meetings.count() >= 4
    page.goto(Meeting.objects.order_by("starts_at").first().get_absolute_url())


def fill_the_agenda(cast, page: Page) -> None:
    """Review the queue; a person adds a student; write an item, restrict it, move it by keyboard."""
    check(page)
    queue = page.locator(".queue")
    expect(queue.get_by_text("Maya Okafor")).to_be_visible()
    page.set_viewport_size({"width": 1440, "height": 400})
    add = page.get_by_role("button", name="Add to the agenda: Maya Okafor")
    add.scroll_into_view_if_needed()
    place = page.evaluate("scrollY")
    add.click()
    expect(page.get_by_text("Added to the agenda: Maya Okafor.")).to_be_visible()
    page.wait_for_function("place => Math.abs(scrollY - place) < 150", arg=place)
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(page.locator(".agenda-list").get_by_text("Maya Okafor")).to_be_visible()
    page.get_by_text("Add an item").click()
    page.get_by_label("Topic").fill("Reading night")
    page.get_by_text("More: who leads it").click()
    page.get_by_label("Question to answer before the meeting").fill("Who can come?")
    check(page)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Before we meet")).to_be_visible()
    page.get_by_label("Your answer: Reading night").fill("I can")
    page.locator("form", has_text="Who can come?").get_by_role("button", name="Answer", exact=True).click()
    expect(page.get_by_role("button", name="Change my answer")).to_be_visible()
    page.get_by_text("Maya Okafor", exact=True).last.click()
    page.get_by_role("button", name="Ask for predictions first").click()
    expect(page.get_by_text("revealed after predicting")).to_be_visible()
    item = page.locator(".agenda-list [data-item]").last
    title = item.locator("b").inner_text()
    item.locator("[data-grip]").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator(".agenda-list [data-item]").nth(-2).locator("b")).to_have_text(title)
    check(page)


def run_it(cast, ana: Page, tom: Page) -> None:
    """Write privately, reveal; predict, reveal; group, vote, decide, park, ask, rate."""
    ana.get_by_text("Start it early").click()
    ana.get_by_role("button", name="Start the meeting").click()
    expect(tom.get_by_text("Our norm: We talk about the work")).to_be_visible()
    tom.locator("#say-text").fill("Half a thought")
    tom.locator("#say-text").focus()
    ana.locator(".agenda").get_by_role("button", name="Maya Okafor").click()
    expect(tom.locator("#item-title")).to_have_text("Maya Okafor")
    expect(tom.locator("#say-text")).to_have_value("Half a thought")  # what others do changes no typed text
    expect(tom.locator("#say-text")).to_be_focused()
    tom.locator("#say-text").fill("")
    expect(tom.get_by_role("heading", name="What do you expect to see?")).to_be_visible()
    assert tom.locator("#item figure").count() == 0
    check(tom)
    tom.get_by_label("I expect").fill("Mondays")
    tom.get_by_role("button", name="Predict").click()
    expect(tom.get_by_text("You expect:")).to_be_visible()
    ana.get_by_label("I expect").fill("No pattern")
    ana.get_by_role("button", name="Predict").click()
    expect(ana.locator("#item figure svg").first).to_be_visible()
    expect(tom.locator("#item figure svg").first).to_be_visible()
    expect(tom.get_by_text("What we predicted")).to_be_visible()
    ana.get_by_role("button", name="Write privately first").click()
    expect(tom.get_by_text("Everyone is writing privately")).to_be_visible()
    tom.keyboard.press("c")
    tom.keyboard.type("Every absence of Maya is a Monday.")
    tom.keyboard.press("Enter")
    expect(tom.locator("#contributions").get_by_text("Every absence of Maya")).to_be_visible()
    expect(ana.get_by_text("1 contribution so far.")).to_be_visible()
    assert ana.get_by_text("Every absence").count() == 0
    ana.get_by_role("button", name="Reveal all").click()
    expect(ana.get_by_text("Every absence of Maya")).to_be_visible()
    ana.locator("a.more").first.click()
    ana.get_by_label("Group", exact=True).select_option("new")
    tom.locator("#say-text").fill("It began in October.")
    tom.locator("#say").get_by_role("button", name="Add").click()
    expect(ana.locator("#contributions").get_by_text("It began in October.")).to_have_count(1)
    expect(ana.locator("#count-notice")).to_have_text("2")
    check(ana)  # the menu stays open while others write
    ana.get_by_label("Name of the new group").fill("Mondays")
    ana.get_by_role("button", name="Change group").click()
    expect(tom.locator(".group h3")).to_contain_text("Mondays")
    tom.locator(".group").get_by_role("button", name="Vote").click()
    expect(ana.locator(".group h3")).to_contain_text("1 vote")
    check(ana)
    hide_names(cast, tom)
    ana.keyboard.press("p")
    ana.get_by_label("In a few words").fill("The bus on Mondays")
    ana.get_by_role("button", name="Park it", exact=True).click()
    expect(tom.get_by_role("heading", name="Parked")).to_be_visible()
    refuse_a_decision(ana)
    ana.keyboard.press("q")
    ana.locator("#ask-text").fill("Can the bus wait five minutes?")
    ana.get_by_role("button", name="Ask", exact=True).click()
    expect(tom.get_by_role("heading", name="Questions for leaders")).to_be_visible()
    # A team of two gets no feedback that could be shown, so it is not asked for any.
    expect(ana.get_by_text("How was this meeting?")).to_have_count(0)
    check(ana)
    ana.get_by_role("button", name="Close the meeting").click()
    expect(ana.get_by_text("draft", exact=True)).to_be_visible()


def refuse_a_decision(page: Page) -> None:
    """A decision to check in the past: the dialog stays open, says why, and keeps the text."""
    page.keyboard.press("d")
    dialog = page.locator("#decide")
    dialog.locator("textarea").first.fill("Every bus leaves at eight.")
    dialog.locator("input[type=date]").first.fill("2020-02-03")
    dialog.get_by_role("button", name="Decide").click()
    expect(dialog.get_by_role("alert")).to_contain_text(re.compile("has passed"))
    expect(dialog.locator("textarea").first).to_have_value("Every bus leaves at eight.")
    dialog.get_by_role("button", name="Cancel").click()
    page.locator("#messages [data-dismiss]").first.click()
    page.problems.clear()  # the browser logs the expected 422


def hide_names(cast, page: Page) -> None:
    """The projector: no name on the page, typed text stays intact, and names return."""
    page.get_by_role("button", name="Hide names (projector)").first.click()
    expect(page.get_by_text("Names are hidden")).to_be_visible()
    expect(page.locator("#item-title")).to_have_text(re.compile(r"^Student \d+$"))
    assert "Maya" not in page.content()
    check(page)
    page.get_by_role("button", name="Show names again").first.click()
    expect(page.locator("#item-title")).to_have_text("Maya Okafor")


def afterwards(cast, ana: Page, pia: Page, gil: Page) -> None:
    """Approve; the principal answers; the answer is on the next agenda; another teacher reads the open part."""
    check(ana)
    ana.set_viewport_size({"width": 390, "height": 844})
    tops = [ana.locator(one).first.bounding_box() for one in ("#decided", ".minutes-item")]
    assert tops[0]["y"] < tops[1]["y"]  # a phone shows first what was decided
    ana.set_viewport_size({"width": 1440, "height": 900})
    ana.get_by_role("button", name="Approve the minutes").click()
    expect(ana.get_by_text("approved", exact=True)).to_be_visible()
    expect(pia.get_by_role("heading", name="Team questions for you")).to_be_visible()
    pia.get_by_role("link", name="Can the bus wait five minutes?").click()
    check(pia)
    pia.get_by_label(re.compile("Answer to")).fill("Yes, from next week.")
    pia.get_by_role("button", name="Answer").click()
    expect(pia.get_by_text("Answered. The team sees it")).to_be_visible()
    coming = Meeting.objects.filter(state="planned").order_by("starts_at").first()
    ana.goto(coming.get_absolute_url())
    expect(ana.get_by_text("Answer: Can the bus wait five minutes?")).to_be_visible()
    expect(ana.get_by_text("The bus on Mondays")).to_be_visible()
    assert AgendaItem.objects.filter(topic__title="The bus on Mondays").count() == 1
    for path in ("/protocols/", "/series/new/"):
        ana.goto(path)
        check(ana)
    ana.goto("/protocols/")
    ana.get_by_role("link", name="Consultancy").click()
    check(ana)
    ana.get_by_role("button", name="Copy").click()
    check(ana)
    ana.get_by_role("button", name="Save").click()
    expect(ana.get_by_role("button", name="Use it in these meetings")).to_be_visible()
    check(ana)
    ana.get_by_role("link", name="Not now").click()
    expect(ana.get_by_role("link", name="Edit")).to_be_visible()
    closed = Meeting.objects.get(state="closed")
    gil.goto(f"/meetings/{closed.uuid}/staff/")
    check(gil)
    assert "Maya" not in gil.content()
    ana.goto(f"/meetings/{coming.uuid}/move/")
    check(ana)
