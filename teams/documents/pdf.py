"""Make PDF files, if the server has the libraries for it."""

from __future__ import annotations

from ctypes.util import find_library
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _

from teams.lib.errors import DomainError
from teams.themes.colors import in_light

SCHEME = "collab:"


@cache
def can_make_pdf() -> bool:
    """Whether WeasyPrint (the extra ``pdf``) and the Pango library it needs are installed."""
    return find_spec("weasyprint") is not None and find_library("pango-1.0") is not None


def check_can_make_pdf() -> None:
    """Raise DomainError if the server cannot make PDF files."""
    if not can_make_pdf():
        raise DomainError(_("This server can’t create PDF files. Print the page instead."))


def pdf_of(html: str) -> bytes:
    """Return ``html`` as a PDF file, in the colors of the light theme.

    It may only use our own static files: no other URL in it is fetched.
    """
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts, fetcher = FontConfiguration(), _fetcher()  # a style sheet without them loads no fonts
    style = CSS(filename=str(_static("css/paper.css")), url_fetcher=fetcher, font_config=fonts)
    page = HTML(string=in_light(html), base_url=SCHEME, url_fetcher=fetcher)
    made: bytes = page.write_pdf(stylesheets=[style], font_config=fonts)
    return made


def _fetcher() -> Any:
    """A fetcher of our own static files; ValueError for any other address."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith(SCHEME):
                raise ValueError("Documents use our own files only.")
            path = _static(url.removeprefix(SCHEME))
            return URLFetcherResponse(url, _font(path) if path.suffix == ".woff2" else path.read_bytes())

    return OwnFiles()


@cache
def _font(path: Path) -> bytes:
    """The font in a file, decompressed: done anew for every document, this would be two thirds of its work."""
    from fontTools.ttLib import woff2

    font = BytesIO()
    woff2.decompress(BytesIO(path.read_bytes()), font)
    return font.getvalue()


def _static(path: str) -> Path:
    found = finders.find(path)
    if not isinstance(found, str):
        raise ValueError(f"There is no static file {path}.")
    return Path(found)
