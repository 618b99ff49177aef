"""An administrator's people: the list, adding by pasted lines, and roles, on a wide screen and a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from teams.people.rows import NewPerson
from teams.people.services.adding import add_people
from tests.journeys.steps import check

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1440, 390])
def test_an_administrator_adds_people_from_a_spreadsheet(cast, open_page, width):
    long = [
        NewPerson(
            f"{n}{'w' * 40}@example.org", f"Maximiliana{'x' * 60}", f"von und zu {n:03}", title="T" * 80
        )
        for n in range(60)
    ]
    add_people(cast.school, long, actor=cast.ada)
    page = open_page(cast.ada, "/people/", width=width)
    expect(page.get_by_role("heading", level=1)).to_contain_text("67 people")
    check(page)
    every = page.get_by_label("Select everyone on this page")
    every.check()
    expect(page.locator("[data-pick]:checked")).to_have_count(50)
    every.uncheck()
    expect(page.locator("[data-pick]:checked")).to_have_count(0)
    search, fold = page.get_by_label("Name, address or staff id"), page.get_by_text("Filters", exact=True)
    if width == 390:
        role = page.get_by_role("cell", name="Coordinator").first.bounding_box()
        assert role["x"] + 90 <= width  # the column is not cut
        expect(search).to_be_hidden()
        fold.click()
    else:
        expect(fold).to_be_hidden()
    search.fill("berg")
    expect(page.get_by_role("row")).to_have_count(2)
    expect(search).to_be_visible()
    check(page)
    page.get_by_role("link", name="Add people").click()
    box = page.get_by_label("One per line")
    box.fill("Eve Witt, eve@new.test\nCy Stone, cy@lincoln")
    page.locator("#paste").get_by_role("button", name="Add, invite later").click()
    expect(page.get_by_text("1 person can be added")).to_be_visible()
    expect(page.get_by_text("Line 2: The address has no ending")).to_be_visible()
    check(page)
    page.locator("#paste").get_by_role("button", name="Add, invite later").click()
    expect(page.get_by_role("status").filter(has_text="Eve Witt was added.")).to_be_visible()
    expect(box).to_have_value("Cy Stone, cy@lincoln")
    page.get_by_role("link", name="What each role may do").click()
    expect(page.get_by_role("heading", name="Administrator")).to_be_visible()
    check(page)


@pytest.mark.parametrize("width", [1440, 390])
def test_an_administrator_invites_a_person_who_joins(cast, open_page, width):
    [eve] = add_people(
        cast.school, [NewPerson("eve@new.test", "Eve", "Witt", title="T" * 80)], actor=cast.ada
    )
    page = open_page(cast.ada, f"/people/{eve.uuid}/", width=width)
    page.get_by_role("button", name="Invite", exact=True).click()
    link = page.get_by_label("Link of the invitation").input_value()
    check(page)
    page.goto("/people/links/")
    expect(page.get_by_text(link)).to_be_visible()
    check(page)
    page.goto(f"/people/{eve.uuid}/")
    page.get_by_role("link", name="They leave the school").click()
    check(page)
    page.goto(f"/people/{eve.uuid}/edit/")
    check(page)
    page.goto(f"/people/{cast.staff.ana.uuid}/hand-over/")
    expect(page.get_by_label("Grade 4 goes to")).to_be_visible()
    check(page)
    path = link[link.index("/join/") :]
    page.goto(path)
    expect(page.get_by_text("You are signed in as Ada Cole")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Sign out and open the invitation").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome to Lincoln Elementary")
    check(page)
    page.get_by_label("Choose a password").fill("a heron stands on one leg")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("navigation", name="Main").first).to_be_attached()
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_have_text("Good to see you, Eve")
    page.context.clear_cookies()
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_have_text("This invitation was used")
    check(page)
