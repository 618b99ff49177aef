"""Wait for a PDF file, and download it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from teams.documents.queries import documents_of, listed_documents
from teams.documents.services import record_download
from teams.jobs.services.jobs import with_progress
from teams.lib.http import render_page

if TYPE_CHECKING:
    from uuid import UUID

    from teams.lib.requests import SchoolRequest


def document_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show that the file is being made; when it is, the page downloads it, once.

    htmx gets the row of a list (`teams.documents.tags`) instead, which says that the file is ready.
    """
    document = get_object_or_404(listed_documents(request.user), uuid=uuid)
    job = with_progress(document.job) if document.job else None
    if not request.htmx:
        return render_page(request, "teams/documents/show.html", {"document": document, "job": job})
    response = render_page(request, "teams/documents/_row.html", {"document": document, "job": job})
    if job and job.state == job.State.DONE:
        ready = _("%(file)s is ready.") % {"file": document.file_name}
        return trigger_client_event(response, "collab:say", {"text": ready, "level": "success"})
    return response


def document_download(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Download the file, which the log of disclosures records as the page that shows it."""
    document = get_object_or_404(documents_of(request.user).exclude(content=None), uuid=uuid)
    record_download(document)
    response = HttpResponse(bytes(document.content or b""), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{document.file_name}"'
    return response
