"""The whole thread, in a real browser with a real worker: from a file to a decision and back.

A score file → a candidate on the agenda and a plan → a live meeting followed by a colleague → a decision, an
action item, minutes → a session and a score on a phone → the principal's page. Axe checks each page at 1440
and 390 pixels, and the console must stay empty.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from collab.actions.models import Action
from collab.agendas.models import Exhibit
from collab.meetings.models import Meeting
from datareview.flags.models import Candidate
from datareview.imports.models import Import
from datareview.plans.models import Plan
from datareview.progress.models import Session
from datareview.records.models import Domain, Score
from datareview.trends.models import Trend
from tests.journeys.steps import check
from tests.servers import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]


FILE = """student_id,date,score,measure
1002,{day},103,orf
1003,{day},9999,orf
4711,{day},80,orf
"""


def test_the_whole_thread(cast, open_page, programs, tmp_path):
    programs.worker()
    other = Candidate.objects.create(
        student=cast.jonas,
        domain=Domain.ACADEMIC,
        reason="Growth has stopped.",
        severity=2,
        raised_on=cast.school.today(),
    )
    load_a_file(cast, open_page(cast.ada, "/imports/"), tmp_path)
    triage(cast, open_page(cast.cora, "/candidates/"), other)
    meet(cast, open_page(cast.ana), open_page(cast.tom))
    deliver(cast, open_page(cast.sol, width=390))
    look_around(cast, open_page(cast.pia))


def load_a_file(cast, page: Page, folder) -> None:
    """The administrator: problems by row first, nothing stored; then applied, and trends computed automatically."""
    check(page)
    path = folder / "scores.csv"
    path.write_text(FILE.format(day=cast.school.today().isoformat()))
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("button", name="Check the whole file")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Check the whole file").click()
    expect(page.get_by_text("No student at this school has this number")).to_be_visible()
    expect(page.get_by_text("Off the scale")).to_be_visible()
    assert not Score.objects.filter(value=103).exists()
    check(page)
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("What was saved")).to_be_visible()
    check(page)
    assert Import.objects.get().counts["new"] == 1
    assert Score.objects.filter(student=cast.jonas, value=103).count() == 1
    wait_until(lambda: Trend.objects.filter(student=cast.jonas).exists(), "No trend was computed.")
    assert Trend.objects.get(student=cast.jonas, measure=cast.fluency).last_value == 103


def triage(cast, page: Page, other: Candidate) -> None:
    """The coordinator: send one candidate to a team's next meeting, start a plan for another."""
    expect(page.get_by_text("Absent 7 of 52 days (13%).").first).to_be_visible()
    check(page)
    page.goto(cast.candidate.get_absolute_url())
    check(page)
    page.get_by_role("button", name="Add to their next meeting").click()
    expect(page.get_by_text("is on the agenda of Grade 4").first).to_be_visible()
    page.goto(f"/plans/start/?candidate={other.uuid}")
    check(page)
    page.get_by_label("Who delivers it").select_option(str(cast.staff.sol.uuid))
    page.locator(".strategy").first.click()
    page.get_by_role("button", name="Start the plan").click()
    expect(page).to_have_url(re.compile(r"/plans/[0-9a-f-]{36}/$"))
    check(page)
    plan = Plan.objects.get(student=cast.jonas)
    assert (plan.baseline, plan.candidate) == (101.0, other)


def meet(cast, ana: Page, tom: Page) -> None:
    """A teacher leads, a colleague's screen follows; the minutes keep the chart."""
    expect(ana.get_by_role("heading", level=1)).to_contain_text("2 things to do before you meet")
    expect(ana.get_by_role("heading", name="stalled in fluency")).to_be_visible()
    check(ana)
    ana.get_by_role("link", name="Open the agenda").click()
    check(ana)
    tom.goto(cast.meeting.get_absolute_url())
    ana.get_by_text("Start it early").click()
    ana.get_by_role("button", name="Start the meeting").click()
    expect(ana.locator("#item-title")).to_have_text("Our action items")
    expect(tom.locator("#item-title")).to_have_text("Our action items")
    check(ana)
    ana.locator(".agenda").get_by_role("button", name="Maya Okafor").click()
    expect(tom.locator("#item-title")).to_have_text("Maya Okafor")
    expect(tom.locator(".item figure svg").first).to_be_visible()
    tom.keyboard.press("c")
    tom.keyboard.type("Every absence is a Monday.")
    tom.keyboard.press("Enter")
    expect(ana.get_by_text("Every absence is a Monday.")).to_be_visible()
    ana.get_by_role("button", name="Agree").click()
    expect(tom.get_by_text("1 agrees")).to_be_visible()
    ana.keyboard.press("d")
    ana.locator("#decide-text").fill("A check-in every Monday")
    ana.get_by_role("button", name="Decide", exact=True).click()
    expect(tom.locator("#decisions").get_by_text("A check-in every Monday")).to_be_visible()
    ana.keyboard.press("a")
    ana.locator("#promise-text").fill("Ask the office for the Monday list")
    ana.locator("#promise-owner").select_option(str(cast.staff.tom.uuid))
    ana.get_by_role("button", name="Add action item", exact=True).click()
    expect(tom.get_by_text("Ask the office for the Monday list")).to_be_visible()
    check(tom)
    ana.get_by_role("button", name="Close the meeting").click()
    expect(ana.locator(".minutes figure svg").first).to_be_visible()
    expect(tom.locator(".minutes")).to_be_visible()
    check(ana)
    assert Meeting.objects.get(pk=cast.meeting.pk).state == "closed"
    assert Exhibit.objects.get(item__meeting=cast.meeting).frozen is not None
    tom.goto("/")
    expect(tom.get_by_text("Ask the office for the Monday list")).to_be_visible()
    assert Action.objects.get(text__startswith="Ask the office").student == cast.maya


def deliver(cast, page: Page) -> None:
    """The specialist on a phone: a session in one tap, a score, and a score off the scale."""
    check(page)
    page.goto(cast.plan.get_absolute_url())
    check(page)
    page.get_by_role("button", name="Held today").click()
    expect(page.get_by_text("Session of Maya Okafor logged.")).to_be_visible()
    page.get_by_role("spinbutton", name="Score").fill("990")
    page.get_by_role("button", name="Save the score").click()
    expect(page.get_by_text("off the scale")).to_be_visible()
    expect(page.get_by_role("spinbutton", name="Score")).to_have_value(re.compile("990"))
    page.problems.clear()  # the browser logs the 422 that carries the form
    page.get_by_role("spinbutton", name="Score").fill("72")
    page.get_by_role("button", name="Save the score").click()
    expect(page.get_by_text("Score saved.")).to_be_visible()
    assert Session.objects.filter(plan=cast.plan, result="held").count() == 1
    assert Score.objects.filter(student=cast.maya, value=72).count() == 1


def look_around(cast, page: Page) -> None:
    """The principal: teams by week, then the pages for everyone."""
    for path in (
        "/school/",
        "/students/",
        cast.maya.get_absolute_url(),
        "/data/",
        "/plans/",
        "/meetings/",
        cast.team.get_absolute_url(),
        cast.action.get_absolute_url(),
    ):
        page.goto(path)
        check(page)


def test_signing_in_from_the_page_and_an_explored_chart(cast, open_page):
    cast.ana.set_password("a long pass phrase")
    cast.ana.save()
    page = open_page(None, "/students/")
    check(page)
    page.locator("input[type=email]").fill(cast.ana.email)
    page.locator("input[type=password]").fill("a long pass phrase")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("link", name="Maya Okafor")).to_be_visible()
    page.goto(f"/candidates/{cast.candidate.uuid}/")
    page.goto(cast.plan.get_absolute_url())
    page.get_by_role("button", name="Explore").first.click()  # a browser that saves data asks first
    drawing = page.locator(".main-svg").first
    expect(drawing).to_be_visible()
    assert drawing.evaluate("node => getComputedStyle(node).position") == "absolute"
    assert page.problems == []


def test_a_chart_in_view_is_upgraded_in_its_place_and_a_bar_opens_its_students(cast, open_page):
    page = open_page(cast.ana, "/data/explore/", saves_data=False)
    figure = page.locator("figure[data-chart]").first
    before = figure.bounding_box()
    expect(figure.locator(".main-svg").first).to_be_visible()
    assert figure.bounding_box() == before
    assert (
        figure.locator("[data-chart-plot]").get_attribute("role") == "group"
    )  # it has tools, which an image must not contain
    expect(figure.locator("[data-chart-plot]")).to_have_accessible_name(re.compile(r"\w"))
    expect(page.get_by_role("button", name="Explore")).to_have_count(0)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(figure.locator("[data-chart-drawing]")).to_be_visible()
    expect(figure.locator("[data-chart-plot]")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    boxes = [bar.bounding_box() for bar in figure.locator(".barlayer .point path").all()]
    bar = next(box for box in boxes if box["width"] > 5)
    page.mouse.move(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    expect(figure.locator(".opens")).to_be_visible()
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url(re.compile("show="))
    expect(page.get_by_role("link", name="Maya Okafor")).to_be_visible()
    check(page)
    assert page.problems == []


def test_a_lost_connection_keeps_typed_text_and_sends_it_when_restored(cast, open_page):
    from collab.room.services import lifecycle

    live = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    page = open_page(cast.tom, live.get_absolute_url())
    page.context.set_offline(True)
    page.get_by_label("What do you see?").fill("Typed on the train")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_label("What do you see?")).to_have_value("Typed on the train")
    page.context.set_offline(False)
    page.get_by_role("button", name="Add").click()
    expect(page.locator("#contributions").get_by_text("Typed on the train")).to_be_visible()
    assert live.items.get(state="current").contributions.count() == 1
