"""A team plans its essential standards: axe on the pages, with none, one and far too much text."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.factories.assessments import answer, make_assessment, make_standard
from tests.journeys.steps import check

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]

LONG = "Compare two fractions with different numerators and denominators by reasoning about their size; " * 10


def test_a_team_plans_a_standard_and_sees_its_checks(cast, open_page):
    page = open_page(cast.ana, "/standards/")
    expect(page.get_by_text("No standards yet")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Add a standard").click()
    page.get_by_label("Code").fill("4.NF.A.2")
    page.get_by_label("Words").fill(LONG)
    check(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="4.NF.A.2")).to_be_visible()
    check(page)
    page.goto(f"{page.url.split('/standards')[0]}/teams/{cast.team.uuid}/standards/")
    expect(page.get_by_text("No essential standards yet")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Add a standard").click()
    page.get_by_label("Standard", exact=True).fill("4.NF.A.2")
    page.get_by_label("Checked on").fill(cast.school.today().isoformat())
    for level in range(5):
        page.get_by_label(f"Level {level}, in the team’s words").fill(LONG[:190])
    check(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Added to the essential standards.")).to_be_visible()
    page.get_by_text("Levels 4 to 0").click()
    check(page)


def test_the_words_of_a_standard_and_where_it_is_used(cast, open_page):
    standard = make_standard(cast.school, statement=LONG)
    assessment = make_assessment(cast.team, standard=standard)
    answer(assessment, cast.maya, "CABD")
    page = open_page(cast.ana, f"/standards/{standard.uuid}/edit/")
    expect(page.get_by_role("link", name="Unit 3 check")).to_be_visible()
    check(page)
