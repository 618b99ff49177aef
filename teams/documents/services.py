"""Request a PDF file, make it in a worker, and delete it after a day."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.text import slugify
from django.utils.translation import gettext as _

from teams.documents.models import Document
from teams.documents.pdf import check_can_make_pdf, pdf_of
from teams.documents.queries import KEPT, rights_at
from teams.jobs.models import Job
from teams.jobs.services.jobs import start_job
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.lib.hidden_names import are_hidden, hide_names
from teams.lib.seen import mark_again, marks_until_now

if TYPE_CHECKING:
    from uuid import UUID

    from teams.directory.models import School, User
    from teams.jobs.services.jobs import Progress
    from teams.lib.requests import SchoolRequest

AT_ONCE = 3


def request_document(
    request: SchoolRequest, template: str, context: dict[str, Any], *, name: str
) -> Document:
    """Request ``template`` as a PDF file called ``name``. The page is rendered now, and a worker makes the file.

    Returns the existing document if the person requested the same content within a day and with the same rights.
    Raises DomainError if the server cannot make PDF files, or if three files of the person are still being made.
    """
    check_can_make_pdf()
    html = render_to_string(template, context, request=request)
    name = slugify(hide_names(name))
    user = request.user
    rights = rights_at(user, request.school)
    digest = hashlib.sha256(f"{are_hidden()}\n{rights}\n{name}\n{html}".encode()).hexdigest()
    with transaction.atomic():
        delete_old_documents()
        Document.objects.filter(owner=user, job__state=Job.State.FAILED).delete()
        unfinished = Document.objects.filter(owner=user, content=None).exclude(digest=digest)
        if unfinished.count() >= AT_ONCE:
            raise DomainError(_("Three of your PDF files are still being made. Try again in a moment."))
        fields = {
            "name": name,
            "html": html,
            "hides_names": are_hidden(),
            "rights": rights,
            "seen": marks_until_now(),
            "address": request.get_full_path(),
        }
        document, is_new = Document.objects.get_or_create(owner=user, digest=digest, defaults=fields)
        if not is_new:
            document.is_downloaded = False  # the download starts once for each request
            document.save(update_fields=["is_downloaded"])
            return document
        document.job = start_job(
            "teams.make_document", school=request.school, actor=user, payload={"document": document.pk}
        )
        document.save(update_fields=["job"])
    return document


def make_document(job: Job, _progress: Progress) -> dict[str, Any]:
    """Make the PDF file of a document, unless it was deleted in the meantime."""
    document = Document.objects.filter(pk=job.payload["document"]).first()
    if document is not None and document.content is None:
        document.content, document.html = pdf_of(document.html), ""
        document.save(update_fields=["content", "html"])
    return {}


def record_download(document: Document) -> None:
    """Record that the owner downloads the file: whom it shows, and that its page needn't start the download again."""
    mark_again(document.seen)
    document.is_downloaded = True
    document.save(update_fields=["is_downloaded"])


def delete_old_documents() -> int:
    """Delete the documents requested more than a day ago. Returns their number."""
    gone, _by_model = Document.objects.filter(created_at__lte=clock.now() - KEPT).delete()
    return gone


def delete_documents_about(uuid: UUID, owner: User) -> None:
    """Delete what ``owner`` requested on pages whose address has ``uuid``."""
    Document.objects.filter(owner=owner, address__contains=str(uuid)).delete()


def delete_documents_at(school: School, owner: User) -> None:
    """Delete what ``owner`` requested at ``school``."""
    Document.objects.filter(owner=owner, job__school=school).delete()
