"""Wait for a PDF file, and download it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from teams.documents.queries import documents_of
from teams.documents.services import record_download
from teams.jobs.services.jobs import with_progress
from teams.lib.http import render_page

if TYPE_CHECKING:
    from uuid import UUID

    from teams.lib.requests import SchoolRequest


def document_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show that the file is being made; when it is, the page downloads it, once."""
    document = get_object_or_404(documents_of(request.user).select_related("job").defer("content"), uuid=uuid)
    job = with_progress(document.job) if document.job else None
    return render_page(request, "teams/documents/show.html", {"document": document, "job": job})


def document_download(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Download the file, which the log of disclosures records as the page that shows it."""
    document = get_object_or_404(documents_of(request.user).exclude(content=None), uuid=uuid)
    record_download(document)
    response = HttpResponse(bytes(document.content or b""), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{document.name}.pdf"'
    return response
