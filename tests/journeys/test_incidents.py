"""A teacher records an incident on a phone: axe on its pages, with none, some and far too many rows."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from datareview.records.models import Incident
from tests.conftest import TODAY
from tests.journeys.steps import check

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
LONG = "Ran out of the room and through the whole building again and"


def test_a_teacher_records_an_incident_on_a_phone_and_corrects_it(cast, open_page):
    page = open_page(cast.ana, cast.maya.get_absolute_url())
    page.set_viewport_size(PHONE)
    expect(page.get_by_text("None on record.")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Record an incident").click()
    expect(page.get_by_label("Date")).to_have_value(TODAY.isoformat())
    expect(page.get_by_label("Time")).not_to_have_value("")
    check(page)
    page.get_by_label("Kind of incident").fill("Phone")
    page.get_by_label("Place").fill("Hallway")
    page.get_by_text("Conference").click()
    page.get_by_role("button", name="Record").click()
    incidents = page.get_by_role("region", name="Incidents this year")
    expect(incidents).to_contain_text("Hallway · Minor · Conference · ")
    incidents.get_by_role("link", name="Phone", exact=True).click()
    check(page)
    page.get_by_text("Detention", exact=True).click()
    page.get_by_label("How many school days it lasts").fill("1")
    page.get_by_role("button", name="Save").click()
    expect(incidents).to_contain_text("Detention, 1 school day")
    incidents.get_by_role("link", name="Phone", exact=True).click()
    page.get_by_text("Remove this incident").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("None on record.")).to_be_visible()


def test_a_student_with_far_too_many_incidents(cast, open_page):
    Incident.objects.bulk_create(
        Incident(student=cast.maya, day=TODAY, kind=LONG, place=LONG, severity="major", recorded_by=cast.ana)
        for _number in range(80)
    )
    page = open_page(cast.ana, cast.maya.get_absolute_url())
    page.get_by_text("75 earlier incidents").click()
    check(page)
