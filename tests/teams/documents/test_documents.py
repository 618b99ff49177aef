"""PDF files: requested by one person, made by a worker, downloaded by no one else."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import RequestFactory
from django.urls import reverse

from teams.documents import services
from teams.documents.models import Document
from teams.documents.services import request_document
from teams.documents.tasks import make_document
from teams.jobs.models import Job
from teams.lib import clock
from teams.lib.errors import DomainError
from tests.factories.documents import pdf_text


@pytest.fixture
def ask(cast, monkeypatch):
    """``ask("words", user=…)``: a document with these words."""
    monkeypatch.setattr(services, "render_to_string", lambda _template, context, request: context["html"])

    def ask(words, user=cast.ana):
        request = RequestFactory().get("/")
        request.user, request.school = user, cast.school
        return request_document(request, "any.html", {"html": f"<p>{words}</p>"}, name="Minutes of Grade 4")

    return ask


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


def test_a_failed_file_is_made_again(ask):
    failed = ask("same")
    Job.objects.filter(pk=failed.job_id).update(state=Job.State.FAILED)
    assert ask("same").pk != failed.pk


def test_a_document_ends_after_a_day(cast, ask, as_user):
    old = ask("old")
    make_document(old.job_id)
    Document.objects.update(created_at=clock.now() - dt.timedelta(days=1, minutes=1))
    assert page_of(as_user(cast.ana), old).status_code == 404
    ask("new")
    assert not Document.objects.filter(pk=old.pk).exists()
    make_document(old.job_id)  # its message may come late


def test_a_file_with_names_is_not_fetched_while_names_are_hidden(cast, as_user):
    cast.meeting.state = "closed"
    cast.meeting.started_at = cast.meeting.closed_at = cast.meeting.starts_at
    cast.meeting.save()
    client, address = as_user(cast.ana), reverse("collab:minutes-download", args=[cast.meeting.uuid])
    pdf_text(client, address)
    named = Document.objects.get()

    client.post(reverse("datareview:projector-switch"))
    assert page_of(client, named).status_code == 404
    pdf_text(client, address)
    assert Document.objects.exclude(pk=named.pk).get().hides_names
