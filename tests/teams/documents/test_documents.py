"""PDF files: requested by one person, made by a worker, downloaded by no one else."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from collab.meetings.services import roles
from datareview.privacy.models import Disclosure
from datareview.privacy.queries import aliases_of
from datareview.records.models import Student
from teams.account.services.leaving import end_access
from teams.directory.models import Role, Staff, TeamMember
from teams.documents import makers, services
from teams.documents.models import Document
from teams.documents.services import request_document, request_from_maker
from teams.documents.tasks import delete_old_documents, make_document
from teams.jobs.models import Job
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.lib.hidden_names import hidden_by, hide_names
from tests.factories.documents import pdf_text


@pytest.fixture
def ask(cast, monkeypatch):
    """``ask("words", user=…, school=…)``: a document with these words."""
    monkeypatch.setattr(services, "render_to_string", lambda _template, context, request: context["html"])

    def ask(words, user=cast.ana, school=cast.school):
        request = RequestFactory().get("/minutes.pdf?of=4")
        request.user, request.school = user, school
        return request_document(
            request, "any.html", {"html": f"<p>{words}</p>"}, name="Minutes of Grade 4", page="/minutes/"
        )

    return ask


def yesterday(cast):
    return cast.school.today() - dt.timedelta(days=1)


def close(cast):
    cast.meeting.state = "closed"
    cast.meeting.started_at = cast.meeting.closed_at = cast.meeting.starts_at
    cast.meeting.save()


def page_of(client, document):
    return client.get(document.get_absolute_url())


def test_the_requester_waits_and_downloads_the_file(cast, ask, as_user):
    document, client = ask("Said of Maya"), as_user(cast.ana)
    file = reverse("teams:document-download", args=[document.uuid])
    assert "Waiting to start" in page_of(client, document).content.decode()
    assert client.get(file).status_code == 404

    make_document(document.job_id)

    assert f'content="0; url={file}"' in page_of(client, document).content.decode()
    answer = client.get(file)
    assert (answer.content[:5], answer["Content-Type"]) == (b"%PDF-", "application/pdf")
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Content-Disposition"] == 'attachment; filename="minutes-of-grade-4.pdf"'
    document.refresh_from_db()
    assert document.html == ""


def test_no_one_else_can_download_it(cast, ask, as_user):
    document = ask("Said of Maya")
    make_document(document.job_id)
    for user in (cast.tom, cast.ada, cast.zed):
        client = as_user(user)
        assert page_of(client, document).status_code == 404
        assert client.get(reverse("teams:document-download", args=[document.uuid])).status_code == 404


def test_the_same_content_is_made_once_per_person_and_new_content_again(cast, ask):
    assert ask("same") == ask("same")
    assert ask("same") != ask("other")
    assert ask("same", cast.tom) != ask("same")
    assert Job.objects.filter(kind="teams.make_document").count() == 3


def test_a_person_waits_for_three_files_at_most(cast, ask):
    first, *_others = [ask(f"file {n}") for n in range(3)]
    with pytest.raises(DomainError, match="Three of your PDF files are still being made"):
        ask("file 4")
    assert ask("file 0") == first
    assert ask("file 4", cast.tom).owner == cast.tom

    make_document(first.job_id)
    assert ask("file 4").owner == cast.ana


def test_a_failed_file_is_made_again(cast, ask, as_user):
    failed = ask("same")
    Job.objects.filter(pk=failed.job_id).update(state=Job.State.FAILED, error="No fonts here.")
    page = page_of(as_user(cast.ana), failed).content.decode()
    sentences = ("Your file could not be made.", "No fonts here.", "Your file is being made", "Download</a>")
    assert [sentence in page for sentence in sentences] == [True, True, False, False]
    assert '<a class="button" href="/minutes.pdf?of=4">Try again</a>' in page
    assert ask("same").pk != failed.pk


def test_the_download_starts_once_for_each_request(cast, ask, as_user):
    document, client = ask("same"), as_user(cast.ana)
    make_document(document.job_id)

    def starts():
        return 'http-equiv="refresh"' in page_of(client, document).content.decode()

    assert (starts(), starts()) == (True, True)
    client.get(reverse("teams:document-download", args=[document.uuid]))
    assert starts() is False
    assert ask("same") == document
    assert starts() is True


def joins_the_other_school(cast):
    return Staff.objects.create(
        user=cast.ana, school=cast.other_school, role=Role.TEACHER, starts_on=cast.staff.ana.starts_on
    )


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda cast: None, 200),
        (lambda cast: Staff.objects.filter(pk=cast.staff.ana.pk).update(ends_on=yesterday(cast)), 404),
        (lambda cast: Staff.objects.filter(pk=cast.staff.ana.pk).update(role=Role.ADMINISTRATOR), 404),
        (lambda cast: TeamMember.objects.filter(staff=cast.staff.ana).update(ends_on=yesterday(cast)), 404),
    ],
    ids=["nothing", "left the school", "another role", "left the team"],
)
def test_a_file_is_lost_with_the_rights_that_its_reader_had(cast, ask, as_user, change, status):
    joins_the_other_school(cast)
    document, client = ask("Said of Maya"), as_user(cast.ana)
    make_document(document.job_id)
    change(cast)
    file = reverse("teams:document-download", args=[document.uuid])
    assert (page_of(client, document).status_code, client.get(file).status_code) == (status, status)


def test_the_same_content_is_made_again_for_other_rights(cast, ask, as_user):
    before = ask("same")
    Staff.objects.filter(pk=cast.staff.ana.pk).update(role=Role.COORDINATOR)
    after = ask("same")
    assert after != before
    assert page_of(as_user(cast.ana), after).status_code == 200


def test_ending_access_deletes_the_files_of_the_school_only(cast, ask):
    joins_the_other_school(cast)
    ask("Lincoln")
    there = ask("Roosevelt", school=cast.other_school)
    of_tom = ask("Lincoln", cast.tom)
    end_access(cast.ana, school=cast.school)
    assert set(Document.objects.all()) == {there, of_tom}


def test_downloading_is_a_disclosure_of_whom_the_file_names(cast, as_user):
    cast.meeting.items.filter(position=0).update(title="Jonas Weber and the bus")
    close(cast)
    client = as_user(cast.ana)
    pdf_text(client, reverse("collab:minutes-download", args=[cast.meeting.uuid]))
    asked, downloaded = Disclosure.objects.order_by("pk").values_list("what", "students")
    assert downloaded == ("document-download", f" {cast.jonas.pk} ")
    assert asked == ("minutes-download", f" {cast.jonas.pk} ")


def test_a_document_ends_after_a_day(cast, ask, as_user):
    old = ask("old")
    make_document(old.job_id)
    Document.objects.update(created_at=clock.now() - dt.timedelta(days=1, minutes=1))
    assert page_of(as_user(cast.ana), old).status_code == 404
    new = ask("new", cast.tom)
    assert set(Document.objects.all()) == {new}
    make_document(old.job_id)  # its message may come late


def test_old_documents_are_deleted_every_hour(cast, ask, settings):
    old, new = ask("old"), ask("new")
    Document.objects.filter(pk=old.pk).update(created_at=clock.now() - dt.timedelta(days=1, minutes=1))
    delete_old_documents()
    assert set(Document.objects.all()) == {new}
    every = {one["task"]: one["schedule"] for one in settings.CELERY_BEAT_SCHEDULE.values()}
    assert every[delete_old_documents.name] == 3600


def test_a_file_with_names_is_not_fetched_while_names_are_hidden(cast, as_user):
    close(cast)
    client, address = as_user(cast.ana), reverse("collab:minutes-download", args=[cast.meeting.uuid])
    pdf_text(client, address)
    named = Document.objects.get()

    client.post(reverse("datareview:projector-switch"))
    assert page_of(client, named).status_code == 404
    pdf_text(client, address)
    assert Document.objects.exclude(pk=named.pk).get().hides_names


def test_a_guest_who_is_removed_loses_the_files_of_that_meeting_only(cast):
    roles.invite_guest(cast.meeting, actor=cast.ana, staff=cast.staff.gil)
    for owner, address in (
        (cast.gil, f"/meetings/{cast.meeting.uuid}/minutes.pdf"),
        (cast.gil, "/reports/download/"),
        (cast.ana, f"/meetings/{cast.meeting.uuid}/minutes.pdf"),
    ):
        Document.objects.create(owner=owner, name="x", digest=f"{owner}{address}"[:64], address=address)
    roles.remove_guest(cast.meeting, actor=cast.ana, staff=cast.staff.gil)
    kept = Document.objects.order_by("pk").values_list("owner__first_name", "address")
    assert list(kept) == [
        ("Gil", "/reports/download/"),
        ("Ana", f"/meetings/{cast.meeting.uuid}/minutes.pdf"),
    ]


# Files that a maker computes in the worker --------------------------------------------------------------------------


@pytest.fixture
def maker(cast, monkeypatch):
    """``maker(user)``: a document with the school's first student, a sentence, and what a teacher typed."""

    def make(wanted, progress):
        progress.step(1, 2)
        student = Student.objects.get(pk=wanted.options["student"])
        typed = hide_names("Jonas Weber and the bus")
        return f"<p>{student} · {gettext('Working')} · {wanted.school} · {wanted.user} · {typed}</p>"

    monkeypatch.setitem(makers._makers, "tests.student", make)
    monkeypatch.setattr(services, "pdf_of", lambda html: html.encode())

    def ask(user=cast.ana, student=cast.maya, page="/reports/"):
        request = RequestFactory().get("/reports/download/?of=school")
        request.user, request.school = user, cast.school
        return request_from_maker(
            request, "tests.student", {"student": student.pk}, name="Students", page=page
        )

    return ask


def made(document):
    make_document(document.job_id)
    document.refresh_from_db()
    return bytes(document.content or b"").decode()


def test_a_maker_works_for_the_person_in_their_language_and_the_download_is_a_disclosure(
    cast, maker, as_user
):
    with translation.override("es"):
        document = maker()
    assert Disclosure.objects.count() == 0
    expected = f"<p>Maya Okafor · Trabajando · {cast.school} · {cast.ana} · Jonas Weber and the bus</p>"
    assert made(document) == expected

    as_user(cast.ana).get(reverse("teams:document-download", args=[document.uuid]))
    [(what, students)] = Disclosure.objects.values_list("what", "students")
    assert (what, set(students.split())) == ("document-download", {str(cast.maya.pk), str(cast.jonas.pk)})


def test_a_maker_hides_names_if_they_were_hidden_when_it_was_asked_for(cast, maker):
    with hidden_by(aliases_of(cast.school)):
        hidden = maker()
        alias, typed = str(cast.maya), hide_names("Jonas Weber")
    assert hidden.hides_names
    text = made(hidden)
    assert [one in text for one in (alias, typed, "Maya", "Okafor", "Weber")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert made(maker()).startswith("<p>Maya Okafor")


def test_a_maker_makes_nothing_for_who_lost_the_rights_since(cast, maker):
    document = maker()
    Staff.objects.filter(pk=cast.staff.ana.pk).update(role=Role.COORDINATOR)
    assert made(document) == ""
    assert Job.objects.values_list("state", "error").get() == (
        "failed",
        "Your role or your teams have changed. Open the page again and ask for the file there.",
    )


def test_a_file_that_is_being_made_is_made_once_and_a_finished_one_again_from_todays_rows(cast, maker):
    first = maker()
    assert maker() == first
    assert made(first).startswith("<p>Maya Okafor")
    Student.objects.filter(pk=cast.maya.pk).update(first_name="May")
    second = maker()
    assert made(second).startswith("<p>May Okafor")
    assert list(Document.objects.all()) == [second]


def test_a_file_that_was_deleted_while_it_was_made_stays_deleted(cast, maker, monkeypatch):
    document = maker()
    monkeypatch.setattr(services, "pdf_of", lambda _html: Document.objects.all().delete() and b"late")
    make_document(document.job_id)
    assert (Document.objects.count(), Job.objects.get().state) == (0, "done")


# The list on the page where files were requested ----------------------------------------------------------------------


def listed(client, page="/reports/"):
    return re.findall(r'<li\s+id="document-([0-9a-f-]+)"', client.get(page).content.decode())


def test_a_page_lists_the_files_that_its_reader_requested_there(cast, maker, as_user):
    mine, theirs, elsewhere = maker(), maker(cast.tom), maker(student=cast.jonas, page="/minutes/")
    assert listed(as_user(cast.ana)) == [str(mine.uuid)]
    Document.objects.filter(pk=mine.pk).update(created_at=clock.now() - dt.timedelta(days=1, minutes=1))
    assert listed(as_user(cast.ana)) == []
    assert listed(as_user(cast.tom)) == [str(theirs.uuid)]
    assert elsewhere.page == "/minutes/"


def test_a_row_asks_until_the_file_is_made_and_then_says_so_without_a_new_page(cast, maker, as_user):
    document, client = maker(), as_user(cast.ana)
    address = document.get_absolute_url()
    page = client.get("/reports/").content.decode()
    assert f'hx-get="{address}"' in page
    assert '<details class="no-print" open>' in page
    waits = client.get(address, headers={"HX-Request": "true"})
    assert ("being made" in waits.content.decode(), waits.headers.get("HX-Trigger")) == (True, None)

    make_document(document.job_id)
    ready = client.get(address, headers={"HX-Request": "true"})
    row = ready.content.decode()
    assert [word in row for word in ("hx-get", "<html", "ready since")] == [False, False, True]
    assert f'href="{reverse("teams:document-download", args=[document.uuid])}"' in row
    said = {"collab:say": {"text": "students.pdf is ready.", "level": "success"}}
    assert json.loads(ready["HX-Trigger"]) == said
    assert '<details class="no-print">' in client.get("/reports/").content.decode()
    assert as_user(cast.tom).get(address, headers={"HX-Request": "true"}).status_code == 404


def test_a_row_of_a_failed_file_says_why_and_is_not_listed_again(cast, maker, as_user):
    document, client = maker(), as_user(cast.ana)
    Job.objects.filter(pk=document.job_id).update(state=Job.State.FAILED, error="No fonts here.")
    row = client.get(document.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    assert ("No fonts here." in row, "hx-get" in row) == (True, False)
    assert listed(client) == []
