"""Request a PDF file, make it in a worker, and delete it after a day."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from teams.access.permissions import roles_of
from teams.documents.makers import Wanted, maker_named, protection
from teams.documents.models import Document
from teams.documents.pdf import check_can_make_pdf, pdf_of
from teams.documents.queries import KEPT, rights_at
from teams.jobs.models import Job
from teams.jobs.services.jobs import start_job
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.lib.hidden_names import are_hidden, hidden_by, hide_names
from teams.lib.request_cache import request_cache
from teams.lib.seen import collect_seen, mark_again, marks_until_now

if TYPE_CHECKING:
    from uuid import UUID

    from teams.directory.models import School, User
    from teams.jobs.services.jobs import Progress
    from teams.lib.requests import SchoolRequest

AT_ONCE = 3


def request_document(
    request: SchoolRequest, template: str, context: dict[str, Any], *, name: str, page: str
) -> Document:
    """Request ``template`` as a PDF file called ``name``. The page is rendered now, and a worker makes the file.

    ``page`` is the path of the page that lists it. Returns the existing document if the person requested the same content
    within a day and with the same rights. Raises DomainError if the server cannot make PDF files, or if three files of
    the person are still being made.
    """
    check_can_make_pdf()
    html = render_to_string(template, context, request=request)
    return _request(request, html, name=name, page=page, html=html, seen=marks_until_now())


def request_from_maker(
    request: SchoolRequest, maker: str, options: dict[str, Any], *, name: str, page: str
) -> Document:
    """Request a PDF file called ``name`` of what the registered ``maker`` makes from ``options`` (JSON) in a worker.

    ``page`` is the path of the page that lists it. Returns the existing document while the same file is still being made.
    Raises DomainError as `request_document` does.
    """
    check_can_make_pdf()
    made_from = {"maker": maker, "options": options, "language": get_language() or ""}
    return _request(request, json.dumps(made_from, sort_keys=True), name=name, page=page, **made_from)


def _request(request: SchoolRequest, identity: str, *, name: str, page: str, **fields: Any) -> Document:
    """The document that ``identity`` and the person's rights identify: a new one with a job, or the existing one."""
    name, user = slugify(hide_names(name)), request.user
    rights = rights_at(user, request.school)
    digest = hashlib.sha256("\n".join([str(are_hidden()), rights, name, identity]).encode()).hexdigest()
    with transaction.atomic():
        delete_old_documents()
        own = Document.objects.filter(owner=user)
        own.filter(job__state=Job.State.FAILED).delete()
        own.filter(digest=digest).exclude(maker="").exclude(
            content=None
        ).delete()  # its rows may have changed
        if own.filter(content=None).exclude(digest=digest).count() >= AT_ONCE:
            raise DomainError(_("Three of your PDF files are still being made. Try again in a moment."))
        fields |= {
            "name": name,
            "hides_names": are_hidden(),
            "rights": rights,
            "address": request.get_full_path(),
            "page": page,
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


def make_document(job: Job, progress: Progress) -> dict[str, Any]:
    """Make the PDF file of a document, unless it was deleted in the meantime."""
    document = Document.objects.filter(pk=job.payload["document"]).select_related("owner").first()
    if document is not None and document.content is None:
        html = _made(document, job, progress) if document.maker else document.html
        content = pdf_of(html)
        Document.objects.filter(pk=document.pk).update(content=content, html="", seen=document.seen)
    return {}


def _made(document: Document, job: Job, progress: Progress) -> str:
    """The HTML that the document's maker makes for its owner, whose students it names are then in ``seen``."""
    school, user = cast("School", job.school), document.owner  # files are requested at a school
    protected = protection()
    hider = protected.hider_of(school) if document.hides_names else None
    with (
        request_cache(),
        translation.override(document.language),
        hidden_by(hider),
        collect_seen() as seen,
    ):
        if rights_at(user, school) != document.rights:
            raise DomainError(
                _("Your role or your teams have changed. Open the page again and ask for the file there.")
            )
        html = maker_named(document.maker)(Wanted(user, school, document.options), progress)
        ids = seen.ids | protected.named_in(set(seen.texts), roles_of(user))
    document.seen = {"ids": sorted(ids)}
    return html


def record_download(document: Document) -> None:
    """Record that the owner downloads the file: whom it shows, and that its page needn't start the download again."""
    mark_again(document.seen)
    document.is_downloaded = True
    document.save(update_fields=["is_downloaded"])


def delete_old_documents() -> int:
    """Delete the documents requested more than a day ago. Returns their number."""
    gone, _by_model = Document.objects.filter(created_at__lte=clock.now() - KEPT).delete()
    return gone


def delete_documents_about(uuid: UUID, owner: User | None = None) -> None:
    """Delete what ``owner``, or everybody, requested on pages whose address has ``uuid``."""
    found = Document.objects.filter(address__contains=str(uuid))
    (found if owner is None else found.filter(owner=owner)).delete()


def delete_documents_at(school: School, owner: User) -> None:
    """Delete what ``owner`` requested at ``school``."""
    Document.objects.filter(owner=owner, job__school=school).delete()
