"""A team makes an assessment from a pasted row of keys: axe on its pages, with none, some and far too many rows."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from datareview.records.models import Assessment, Standard
from tests.factories.assessments import make_assessment, make_standard
from tests.journeys.steps import check

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]

LONG = "Compare two fractions with different numerators and different denominators by "


def test_a_team_makes_an_assessment_in_two_minutes(cast, open_page):
    make_standard(cast.school, "4.NF.A.1")
    page = open_page(cast.ana, f"/teams/{cast.team.uuid}/assessments/")
    expect(page.get_by_text("No assessments yet")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Make an assessment").first.click()
    check(page)
    page.get_by_label("Title").fill("Unit 3: fractions")
    page.get_by_label("Keys, or columns from a spreadsheet").fill("C A B D B A C D")
    page.get_by_label("Standards by items").fill("1–4 4.NF.A.1, 5–8 4.NF.A.2")
    page.get_by_role("button", name="Put into the table").click()
    expect(page.get_by_text("8 items are in the table.")).to_be_visible()
    check(page)
    page.get_by_label("Key, row 8").fill("B")
    page.goto(f"/teams/{cast.team.uuid}/assessments/new/")  # the table that was filled in is kept
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_label("Key, row 8")).to_have_value("B")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your school has no standard 4.NF.A.2.")).to_be_visible()
    page.problems.clear()  # the browser logs the expected 422
    check(page)
    page.get_by_label("Add these standards to the school’s").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The assessment is ready.")).to_be_visible()
    made = Assessment.objects.get()
    assert [item.key for item in made.items.all()] == list("CABDBACB")
    page.goto(f"{page.url.split('/assessments')[0]}/assessments/{made.uuid}/edit/")
    page.get_by_text("Delete this assessment").click()
    check(page)
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("You can restore it here.")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_role("link", name="Unit 3: fractions", exact=True)).to_be_visible()
    check(page)


def test_far_too_many_items_with_long_texts(cast, open_page):
    for number in range(30):
        Standard.objects.create(school=cast.school, code=f"X.{number}", statement=LONG * 10)
    assessment = make_assessment(cast.team, "ABCD" * 15, title=LONG[:119])
    for place, item in enumerate(assessment.items.all()):
        item.prompt, item.options = LONG * 5, [LONG] * 4
        item.standard = Standard.objects.get(code=f"X.{place % 30}")
        item.save()
    page = open_page(cast.ana, f"/assessments/{assessment.uuid}/edit/")
    page.get_by_text("Texts and choices of the items").first.click()
    check(page)
    page.goto(f"{page.url.split('/assessments')[0]}/teams/{cast.team.uuid}/assessments/")
    check(page)
