"""A district in a browser: made of a school, one school more, settings copied, and switching at the bar."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from teams.directory.models import Role
from tests import conftest
from tests.journeys.steps import check

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1440, 390])
def test_an_administrator_adds_a_school_and_copies_settings_to_it(cast, open_page, width):
    for number in range(60):
        conftest.make_staff(f"P{number}", f"Lane{'w' * 40}", cast.school, Role.TEACHER)
        conftest.make_student(cast.school, f"9{number:03}", f"Alex{'x' * 60}", f"Long{number}", 4)
    page = open_page(cast.ada, "/setup/", width=width)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Teams meet.")
    check(page)
    page.goto("/search/?q=alex")
    expect(page.get_by_text("There are more. Type more of the name.")).to_be_visible()
    check(page)
    page.goto("/school/edit/")
    check(page)
    page.get_by_role("link", name="District: more schools").click()
    check(page)
    page.get_by_label("Name of the district").fill("Riverbend District")
    page.get_by_role("button", name="Make the district").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Riverbend District")
    page.locator("summary").filter(has_text="Add a school").click()
    page.get_by_label("Name of the school").fill("Adams")
    page.get_by_role("button", name="Add", exact=True).first.click()
    expect(page.get_by_role("row").filter(has_text="Adams")).to_contain_text("You work here")
    check(page)
    page.get_by_role("link", name="Copy settings from one school to another").click()
    page.get_by_label("Copy from").select_option("Lincoln Elementary")
    page.get_by_label("to", exact=True).select_option("Adams")
    page.get_by_role("button", name="See what would be copied").click()
    expect(page.get_by_role("heading", name="What would be copied")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_text("copied rules are off until it switches them on.")).to_be_visible()
    page.goto("/imports/")
    page.locator(".who-menu summary").click()
    page.get_by_role("button", name="Adams").click()
    expect(page).to_have_url(re.compile("/imports/$"))
    expect(page.locator(".page-head")).to_contain_text("Adams")
