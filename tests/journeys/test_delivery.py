"""A coordinator starts a group from candidates, and a specialist logs its session on a phone without a connection."""

import pytest
from playwright.sync_api import expect

from datareview.plans.models import Plan, PlanGroup
from datareview.progress.models import Session
from tests.journeys.steps import check

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]


def test_a_group_is_started_and_its_session_logged_from_a_phone(cast, open_page):
    Plan.objects.all().delete()
    cast.strategy.fidelity = "Read once\nRead again"
    cast.strategy.save()
    page = open_page(cast.cora, "/candidates/")
    page.get_by_label("Choose Maya Okafor").check()
    page.get_by_role("button", name="Start a group").click()
    page.get_by_label("Student", exact=True).select_option("Jonas Weber, Grade 4")
    page.get_by_role("button", name="Add").click()
    check(page)
    page.get_by_text("Repeated reading").check()
    page.get_by_label("Who leads it").select_option("Sol Vega, 0 plans")
    page.get_by_label("Measured by").select_option(cast.fluency.name)
    page.get_by_label("Begins at").fill("10:10")
    for name, baseline in (("Maya", "67"), ("Jonas", "99")):
        row = page.locator(".entrants li").filter(has_text=name)
        expect(row.get_by_label("Baseline")).to_have_value(baseline)
        row.get_by_label("Goal").fill("120")
    page.get_by_role("button", name="Start the group with 2 students").click()
    page.get_by_label("Save all the same").check()  # one of them comes for attendance
    page.problems.clear()  # the browser logs the expected 422
    page.get_by_role("button", name="Start the group with 2 students").click()
    expect(page.get_by_role("heading", name="Repeated reading")).to_be_visible()
    check(page)
    group = PlanGroup.objects.get()

    page = open_page(cast.sol, f"{group.get_absolute_url()}session/", width=390, height=800)
    check(page)
    jonas = page.get_by_role("group", name="Jonas Weber")
    jonas.get_by_text("Absent").click()
    page.context.set_offline(True)
    page.get_by_role("button", name="Save the session").click()
    expect(page.get_by_text("No connection.")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("The session is logged.")).to_be_visible()
    rows = Session.objects.order_by("plan__student__first_name").values_list("result", flat=True)
    assert list(rows) == ["absent", "held"]
    check(page)
