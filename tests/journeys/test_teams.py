"""A coordinator sets up teams and strategies: axe on every page, with none, some and far too many rows."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from datareview.strategies.services import adopt_strategies
from teams.directory.models import Team
from teams.team_admin.services.teams import NewTeam, TeamValues, add_teams
from tests.journeys.steps import check

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]


def test_a_coordinator_adds_teams_and_edits_one(cast, open_page):
    Team.objects.filter(school=cast.school).delete()
    page = open_page(cast.cora, "/series/new/")
    check(page)
    page.get_by_role("main").get_by_role("link", name="Teams").click()
    check(page)
    page.get_by_role("link", name="One team per grade").click()
    check(page)
    page.get_by_role("button", name="Add the teams").click()
    expect(page.get_by_role("row")).to_have_count(7)
    check(page)
    page.get_by_role("link", name="Add a team").click()
    check(page)
    page.get_by_label("Name", exact=True).fill("W" * 80)
    page.get_by_label("Leads").fill("Gil Hart")
    page.get_by_role("button", name="Add the team").click()
    page.get_by_role("link", name="Edit the team").click()
    page.get_by_text("Change Gil Hart").click()
    page.get_by_text("Add people").click()
    page.get_by_text("Archive this team").click()
    check(page)
    page.get_by_role("button", name="Remove Gil Hart now").click()
    expect(page.get_by_text("No one is in this team yet.")).to_be_visible()
    page.goto("/teams/copy/")
    check(page)


def test_sixty_teams_and_the_norms_of_one(cast, open_page):
    rows = [
        NewTeam(TeamValues(f"Team {n} " + "x" * 60, grades=(1, 2, 3)), leads=(cast.staff.gil,))
        for n in range(60)
    ]
    add_teams(cast.school, rows, actor=cast.ada)
    page = open_page(cast.cora, "/teams/")
    check(page)
    page.get_by_label("Name or member").fill("Ruiz")
    expect(page.get_by_role("row")).to_have_count(2)
    page.goto(f"/teams/{cast.team.uuid}/norms/")
    check(page)
    page.get_by_label("One per line").fill("We listen")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("We listen")).to_be_visible()
    check(page)


def test_a_bank_from_nothing_to_a_strategy_of_ones_own(cast, open_page):
    cast.plan.delete()
    cast.strategy.delete()
    page = open_page(cast.cora, "/strategies/")
    check(page)
    page.get_by_role("main").get_by_role("link", name="Choose from the starting strategies").last.click()
    check(page)
    page.get_by_role("button", name="Add them").click()
    check(page)
    page.get_by_label("Domain").select_option("attendance")
    expect(page.get_by_role("row")).to_have_count(7)
    page.get_by_role("link", name="Attendance mentor").click()
    check(page)
    page.get_by_role("button", name="Copy").click()
    check(page)
    page.get_by_label("Name").fill("Our mentor")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Our mentor")).to_be_visible()


def test_the_empty_bank_on_the_page_that_starts_a_plan(cast, open_page):
    cast.plan.delete()
    cast.strategy.delete()
    page = open_page(cast.cora, f"/plans/start/?student={cast.jonas.uuid}")
    check(page)
    page.get_by_role("link", name="Add strategies").click()
    adopt_strategies(cast.school, actor=cast.cora)
    page.goto(f"/plans/start/?student={cast.jonas.uuid}")
    check(page)
