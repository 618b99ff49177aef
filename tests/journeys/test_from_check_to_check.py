"""A team's week in one browser: a check is made, pasted, met on, regrouped for, and given again two weeks later."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from collab.agendas.services.items import add_item
from collab.room.services import lifecycle
from datareview.records.models import Assessment, Enrollment
from datareview.regrouping.models import Regrouping
from tests.conftest import make_student
from tests.factories.assessments import make_standard
from tests.journeys.steps import check

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]

KEYS = "CABDCABD"
WRONG = "CABDDCDA"  # everything on the second standard


@pytest.fixture
def classroom(cast):
    """Class 4A with ten more students, and two standards."""
    for number in range(10):
        student = make_student(cast.school, f"20{number:02}", f"Kid{number}", "Lee", 4)
        student.enrollments.create(section=cast.section, starts_on=cast.school.year_start())
    make_standard(cast.school, "4.NF.A.2", "Compare fractions.")
    make_standard(cast.school)
    return cast


@pytest.mark.parametrize("width", [1440, 390])
def test_from_a_check_to_groups_to_whether_they_learned_it(classroom, open_page, width):
    cast, today = classroom, classroom.school.today()
    page = open_page(cast.ana, reverse("datareview:assessment-list", args=[cast.team.uuid]), width=width)
    first = make(page, cast, "Unit 3 check", today - dt.timedelta(days=14))
    paste(page, cast, first, lambda number: WRONG if number % 2 else KEYS)
    page.goto(f"{first.get_absolute_url()}?section={cast.section.uuid}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("6 of 12 are not there yet")
    check(page)
    meet(page, cast, first)
    groups = regroup(page, cast, first)
    second = make(page, cast, "Unit 3 check again", today, again_of=first)
    paste(page, cast, second, lambda number: WRONG if number == 1 else KEYS)
    page.goto(groups)
    expect(page.get_by_role("heading", name="Checked again on")).to_be_visible()
    expect(page.get_by_role("link", name="Unit 3 check again").first).to_be_visible()
    check(page)


def make(page: Page, cast, title: str, day: dt.date, *, again_of: Assessment | None = None) -> Assessment:
    """Make a check of two standards from a row of keys."""
    page.goto(reverse("datareview:assessment-new", args=[cast.team.uuid]))
    page.get_by_label("Title").fill(title)
    page.get_by_label("Day").fill(day.isoformat())
    page.get_by_label("Keys, or columns from a spreadsheet").fill(" ".join(KEYS))
    page.get_by_label("Standards by items").fill("1–4 4.NF.A.2, 5–8 4.NF.B.3")
    page.get_by_role("button", name="Put into the table").click()
    expect(page.get_by_text("8 items are in the table.")).to_be_visible()
    if again_of:
        page.get_by_text("Mastery, checking again, note").click()
        page.locator("#id_again_of").select_option(str(again_of.uuid))
    check(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The assessment is ready.")).to_be_visible()
    return Assessment.objects.get(title=title)


def paste(page: Page, cast, made: Assessment, answers_of) -> None:
    """Paste the class with names, as from a spreadsheet."""
    rows = Enrollment.objects.filter(section=cast.section).select_related("student").order_by("pk")
    lines = [
        "\t".join([f"{row.student.first_name} {row.student.last_name}", *answers_of(number)])
        for number, row in enumerate(rows)
    ]
    page.goto(f"{reverse('datareview:answer-paste', args=[made.uuid])}?section={cast.section.uuid}")
    page.locator("#paste-form textarea").fill("\n".join(lines))
    page.get_by_role("button", name="Check the rows").click()
    check(page)
    page.get_by_role("button", name=f"Save {len(lines)} rows").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("12 of 12 students entered")


def meet(page: Page, cast, made: Assessment) -> None:
    """The results are in the room, with one's own class for oneself."""
    cast.meeting.items.all().delete()
    add_item(cast.meeting, actor=cast.ana, assessment=made, title="Results: Unit 3 check", minutes=10)
    started = lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    lifecycle.join_meeting(started, actor=cast.ana)
    page.goto(started.get_absolute_url())
    expect(page.get_by_text("Results: Unit 3 check").first).to_be_visible()
    expect(page.get_by_text("Only you see this: 4A")).to_be_visible()
    check(page)


def regroup(page: Page, cast, made: Assessment) -> str:
    """Make groups from the results; returns their address."""
    page.goto(f"{made.get_absolute_url()}?section={cast.section.uuid}")
    page.get_by_role("link", name="Make groups").click()
    check(page)
    page.get_by_role("button", name="Make these groups").click()
    expect(page.get_by_role("button", name="Save the groups")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Save the groups").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    return reverse("datareview:regrouping-detail", args=[Regrouping.objects.get().uuid])
