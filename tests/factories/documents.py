"""PDF files, requested as a person does and made as a worker does."""

from __future__ import annotations

import io

from django.urls import reverse
from pypdf import PdfReader

from teams.documents.models import Document
from teams.documents.tasks import make_document


def pdf_text(client, address: str, query: dict[str, str] | None = None) -> str:
    """Ask for the PDF at ``address``, make it, fetch it, and return its text."""
    return "\n".join(pdf_pages(client, address, query))


def pdf_pages(client, address: str, query: dict[str, str] | None = None) -> list[str]:
    """The text of each page of the PDF at ``address``; see `pdf_text`."""
    response = client.get(address, query)
    document = Document.objects.select_related("job").get(uuid=response["Location"].split("/")[2])
    make_document(document.job_id)
    answer = client.get(reverse("teams:document-download", args=[document.uuid]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; ")
    return [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]
