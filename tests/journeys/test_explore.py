"""Data and Explore at a desk and on a phone: a number, its students, some of them on the agenda, a saved view, and Back."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from collab.agendas.models import AgendaItem
from datareview.explore.models import SavedView
from datareview.records.models import Score
from tests.conftest import TODAY, make_meeting
from tests.factories.windows import let_winter_begin_today
from tests.journeys.steps import check

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]

SIZES = {1440: {"width": 1440, "height": 900}, 390: {"width": 390, "height": 844}}


@pytest.fixture
def scored(cast):
    """Scores in fall and winter; the benchmark is 94 in fall and 120 in winter, so Maya and Ines fell."""
    let_winter_begin_today(cast)
    Score.objects.all().delete()
    for student, values in ((cast.maya, (96, 100)), (cast.jonas, (90, 121)), (cast.ines, (96, 119))):
        for value, back in zip(values, (20, 0), strict=True):
            day = TODAY - dt.timedelta(days=back)
            Score.objects.create(student=student, measure=cast.fluency, taken_on=day, value=value)
    make_meeting(cast.team, cast.staff.ana)
    return cast


@pytest.mark.parametrize("width", SIZES)
def test_from_a_number_to_its_students_and_onto_the_agenda(scored, open_page, width):
    page = open_page(scored.ana, "/data/")
    page.set_viewport_size(SIZES[width])
    expect(page.get_by_role("heading", level=1)).to_have_text("Oral reading fluency: 2 of 3 are not on track")
    check(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="2 down").click()
    students = page.get_by_role("region", name=re.compile("2 students: moved down a level"))
    expect(students).to_contain_text("Maya")
    expect(students).not_to_contain_text("Jonas")
    check(page)
    page.get_by_role("checkbox", name="Select all").check()
    expect(page.get_by_role("status").filter(has_text="selected")).to_contain_text("2")
    page.get_by_role("button", name="Put these on the agenda").click()
    page.wait_for_load_state()
    assert AgendaItem.objects.filter(title__contains="2 students").count() == 1
    page.go_back()
    expect(students).to_contain_text("Maya")
    page.go_back()
    expect(page.get_by_role("link", name="2 down")).to_be_visible()


@pytest.mark.parametrize("width", SIZES)
def test_a_view_is_saved_opened_again_and_left_by_back(scored, open_page, width):
    page = open_page(scored.ana, "/data/explore/")
    page.set_viewport_size(SIZES[width])
    if width == 390:
        page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Show", exact=True).select_option("movement")
    moved = page.get_by_role("heading", level=1)
    expect(moved).to_have_text("From fall to winter, 1 moved up a level and 2 down, of 3")
    expect(page).to_have_url(re.compile("kind=movement"))
    page.get_by_text("Save this view").click()
    page.get_by_label("Name", exact=True).fill("Who fell in winter")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("navigation", name="Saved views")).to_contain_text("Who fell in winter")
    assert SavedView.objects.get().question["kind"] == "movement"
    check(page)
    page.goto(page.url.split("?")[0])
    expect(moved).to_have_text(re.compile("^2 of 3 are below benchmark in winter"))
    page.get_by_role("link", name="Who fell in winter").click()
    expect(moved).to_have_text(re.compile("^From fall to winter"))
    page.go_back()
    expect(moved).to_have_text(re.compile("^2 of 3 are below benchmark in winter"))


def test_a_student_drawn_around_in_the_chart_is_ticked_in_the_table(scored, open_page):
    page = open_page(scored.ana, "/data/explore/?kind=growth", saves_data=False)
    page.set_viewport_size(SIZES[1440])
    expect(page.locator("figure[data-chart] .main-svg").first).to_be_visible()
    page.evaluate(
        """address => document.querySelector("figure[data-chart] .js-plotly-plot")
            .emit("plotly_selected", {points: [{customdata: address}]})""",
        scored.maya.get_absolute_url(),
    )
    ticked = page.locator('[data-pick][name="student"]:checked')
    expect(ticked).to_have_count(1)
    assert ticked.get_attribute("value") == str(scored.maya.uuid)
