"""Axe on pages that the other journeys do not open: fragments as pages, and a long list on a phone."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from playwright.sync_api import expect

from collab.decisions.models import Decision
from collab.discussion.models import Contribution
from teams.directory.models import Period
from tests.journeys.steps import check

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]


def test_a_chart_and_a_contributions_menu_open_as_pages(cast, open_page):
    item = cast.meeting.items.last()
    exhibit = item.exhibits.create(
        view="levels",
        parameters={"team": str(cast.team.uuid), "measure": str(cast.fluency.uuid)},
        added_by=cast.ana,
    )
    said = Contribution.objects.create(
        item=item, author=cast.ana, text="Check the passages", client_key=uuid.uuid4()
    )
    page = open_page(cast.ana, f"/agenda-items/{item.uuid}/exhibits/{exhibit.uuid}/")
    expect(page.get_by_role("heading", level=2)).to_contain_text("Oral reading fluency")
    check(page)
    page.goto(f"/meetings/{cast.meeting.uuid}/contributions/{said.uuid}/menu/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check the passages")
    check(page)


def test_a_decision_log_with_the_same_title_twice(cast, open_page):
    for item in cast.meeting.items.all():
        item.title = "Winter fluency"
        item.save()
        Decision.objects.create(
            item=item, text="Read aloud", decided_by=cast.ana, client_key=uuid.uuid4(), check_on=None
        )
    other = cast.meeting.items.last()
    other.meeting = type(cast.meeting).objects.create(
        team=cast.team,
        title="A week later",
        starts_at=cast.meeting.starts_at + dt.timedelta(weeks=1),
        ends_at=cast.meeting.ends_at + dt.timedelta(weeks=1),
    )
    other.save()
    page = open_page(cast.ana, f"/teams/{cast.team.uuid}/decisions/")
    lines = page.locator("summary", has_text="Read aloud")
    expect(lines).to_have_count(2)
    for line in lines.all():
        line.click()
    expect(page.get_by_text("Winter fluency")).to_have_count(2)
    check(page)


def test_a_teacher_scrolls_a_wide_timetable_with_the_keyboard(cast, open_page):
    for number in range(8):
        Period.objects.create(
            school=cast.school,
            name=f"Period {number + 1}",
            cycle_day=0,
            starts_at=dt.time(8 + number),
            ends_at=dt.time(9 + number),
        )
    page = open_page(cast.ana, "/timetable/", width=390)
    expect(page.get_by_role("columnheader", name="Period 8")).to_be_attached()
    check(page)


def test_at_400_percent_the_bar_at_the_bottom_hides_nothing_that_has_the_focus(cast, open_page):
    page = open_page(cast.ada, "/people/")
    page.set_viewport_size({"width": 320, "height": 256})
    edges = (
        "[document.activeElement, document.querySelector('.tabs-bar')].map(e => e.getBoundingClientRect())"
    )
    inside = "document.querySelector('main').contains(document.activeElement)"
    seen = []
    for _press in range(30):
        page.keyboard.press("Tab")
        focused, bar = page.evaluate(edges)
        if page.evaluate(inside) and focused["height"] < bar["top"]:
            seen.append((focused["bottom"] <= bar["top"], focused["top"] >= 0))
    assert len(seen) > 10
    assert set(seen) == {(True, True)}


def test_pages_that_an_office_opens_once_a_term(cast, open_page):
    page = open_page(cast.ada, "/people/roles/")
    check(page)
    person, measure = cast.staff.sol.uuid, cast.fluency.uuid
    addresses = [
        f"/people/{person}/",
        f"/people/{person}/edit/",
        f"/people/{person}/substitute/",
        f"/people/{person}/hand-over/",
        "/students/doubles/",
        "/measures/windows/",
        f"/measures/{measure}/",
        f"/measures/{measure}/benchmarks/",
        "/school/edit/",
        "/school/sign-in/",
        "/calendar/",
        "/jobs/",
        "/mail/",
        "/runs/",
        "/account/mail/",
    ]
    for address in addresses:
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        check(page)


def test_a_plan_from_its_review_to_the_list_of_ended_plans(cast, open_page):
    page = open_page(cast.cora, f"/plans/{cast.plan.uuid}/review/")
    check(page)
    page.get_by_label("End: goal met").check()
    page.get_by_label("Why", exact=True).fill("Reads with the class now")
    page.get_by_role("button", name="Decide").click()
    page.get_by_label("Save all the same").check()
    page.problems.clear()  # the browser logs the expected 422
    check(page)
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("The decision is saved with its data.")).to_be_visible()
    check(page)
    page.goto("/plans/")
    page.get_by_role("link", name="Ended 1").click()
    expect(page.get_by_text("Reads with the class now")).to_be_visible()
    check(page)
