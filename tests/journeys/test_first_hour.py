"""The first hour of a school: from an empty database to a live meeting about a flagged student and a started plan.

Only pages and files are used: the code that the server prints, the pages of Set-up, two files of a student
information system, and the emails that the server writes.
"""

from __future__ import annotations

import csv
import datetime as dt
import email
import io
import re
from email import policy
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from tests.conftest import TODAY
from tests.journeys.steps import check
from tests.servers import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]

PASSWORD = "violet harbor candle sixteen"
PEOPLE = """Cora Lind, cora@riverbend.test, Coordinator
sol.vega@riverbend.test, Specialist"""
TEACHERS = {"7A": "lena.kraft@riverbend.test", "7B": "tom.berg@riverbend.test"}
STUDENTS = [("7001", "Maya", "Okafor"), ("7002", "Jonas", "Weber"), ("7003", "Ines", "Duarte")]
ABSENT = {"7001": 3}  # every third day


def test_a_new_school_reaches_its_first_meeting(open_page, programs, tmp_path):
    emails = tmp_path / "emails"
    programs.worker(EMAIL_URL=f"file:///{emails}")
    page = open_page(None)
    begin(page)
    load_a_class_list(page, tmp_path)
    link = invite_people(page)
    load(page, tmp_path, "attendance.csv", ["student_id", "date", "mark"], attendance_rows())
    lena = join(open_page(None), link)
    cora = ask_for_a_password(open_page(None), "cora", emails)
    plan_a_meeting(lena)
    triage(cora)
    meet(lena)
    start_a_plan(cora)
    page.goto("/setup/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Teams meet.")
    check(page)


def begin(page: Page) -> None:
    """Any page leads to the one that begins; the code that the server prints opens it."""
    printed = io.StringIO()
    call_command("setup_code", stdout=printed)
    expect(page).to_have_url(re.compile("/begin/$"))
    check(page)
    page.get_by_label("One-time code").fill(printed.getvalue().split()[-1])
    page.get_by_label("Name of the school").fill("Riverbend Middle School")
    page.get_by_label("First name").fill("Pia")
    page.get_by_label("Last name").fill("Dahl")
    page.get_by_label("Email").fill("pia@riverbend.test")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    expect(page).to_have_url(re.compile("/setup/usual/$"))
    expect(page.get_by_label("Highest grade")).to_have_value("8")
    check(page)
    page.get_by_role("button", name="Add what I chose").click()
    expect(page).to_have_url(re.compile("/setup/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Teams can meet after")
    expect(page.get_by_text("strategies to choose from.")).to_be_visible()
    check(page)


def step(page: Page, title: str) -> None:
    """Open the page of a step of Set-up."""
    page.goto("/setup/")
    line = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=title, exact=True))
    line.get_by_role("link").click()


def load_a_class_list(page: Page, folder: Path) -> None:
    """One file makes teachers, students, sections, enrollments and the team of grade 7, which Lena leads."""
    columns = ["Student Number", "Student Name", "Grade", "Class", "Teacher Email"]
    rows = [
        [number, f"{last}, {first}", "7", group, TEACHERS[group]]
        for number, first, last in STUDENTS
        for group in TEACHERS
    ]
    path = write(folder / "classes.csv", columns, rows)
    step(page, "Students and sections")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("link", name="Load it as a class list").click()
    expect(page.get_by_label("Grade 7 is led by")).to_have_value(TEACHERS["7A"])
    check(page)
    page.get_by_role("button", name="Load all of it").click()
    expect(page.get_by_text("It has been loaded. No one was invited.")).to_be_visible()
    check(page)
    page.goto("/setup/")
    expect(page.get_by_text("3 students in 2 sections.")).to_be_visible()
    expect(page.get_by_text("1 team.")).to_be_visible()


def invite_people(page: Page) -> str:
    """Paste two more people, and invite Lena. Returns the path of the link that the page shows to pass on."""
    step(page, "People")
    page.get_by_role("link", name="Add people").click()
    page.get_by_label("One per line").fill(PEOPLE)
    page.locator("#paste").get_by_role("button", name="Add, invite later").click()
    expect(page.get_by_role("status").filter(has_text="2 people were added.")).to_be_visible()
    page.get_by_role("link", name="Lena Kraft").click()
    page.get_by_role("button", name="Invite", exact=True).click()
    link = page.get_by_label("Link of the invitation").input_value()
    page.goto("/setup/")
    expect(page.get_by_text("5 people work here, 4 never signed in.")).to_be_visible()
    return link[link.index("/join/") :]


def attendance_rows() -> list[list[str]]:
    """Eight weeks of school days until today."""
    days = [TODAY - dt.timedelta(days=back) for back in range(56)]
    days = [day for day in days if day.weekday() < 5]
    return [
        [number, day.isoformat(), "unexcused" if place % ABSENT.get(number, 99) == 1 else "present"]
        for number, _first, _last in STUDENTS
        for place, day in enumerate(days)
    ]


def write(path: Path, columns: list[str], rows: list[list[str]]) -> Path:
    """Write a file of comma-separated values."""
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    return path


def load(page: Page, folder, name: str, columns: list[str], rows: list[list[str]]) -> None:
    """Upload a file, see what would change, and apply it."""
    page.goto("/imports/")
    page.locator("input[type=file]").set_input_files(write(folder / name, columns, rows))
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("button", name="Check the whole file")).to_be_visible()
    page.get_by_role("button", name="Check the whole file").click()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("What was saved")).to_be_visible()
    assert page.problems == []


def link_to(emails: Path, address: str) -> str:
    """The link to a new password in the emails to ``address``; empty if there is none yet."""
    for file in emails.glob("*"):
        message = email.message_from_bytes(file.read_bytes().split(b"\n-----")[0], policy=policy.default)
        found = re.search(
            r"https?://[^/]+(/accounts/password/reset/key/\S+)", message.get_body(("plain",)).get_content()
        )
        if message["To"] == address and found:
            return found[1]
    return ""


def join(page: Page, link: str) -> Page:
    """Open the link of an invitation, and choose a password."""
    page.goto(link)
    check(page)
    page.get_by_label("Choose a password").fill(f"lena {PASSWORD}")
    page.get_by_role("button", name="Join").click()
    expect(page.locator("[data-user]")).to_be_visible()
    return page


def ask_for_a_password(page: Page, name: str, emails: Path) -> Page:
    """Ask for a new password without an invitation, open the link in the email, and sign in."""
    address = f"{name}@riverbend.test"
    page.goto("/accounts/password/reset/")
    page.locator("input[type=email]").fill(address)
    page.get_by_role("main").get_by_role("button").first.click()
    wait_until(lambda: link_to(emails, address), f"No email for {address}.")
    page.goto(link_to(emails, address))
    for field in page.locator("input[type=password]").all():
        field.fill(f"{name} {PASSWORD}")
    page.get_by_role("main").get_by_role("button").first.click()
    page.goto("/accounts/login/")
    if page.locator("input[type=email]").count():
        page.locator("input[type=email]").fill(address)
        page.locator("input[type=password]").fill(f"{name} {PASSWORD}")
        page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto("/")
    expect(page.locator("[data-user]")).to_be_visible()
    return page


def plan_a_meeting(page: Page) -> None:
    """The lead plans a meeting for this afternoon."""
    page.goto("/meetings/plan/")
    page.get_by_label("What question should it answer?").fill("Who misses school, and why?")
    page.get_by_label("Day").fill(TODAY.isoformat())
    page.get_by_label("Time").fill("15:00")
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Who misses school, and why?")
    check(page)


def triage(page: Page) -> None:
    """The coordinator sends the flagged student to the meeting."""
    page.goto("/candidates/")
    expect(page.get_by_role("link", name="Maya Okafor").first).to_be_visible()
    page.get_by_role("link", name="Maya Okafor").first.click()
    page.get_by_role("button", name="Add to their next meeting").click()
    expect(page.get_by_text("is on the agenda of Grade 7").first).to_be_visible()
    check(page)


def meet(page: Page) -> None:
    """The meeting is live, and the student is what is discussed."""
    page.reload()
    page.get_by_role("button", name="Start the meeting").click()
    expect(page.locator("#item-title")).to_have_text("Maya Okafor")
    expect(page.locator(".item figure svg").first).to_be_visible()
    check(page)


def start_a_plan(page: Page) -> None:
    """The coordinator starts a plan for the student, which Sol delivers."""
    page.get_by_role("link", name="Maya Okafor").first.click()
    page.locator('a[href*="/plans/start/"]').first.click()
    provider = page.get_by_label("Who delivers it")
    sol = provider.locator("option").filter(has_text="Sol").get_attribute("value")
    provider.select_option(sol)
    page.locator(".strategy").first.click()
    page.locator("[name=family_how]").select_option("call")
    page.get_by_label("What was said").fill("They want to help in the mornings")
    page.get_by_role("button", name="Start the plan").click()
    expect(page).to_have_url(re.compile(r"/plans/[0-9a-f-]{36}/$"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    check(page)
