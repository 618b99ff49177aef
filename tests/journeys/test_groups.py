"""Teaching groups in a browser: formed, changed by choice, saved, printed."""

import pytest
from playwright.sync_api import expect

from datareview.regrouping.models import GroupedStudent
from tests.factories.assessments import answer, make_assessment, make_standard
from tests.journeys.steps import check

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]


def test_a_team_forms_groups_moves_a_student_and_prints_the_lists(cast, open_page):
    standard = make_standard(cast.school)
    assessment = make_assessment(cast.team, "AAAA", standard=standard)
    for student, choices in ((cast.maya, "ABBB"), (cast.jonas, "AAAA"), (cast.ines, "AAAB")):
        answer(assessment, student, choices)
    page = open_page(cast.ana, f"/assessments/{assessment.uuid}/groups/?standard={standard.uuid}")
    check(page)
    page.get_by_role("button", name="Make these groups").click()
    expect(page.get_by_role("heading", name="Groups for 4.NF.B.3")).to_be_visible()
    check(page)
    choice = page.get_by_label("Group of Maya Okafor")
    choice.select_option("Close")
    expect(page.locator("[data-said]")).to_have_text("Maya Okafor: now in “Close”. Not saved yet.")
    expect(choice).to_be_focused()
    page.get_by_role("button", name="Save the groups").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    rows = GroupedStudent.objects.values_list("student__first_name", "group__band")
    assert dict(rows) == {"Maya": "close", "Jonas": "secure", "Ines": "close"}
    page.get_by_role("link", name="Lists and sentences for families").click()
    expect(page.get_by_text("Maya works in a small group for the next lessons.")).to_be_visible()
    check(page)
