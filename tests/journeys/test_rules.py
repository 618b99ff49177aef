"""How flags come about, in a real browser with a real worker: preview, save and run a rule, read the report."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from datareview.flags.models import Rule
from datareview.runs.models import TrendRun
from datareview.runs.services.runs import run_trends_now
from tests.journeys.steps import check, wait_until_htmx_listens
from tests.servers import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]


def test_a_rule_is_previewed_saved_and_its_flags_reported(cast, open_page, programs):
    programs.worker()
    run_trends_now(cast.school, as_of=cast.school.today())
    change(cast, open_page(cast.cora, "/candidates/"))
    report(open_page(cast.pia, "/school/"))
    read(cast, open_page(cast.ana, "/data/"))


def change(cast, page: Page) -> None:
    """The coordinator: from the candidates to the rule, new cut points, and the run that follows."""
    page.get_by_role("link", name="How flags are made").click()
    check(page)
    page.get_by_role("link", name="Rules that raise flags").click()
    check(page)
    page.get_by_role("link", name="Change").first.click()
    check(page)
    page.get_by_label("Act from (% of days absent)").fill("4")
    page.get_by_role("button", name="Try it on today’s data").click()
    expect(page.get_by_text("Each cut point must be more serious").first).to_be_visible()
    page.problems.clear()  # the browser logs the expected 422
    page.get_by_label("Act from (% of days absent)").fill("9")
    page.get_by_role("button", name="Try it on today’s data").click()
    expect(page.get_by_text("Today this flags")).to_be_visible()
    assert Rule.objects.count() == 1
    check(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Flags are being updated.")).to_be_visible()
    wait_until(
        lambda: TrendRun.objects.filter(requested_by=cast.cora, finished_at__isnull=False).exists(), "No run."
    )
    page.goto(TrendRun.objects.filter(requested_by=cast.cora).latest("pk").get_absolute_url())
    expect(page.get_by_role("heading", name="By grade")).to_be_visible()
    check(page)


def test_a_rule_of_own_conditions_is_tried_and_added(cast, open_page):
    run_trends_now(cast.school, as_of=cast.school.today())
    page = open_page(cast.cora, "/rules/")
    page.get_by_role("link", name="New rule").click()
    page.get_by_label("Name").fill("Often absent")
    page.get_by_label("Group 1, condition 1").select_option("incidents")
    page.get_by_label("Number of condition 1 in group 1").fill("0")
    page.get_by_role("button", name="Try it on today’s data").click()
    expect(page.get_by_text("Act: Incidents in 90 school days at least 0.")).to_be_visible()
    expect(page.get_by_text("Added (")).to_be_visible()
    assert Rule.objects.count() == 1
    check(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("“Often absent” is on. Flags are being updated.")).to_be_visible()
    check(page)


def report(page: Page) -> None:
    """The principal: from the school to its report, and as PDF."""
    page.get_by_role("link", name="How students are doing").click()
    expect(page.get_by_role("heading", name="Needs a decision", exact=True)).to_be_visible()
    check(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as PDF").click()
    assert download.value.suggested_filename == "lincoln-elementary.pdf"


def read(cast, page: Page) -> None:
    """The teacher: from the team's data to its report, another date, a student."""
    page.get_by_role("link", name="Trend report").click()
    expect(page.get_by_text("Trend report · Grade 4")).to_be_visible()
    wait_until_htmx_listens(page, "#report form")
    page.get_by_label("Changes since").fill("2098-01-01")
    expect(page.get_by_text("That day is in the future.")).to_be_visible()
    wait_until_htmx_listens(page, "#report form")  # to the form returned with the error
    page.problems.clear()
    page.get_by_label("Changes since").fill(cast.school.today().isoformat())
    expect(page.get_by_role("heading", name="Needs a decision", exact=True)).to_be_visible()
    check(page)
