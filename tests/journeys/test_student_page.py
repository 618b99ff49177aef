"""The page of a student: a note written on a phone, far too much of everything, and one sheet of paper."""

from __future__ import annotations

import io

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from datareview.anecdotes.models import Anecdote, Skill
from datareview.records.models import AttendanceDay
from tests.conftest import START, TODAY
from tests.datareview.students.test_page import attend
from tests.journeys.steps import check

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
LONG = "Explains her thinking aloud so that all the others follow, in two languages, and again " * 8


def test_a_teacher_writes_what_she_saw_on_a_phone_and_changes_it(cast, open_page):
    Skill.objects.create(school=cast.school, name="Phrasing")
    page = open_page(cast.ana, cast.maya.get_absolute_url())
    page.set_viewport_size(PHONE)
    check(page)
    page.get_by_role("link", name="Write what you saw").click()
    expect(page.get_by_label("What you saw or heard")).to_be_focused()
    expect(page.locator("[name=team]")).to_be_hidden()
    check(page)
    page.get_by_label("What you saw or heard").fill("Stops at each line end")
    page.get_by_text("Phrasing").click()
    page.get_by_text("A team", exact=True).click()
    page.locator("[name=team]").select_option(label="Grade 4")
    page.get_by_role("button", name="Save").click()
    seen = page.get_by_role("region", name="What colleagues see")
    expect(seen).to_contain_text("Stops at each line end")
    seen.get_by_role("link", name="Change").click()
    check(page)
    page.get_by_role("button", name="Remove this note").click()
    page.get_by_role("button", name="Restore it").click()
    expect(seen).to_contain_text("Stops at each line end")


def test_far_too_much_of_everything_is_readable_and_prints_on_one_sheet(cast, open_page):
    attend(cast.maya, since=START)
    AttendanceDay.objects.filter(student=cast.maya, day__week_day=2).update(mark="unexcused")
    Anecdote.objects.bulk_create(
        Anecdote(
            student=cast.maya, author=cast.tom, text=LONG[:200], seen_on=TODAY, is_strength=number % 2 == 0
        )
        for number in range(40)
    )
    page = open_page(cast.cora, cast.maya.get_absolute_url())
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        check(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    paper = PdfReader(io.BytesIO(page.pdf(format="Letter")))
    assert len(paper.pages) == 1
