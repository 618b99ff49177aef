"""A class's results in a real browser: typed, pasted, undone, through a lost connection, and by two teachers at once."""

from __future__ import annotations

import os
import signal

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from datareview.records.models import AssessmentItem, ItemResponse, SectionTeacher
from tests.conftest import make_student
from tests.factories.assessments import make_assessment
from tests.journeys.steps import check
from tests.servers import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]

KEYS = "CABDBACDBDACBADCABCD"
NAMES = [
    "Aguilar",
    "Ahmed",
    "Ali",
    "Bailey",
    "Barnes",
    "Brown",
    "Carter",
    "Chavez",
    "Clark",
    "Diaz",
    "Edwards",
]


@pytest.fixture
def room(cast):
    """Class 4A with eleven more students, and an assessment of twenty items."""
    for number, name in enumerate(NAMES):
        student = make_student(cast.school, f"20{number:02}", f"Kid{number}", name, 4)
        student.enrollments.create(section=cast.section, starts_on=cast.school.year_start())
    cast.assessment = make_assessment(cast.team, KEYS)
    return cast


def address(room):
    return f"{reverse('datareview:answer-enter', args=[room.assessment.uuid])}?section={room.section.uuid}"


def cell(page, row, column):
    return page.locator("[data-sheet] tbody tr").nth(row).locator("td").nth(column)


def stored(room):
    rows = ItemResponse.objects.filter(item__assessment=room.assessment)
    found = {}
    for name, number, choice in rows.order_by("item__number").values_list(
        "student__last_name", "item__number", "choice"
    ):
        found.setdefault(name, {})[number] = choice
    return found


def paste(page, text):
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const at = document.activeElement;
          at.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def saved(page):
    expect(page.locator("#sheet-state")).to_contain_text("Saved ")


def test_the_grid_is_worked_like_a_spreadsheet_and_saves_as_one_types(room, open_page):
    page = open_page(room.ana, address(room))
    check(page)
    cell(page, 0, 0).click()
    for letter in "cab":
        page.keyboard.press(letter)
        page.keyboard.press("Tab")
    page.keyboard.press("d")
    page.keyboard.press("Enter")  # to where this row of tabs began
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    expect(cell(page, 1, 3)).to_have_text("x")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+d")  # the one above
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Control+d")
    saved(page)
    assert stored(room) == {
        "Aguilar": {1: "C", 2: "A", 3: "B", 4: "D"},
        "Ali": {1: "B"},
        "Bailey": {1: "B"},
        "Barnes": {1: "B"},
    }
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(cell(page, 3, 0)).to_have_text("")
    page.keyboard.press("Control+y")
    expect(cell(page, 3, 0)).to_have_text("B")
    cell(page, 0, 0).click()
    page.keyboard.press("Delete")
    page.keyboard.press("F2")
    page.keyboard.type("q")
    page.keyboard.press("Enter")
    expect(page.locator("#sheet-problems")).to_contain_text("Kid0 Aguilar, item 1: “Q” is no answer")
    expect(cell(page, 0, 0)).to_have_attribute("aria-invalid", "true")
    check(page)
    page.reload()
    expect(cell(page, 0, 0)).to_have_text("Q")  # what was refused is kept here, until it is corrected
    cell(page, 0, 0).click()
    page.keyboard.press("Delete")
    saved(page)
    expect(page.locator("#sheet-problems")).to_be_hidden()
    assert stored(room)["Aguilar"] == {2: "A", 3: "B", 4: "D"}
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:'))") == []


def test_letters_of_a_whole_row_typed_or_pasted_into_one_cell_fill_it(room, open_page):
    page = open_page(room.ana, address(room))
    cell(page, 0, 0).click()
    page.keyboard.type("cabdb", delay=20)
    page.keyboard.press("Enter")  # to where the letters began
    page.keyboard.type(KEYS)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("1 of 13 students entered, 1 in part")
    paste(page, f"{KEYS}\r\n{KEYS[::-1]}\r\n")
    saved(page)
    assert {name: "".join(found.values()) for name, found in stored(room).items()} == {
        "Aguilar": "CABDB",
        "Ahmed": KEYS,
        "Ali": KEYS,
        "Bailey": KEYS[::-1],
    }
    page.keyboard.press("Control+z")
    expect(cell(page, 3, 19)).to_have_text("")
    cell(page, 4, 18).click()
    page.keyboard.press("a")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    expect(cell(page, 5, 18)).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")  # along the row to its end
    expect(cell(page, 6, 0)).to_be_focused()
    cell(page, 5, 19).click()
    page.keyboard.press("Enter")  # down the last column
    expect(cell(page, 6, 19)).to_be_focused()


def test_what_is_refused_is_said_where_it_moves_nothing(room, open_page):
    page = open_page(room.ana, address(room))
    top = page.locator("[data-sheet]").bounding_box()
    cell(page, 0, 0).click()
    page.keyboard.type("q")
    page.keyboard.press("Tab")
    page.keyboard.type("a sentence that is no answer")
    page.keyboard.press("Tab")
    page.keyboard.type("c")
    page.keyboard.press("Enter")
    state = page.locator("#sheet-state")
    expect(state).to_contain_text("2 answers are not saved, see below. The others: saved ")
    expect(page.locator("#sheet-problems")).to_be_in_viewport()
    assert page.locator("[data-sheet]").bounding_box() == top
    expect(page.get_by_role("heading", level=1)).to_have_text("0 of 13 students entered, 1 in part")
    assert stored(room) == {"Aguilar": {3: "C"}}
    check(page)
    cell(page, 0, 0).click()
    page.keyboard.press("Delete")
    expect(state).to_contain_text("1 answer is not saved")


def test_a_block_is_pasted_copied_and_undone_in_one_step(room, open_page):
    page = open_page(room.ana, address(room))
    cell(page, 1, 1).click()
    paste(page, "A\tB\r\n-\tx\r\n")
    expect(cell(page, 2, 5)).to_have_text("x")
    cell(page, 1, 1).click()
    page.keyboard.press("Shift+ArrowRight")
    copied = page.evaluate(
        """() => {
          const data = new DataTransfer();
          const at = document.activeElement;
          at.dispatchEvent(new ClipboardEvent("copy", { clipboardData: data, bubbles: true, cancelable: true }));
          return data.getData("text/plain");
        }"""
    )
    assert copied == "A\tB"
    saved(page)
    assert stored(room) == {"Ahmed": {2: "A", 3: "B"}}
    page.keyboard.press("Control+z")
    expect(page.locator("#sheet-state")).to_contain_text("Saved ")
    wait_until(lambda: stored(room) == {}, "The paste is not undone.")


def test_nothing_is_lost_without_a_connection_or_in_a_closed_tab(room, open_page):
    page = open_page(room.ana, address(room))
    cell(page, 0, 0).click()
    page.context.set_offline(True)
    page.keyboard.press("c")
    page.keyboard.press("Tab")
    expect(page.locator("#sheet-state")).to_contain_text("Not saved: no connection")
    page.keyboard.press("a")
    page.keyboard.press("Tab")
    assert stored(room) == {}
    page.context.set_offline(False)
    saved(page)
    assert stored(room) == {"Aguilar": {1: "C", 2: "A"}}
    page.context.set_offline(True)
    page.keyboard.press("b")
    page.keyboard.press("Tab")
    expect(page.locator("#sheet-state")).to_contain_text("Not saved")
    page.close(run_before_unload=False)
    again = page.context.new_page()
    page.context.set_offline(False)
    again.goto(address(room))
    wait_until(
        lambda: stored(room) == {"Aguilar": {1: "C", 2: "A", 3: "B"}}, "What a closed tab kept is not sent."
    )


def test_two_teachers_see_each_other_and_neither_overwrites_the_other_unseen(room, open_page):
    SectionTeacher.objects.create(section=room.section, staff=room.staff.tom, is_lead=False)
    ana, tom = open_page(room.ana, address(room)), open_page(room.tom, address(room))
    cell(ana, 0, 0).click()
    ana.keyboard.press("c")
    ana.keyboard.press("Enter")
    expect(cell(tom, 0, 0)).to_have_text("C")
    cell(tom, 0, 1).click()
    tom.keyboard.press("F2")
    tom.keyboard.type("d")  # and goes on editing
    cell(ana, 0, 1).click()
    ana.keyboard.press("a")
    ana.keyboard.press("Enter")
    saved(ana)
    cell(ana, 1, 0).click()
    ana.keyboard.press("b")
    ana.keyboard.press("Enter")
    expect(cell(tom, 1, 0)).to_have_text("B")
    expect(cell(tom, 0, 1).locator("input")).to_have_value("d")
    tom.keyboard.press("Enter")
    problem = tom.locator("#sheet-problems")
    expect(problem).to_contain_text("Kid0 Aguilar, item 2: you typed “D”. Ana Ruiz saved “A”")
    check(tom)
    assert stored(room)["Aguilar"] == {1: "C", 2: "A"}
    problem.get_by_role("button", name="Keep mine").click()
    saved(tom)
    expect(problem).to_be_hidden()
    expect(cell(ana, 0, 1)).to_have_text("D")
    assert stored(room)["Aguilar"] == {1: "C", 2: "D"}


def test_on_a_phone_one_student_at_a_time_is_keyed_in(room, open_page):
    page = open_page(room.ana, address(room), width=390, height=844)
    student = page.get_by_label("Student", exact=True)
    expect(student.locator("option:checked")).to_have_text("Kid0 Aguilar")
    expect(page.get_by_text("Type into the cells")).to_be_hidden()
    expect(page.get_by_text("Everything is saved as you type.")).to_be_visible()
    for letter in "CAB":
        page.locator("#keypad-keys").get_by_role("button", name=letter, exact=True).click()
    page.get_by_role("button", name="Left blank").click()
    page.get_by_role("button", name="Next student").click()
    page.get_by_role("button", name="Absent").click()
    expect(student.locator("option:checked")).to_have_text("Kid2 Ali")
    saved(page)
    assert stored(room) == {"Aguilar": {1: "C", 2: "A", 3: "B", 4: ""}}
    check(page)
    student.select_option("Kid10 Edwards")
    expect(student.locator("option").nth(0)).to_have_text("Kid0 Aguilar …")
    expect(student.locator("option").nth(1)).to_have_text("Kid1 Ahmed ✓")
    page.locator("#keypad-keys").get_by_role("button", name="D", exact=True).click()
    saved(page)
    assert stored(room)["Edwards"] == {1: "D"}
    room.assessment.items.filter(number=1).update(kind="points", key="", max_points=3)
    ItemResponse.objects.filter(item__number=1).delete()
    page.reload()
    keys = page.locator("#keypad-keys").get_by_role("button")
    expect(keys).to_have_text(["0", "0.5", "1", "1.5", "2", "2.5", "3"])
    keys.nth(3).click()
    saved(page)
    check(page)
    assert room.assessment.items.get(number=1).responses.get().points == 1.5


def test_many_cells_stay_quick(room, open_page):
    AssessmentItem.objects.bulk_create(
        AssessmentItem(assessment=room.assessment, number=number, key="A") for number in range(21, 61)
    )
    for number in range(27):
        student = make_student(room.school, f"30{number:02}", f"More{number}", "Many", 4)
        student.enrollments.create(section=room.section, starts_on=room.school.year_start())
    page = open_page(room.ana, address(room))
    cell(page, 0, 0).click()
    paste(page, "\n".join(["\t".join("ABCD" * 15)] * 40))
    saved(page)
    assert ItemResponse.objects.filter(item__assessment=room.assessment).count() == 2400


def test_rows_with_names_are_matched_and_seen_before_they_are_saved(room, open_page):
    page = open_page(room.ana, address(room))
    cell(page, 0, 0).click()
    letters = "\t".join(KEYS)
    names = ["Aguilar, Kid0", "Kid1 Ahmed", "Ali, K.", "Baley, Kid3", "Ortega, Dan"]
    paste(page, "\n".join(f"{name}\t{letters}" for name in names).replace("Kid1 Ahmed\tC", "Kid1 Ahmed\tQ"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("5 rows: 2 match")
    check(page)
    page.get_by_label("Item 1: “Q” is no answer").select_option("C")
    page.get_by_role("button", name="Show the rows with these choices").click()
    expect(page.get_by_role("button", name="Save 4 rows")).to_be_visible()
    check(page)
    assert stored(room) == {}
    page.get_by_role("button", name="Save 4 rows").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("4 of 13 students entered")
    assert {name: "".join(found.values()) for name, found in stored(room).items()} == dict.fromkeys(
        ["Aguilar", "Ahmed", "Ali", "Bailey"], KEYS
    )
    page.get_by_text("Paste rows with names").click()
    check(page)
    page.get_by_role("link", name="Print a sheet with codes").click()
    check(page)
    page.get_by_role("link", name="A slip for each student").click()
    check(page)


def test_who_was_signed_out_signs_in_again_elsewhere_and_nothing_is_lost(room, open_page):
    page = open_page(room.ana, address(room))
    Session.objects.all().delete()
    cell(page, 0, 0).click()
    page.keyboard.press("c")
    page.keyboard.press("Enter")
    expect(page.locator("#sheet-state")).to_contain_text("you are signed out")
    assert stored(room) == {}
    other = open_page(room.ana)
    page.context.add_cookies(other.context.cookies())
    wait_until(lambda: stored(room) == {"Aguilar": {1: "C"}}, "What was typed is not sent.")
    saved(page)


def test_a_server_that_is_gone_for_a_while_gets_everything_that_was_typed(room, open_page, programs):
    page = open_page(room.ana, address(room))
    (server,) = [one for one in programs.started if one.log.name.startswith("web")]
    cell(page, 0, 0).click()
    os.killpg(server.process.pid, signal.SIGSTOP)  # it answers nothing, and takes what is sent later
    for letter in "CAB":
        page.keyboard.press(letter)
        page.keyboard.press("Tab")
    expect(page.locator("#sheet-state")).to_have_text("Saving…")
    assert stored(room) == {}
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:')).length") == 1
    os.killpg(server.process.pid, signal.SIGCONT)
    saved(page)
    assert stored(room) == {"Aguilar": {1: "C", 2: "A", 3: "B"}}


def test_a_class_of_25_is_typed_and_pasted_at_the_pace_of_a_person(room, open_page):
    for number in range(12):
        student = make_student(room.school, f"40{number:02}", f"Late{number}", "Zimmer", 4)
        student.enrollments.create(section=room.section, starts_on=room.school.year_start())
    page = open_page(room.ana, address(room))
    cell(page, 0, 0).click()
    keys = 0
    for _student in range(25):
        for letter in KEYS:
            page.keyboard.press(letter)
            page.keyboard.press("Tab")
            keys += 2
    saved(page)
    assert (keys, ItemResponse.objects.filter(item__assessment=room.assessment).count()) == (1000, 500)
    # 1,000 keys take 200 seconds at five a second; with a step after each answer, half as many
    page.get_by_role("button", name="Move right after each answer").click()
    cell(page, 0, 0).click()
    page.keyboard.type("B" * 500)
    saved(page)
    wait_until(
        lambda: {"".join(found.values()) for found in stored(room).values()} >= {"B" * 20},
        "Not all are typed.",
    )
