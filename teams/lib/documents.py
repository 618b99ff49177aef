"""Render templates as PDF, if the server has the libraries for it."""

from __future__ import annotations

from ctypes.util import find_library
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.text import slugify
from django.utils.translation import gettext as _

from teams.lib.errors import DomainError
from teams.lib.hidden_names import hide_names

if TYPE_CHECKING:
    from django.http import HttpRequest

SCHEME = "collab:"


@cache
def can_make_pdf() -> bool:
    """Whether WeasyPrint (the extra ``pdf``) and the Pango library it needs are installed."""
    return find_spec("weasyprint") is not None and find_library("pango-1.0") is not None


def pdf_response(request: HttpRequest, template: str, context: dict[str, Any], *, name: str) -> HttpResponse:
    """Respond with ``template`` as a PDF file called ``name``; DomainError if the server cannot make PDFs.

    The template may only use our own static files: no other URL in it is fetched.
    """
    if not can_make_pdf():
        raise DomainError(_("This server can’t create PDF files. Print the page instead."))
    from weasyprint import CSS, HTML

    html = render_to_string(template, context, request=request)
    style = CSS(filename=str(_static("css/paper.css")), url_fetcher=_fetch)
    content = HTML(string=html, base_url=SCHEME, url_fetcher=_fetch).write_pdf(stylesheets=[style])
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{slugify(hide_names(name))}.pdf"'
    return response


def _fetch(url: str, *args: object, **kwargs: object) -> dict[str, Any]:
    if not url.startswith(SCHEME):
        raise ValueError("Documents use our own files only.")
    return {"file_obj": _static(url.removeprefix(SCHEME)).open("rb"), "mime_type": "font/woff2"}


def _static(path: str) -> Path:
    found = finders.find(path)
    if not isinstance(found, str):
        raise ValueError(f"There is no static file {path}.")
    return Path(found)
