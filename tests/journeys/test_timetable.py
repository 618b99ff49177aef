"""School time in a real browser with a real worker: the year, the bell schedule, the grid by keyboard, a file."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from teams.directory.models import Duty, Period
from tests.journeys.steps import check

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bells(cast):
    for number in range(3):
        Period.objects.create(
            school=cast.school,
            name=f"Period {number + 1}",
            cycle_day=0,
            starts_at=dt.time(8 + number),
            ends_at=dt.time(9 + number),
        )
    return cast


def test_the_year_and_the_bell_schedule(cast, open_page):
    page = open_page(cast.cora, "/calendar/")
    check(page)
    page.get_by_text("Add days without school").click()
    page.locator("form[action='/calendar/holidays/add/']").get_by_label("Name").fill("Snow day")
    today = cast.school.today()
    page.locator("form[action='/calendar/holidays/add/']").get_by_label("First day").fill(today.isoformat())
    check(page)
    page.locator("form[action='/calendar/holidays/add/']").get_by_role("button", name="Add").click()
    page.get_by_label("Remove Snow day").first.click()
    expect(page.get_by_role("button", name="Remove Snow day")).to_be_visible()
    check(page)
    page.get_by_text("Change the cycle").click()
    page.get_by_label("How the cycle advances").select_option("turning")
    page.get_by_label("Days in the cycle").fill("2")
    page.get_by_role("button", name="Show the next two weeks").click()
    expect(page.get_by_role("heading", name="The next two weeks")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Save").click()
    page.goto("/calendar/bells/")
    check(page)
    form = page.locator("form[action='/calendar/bells/add/']")
    form.get_by_label("Name").fill("Period 1")
    form.get_by_label("From").fill("08:00")
    form.get_by_label("To", exact=True).fill("08:45")
    form.get_by_role("button", name="Add").click()
    expect(page.get_by_role("link", name="Change Period 1 on A")).to_be_visible()
    page.get_by_role("link", name="Change Period 1 on A").click()
    check(page)
    cast.school.refresh_from_db()
    assert (cast.school.cycle, cast.school.cycle_days) == ("turning", 2)


def test_the_grid_is_worked_with_the_keyboard_and_every_change_is_saved(bells, open_page, programs, tmp_path):
    programs.worker()
    page = open_page(bells.cora, "/timetable/")
    check(page)
    cells = page.locator("td[data-staff]")
    cells.first.click()
    page.keyboard.press("t")
    expect(page.locator("#grid-state")).to_have_text("Saved.")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("Reading 4A")
    page.keyboard.press("Enter")
    expect(cells.nth(1)).to_contain_text("Reading 4A")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("f")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("d")
    expect(page.locator("#grid-state")).to_have_text("Saved.")
    page.keyboard.press("Control+z")
    expect(cells.nth(5)).to_have_attribute("data-kind", "")
    expect(page.locator("#grid-state")).to_have_text("Saved.")
    first = bells.school.staff.order_by("user__last_name").first()
    page.reload()
    expect(cells.nth(1)).to_contain_text("Reading 4A")
    assert list(Duty.objects.filter(staff=first).order_by("period").values_list("kind", "label")) == [
        ("teaching", ""),
        ("teaching", "Reading 4A"),
        ("free", ""),
    ]
    page.context.set_offline(True)
    cells.nth(3).click()
    page.keyboard.press("d")
    expect(page.locator("#grid-state")).to_contain_text("Not saved")
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    expect(page.locator("#grid-state")).to_have_text("Saved.")
    page.problems.clear()  # the browser logs the failed request
    assert Duty.objects.filter(kind="duty").count() == 1
    path = tmp_path / "timetable.csv"
    path.write_text(
        f"staff,day,period,kind,label\n{bells.ana.email},1,Period 1,free,\nNobody,1,Period 1,free,\n"
    )
    page.get_by_role("link", name="Import a file").click()
    check(page)
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("No one at this school has this name")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("1 new, 0 changed, 0 unchanged. The timetable has been changed.")).to_be_visible()
    check(page)
