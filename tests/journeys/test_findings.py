"""A meeting on an assessment in a browser: predict, look, and cover a name on a piece of work."""

import pytest
from playwright.sync_api import expect

from collab.agendas.services.items import add_item
from collab.findings.services.predictions import ask_to_predict_results, predict_results
from collab.room.services import lifecycle
from collab.student_work.models import StudentWork
from tests.factories.assessments import make_entered_check
from tests.factories.work import make_work
from tests.journeys.steps import check

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def live(cast):
    """The results of a check are the first item of the live meeting, and wait for predictions."""
    place = make_entered_check(cast)
    cast.meeting.items.all().delete()
    cast.item = add_item(
        cast.meeting, actor=cast.ana, assessment=place.check, title="Results: Unit 3 check", minutes=10
    )
    started = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    for person in (cast.ana, cast.tom):
        lifecycle.join_meeting(started, actor=person)
    ask_to_predict_results(cast.item, actor=cast.ana, wanted=True)
    return started


def test_the_last_to_predict_sees_the_results_beside_what_was_expected(cast, live, open_page):
    predict_results(cast.item, actor=cast.ana, shares={"4.NF.B.3": 80}, hardest=[8])
    page = open_page(cast.tom, live.get_absolute_url())
    expect(page.get_by_text("1 of 2 have.")).to_be_visible()
    check(page)
    page.get_by_label("% secure: Add and subtract fractions").fill("60")
    page.get_by_label("Items that most will miss").fill("8, 7")
    page.get_by_role("button", name="Predict", exact=True).click()
    expect(page.get_by_text("12 of 24 are not there yet: Add and subtract fractions").first).to_be_visible()
    expect(page.get_by_text("we expected 60%–80%, you 60%")).to_be_visible()
    expect(page.get_by_text("Only you see this: 4D")).to_be_visible()
    check(page)


def test_a_name_is_covered_with_the_pointer_and_with_keys(cast, live, open_page):
    work = make_work(cast.item, cast.tom, state="covering")
    page = open_page(cast.tom, work.get_absolute_url())
    check(page)
    box = page.locator("[data-cover-frame]").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.75)
    page.mouse.up()
    page.get_by_role("button", name="Add a rectangle").click()
    second = page.get_by_role("button", name="Page 1, Rectangle 2")
    expect(second).to_be_focused()
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowUp"):
        page.keyboard.press(key)
    page.get_by_role("button", name="Add a rectangle").click()
    page.keyboard.press("Delete")
    expect(page.get_by_role("button", name="Page 1, Rectangle 3")).to_be_hidden()
    page.get_by_role("button", name="Cover and show to the team").click()
    expect(page.get_by_text("Being covered")).to_be_visible()
    drawn, placed = StudentWork.objects.get().pages.get().covers
    assert [round(one) for one in drawn] == [50, 50, 25, 25]
    assert placed == [6.0, 12.0, 41.0, 5.0]
