"""Results by file and standards from a framework, in a real browser: from the upload to the results, axe on each page."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from datareview.checking.services.checking import check_job
from datareview.imports.models import Import
from datareview.imports.services.reading import read_job
from datareview.loading.services.applying import apply_job
from datareview.records.models import Assessment, Standard
from teams.jobs.models import Job
from tests.factories.imports import Quiet
from tests.journeys.steps import check

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]

LONG = "Compare two fractions with different numerators and different denominators by creating common ones. "


def work(page, job):
    """Do what a worker does, and look at the page again."""
    job(Job(payload={"import": Import.objects.get().pk}), Quiet())
    page.reload()


def test_a_file_becomes_an_assessment_with_results(cast, open_page):
    page = open_page(cast.ana, f"/teams/{cast.team.uuid}/assessments/files/")
    check(page)
    rows = "Maya Okafr,C,A,A,D\nWeber Jonas,C,B,B,-\n1003,absent,,,\n"
    rows += "".join(f"{LONG}{number},A,A,A,A\n" for number in range(30))
    content = f"Name,1,2,3,4\nKey,C,A,B,D\n{rows}".encode()
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "unit_3.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/imports/*/")
    work(page, read_job)
    check(page)
    page.get_by_label("Title of a new one").fill("Unit 3")
    page.get_by_role("button", name="Check the whole file").click()
    expect(page.get_by_role("button", name="Check the whole file")).not_to_be_visible()
    work(page, check_job)
    expect(page.get_by_text("A new assessment “Unit 3” with 4 items")).to_be_visible()
    expect(page.get_by_label("Who is “Maya Okafr”?")).to_have_value(str(cast.maya.uuid))
    check(page)
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("button", name="Apply")).not_to_be_visible()
    work(page, apply_job)
    check(page)
    page.get_by_role("link", name="See the results of “Unit 3”").click()
    page.wait_for_url(f"**{Assessment.objects.get().get_absolute_url()}*")
    check(page)


def test_standards_come_from_a_framework(cast, open_page):
    page = open_page(cast.ana, "/standards/files/")
    check(page)
    items = [
        {
            "identifier": f"i{n}",
            "humanCodingScheme": f"4.NF.{n}",
            "fullStatement": LONG * 5,
            "educationLevel": ["04"],
        }
        for n in range(60)
    ]
    content = json.dumps(
        {"CFDocument": {"title": "State math", "subject": ["Math"]}, "CFItems": items}
    ).encode()
    file = {"name": "math.json", "mimeType": "application/json", "buffer": content}
    page.get_by_label("CASE file").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", name="State math")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Add 60, change 0").click()
    expect(page.get_by_text("The standards are in.")).to_be_visible()
    check(page)
    assert Standard.objects.filter(school=cast.school).count() == 60
    page.get_by_role("button", name="Undo this file").click()
    expect(page.get_by_text("The file was undone.")).to_be_visible()
    check(page)
    assert not Standard.objects.filter(school=cast.school).exists()
