"""Convert uploaded pictures and PDF files to plain JPEG pages, and cover parts of a page. No database, no clock.

Every page is drawn anew: nothing of the file but its picture is kept, no place, no camera, no author, no hidden text.
"""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL.Image import Image

LONGEST = 2000  # pixels of a page's longer side
MOST_PIXELS = 50_000_000  # of an uploaded picture
MOST_PAGES = 6
QUALITY = 82
PDF, PICTURE = "pdf", "picture"
SIGNATURES = ((b"\xff\xd8\xff", 0), (b"\x89PNG\r\n\x1a\n", 0), (b"WEBP", 8))
HEIF_BRANDS = (b"heic", b"heix", b"heif", b"hevc", b"mif1", b"msf1")


def kind_of(head: bytes) -> str:
    """The kind of a file by its first 32 bytes, whatever its name says: `PDF`, `PICTURE`, or "" for all others."""
    if head.startswith(b"%PDF-"):
        return PDF
    if any(head[at : at + len(sign)] == sign for sign, at in SIGNATURES):
        return PICTURE
    if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS:
        return PICTURE
    return ""


def pages_of(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield each page of a picture or PDF file as JPEG, with its width and height in pixels.

    Raises DomainError if the file cannot be read, is too large, or has too many pages.
    """
    kind = kind_of(content[:32])
    if not kind:
        raise DomainError(_("Upload a picture (JPEG, PNG, WebP, HEIC) or a PDF file."))
    try:
        for picture in _pdf_pages(content) if kind == PDF else [_opened(content)]:
            yield jpeg_of(picture), *picture.size
    except DomainError:
        raise
    except Exception as error:
        raise DomainError(_("The file is damaged or protected, so it can’t be read.")) from error


def square_of(content: bytes, side: int) -> bytes:
    """The middle of a picture as a square JPEG of ``side`` pixels. Raises DomainError if it cannot be read."""
    from PIL import ImageOps

    if kind_of(content[:32]) != PICTURE:
        raise DomainError(_("Upload a picture (JPEG, PNG, WebP, HEIC)."))
    try:
        return jpeg_of(ImageOps.fit(_opened(content), (side, side), centering=(0.5, 0.35)))
    except DomainError:
        raise
    except Exception as error:
        raise DomainError(_("The file is damaged or protected, so it can’t be read.")) from error


def covered(page: bytes, covers: Sequence[Sequence[float]]) -> bytes:
    """A JPEG page with black rectangles: x, y, width and height of each in percent of the page."""
    from PIL import ImageDraw

    picture = _opened(page)
    draw = ImageDraw.Draw(picture)
    width, height = picture.size
    for x, y, wide, high in covers:
        left, top = math.floor(x * width / 100), math.floor(y * height / 100)
        right, bottom = math.ceil((x + wide) * width / 100), math.ceil((y + high) * height / 100)
        draw.rectangle((left, top, max(right, left), max(bottom, top)), fill="black")
    return jpeg_of(picture)


def _opened(content: bytes) -> Image:
    """A picture, upright, on white, and no larger than `LONGEST`."""
    import pillow_heif
    from PIL import Image, ImageOps

    if content[4:8] == b"ftyp":
        pillow_heif.register_heif_opener()
    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP", "HEIF")) as found:
        if found.width * found.height > MOST_PIXELS:
            raise DomainError(_("The picture has more than 50 million pixels. Make it smaller."))
        found.draft("RGB", (LONGEST, LONGEST))
        upright = ImageOps.exif_transpose(found).convert("RGBA")
    upright.thumbnail((LONGEST, LONGEST))
    paper = Image.new("RGB", upright.size, "white")
    paper.paste(upright, mask=upright.getchannel("A"))
    return paper


def _pdf_pages(content: bytes) -> Iterator[Image]:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        if len(document) > MOST_PAGES:
            raise DomainError(
                _("The file has %(n)s pages, and the limit is %(most)s.")
                % {"n": len(document), "most": MOST_PAGES}
            )
        for page in document:
            scale = LONGEST / max(page.get_width(), page.get_height(), 1)
            yield page.render(scale=min(scale, 4)).to_pil().convert("RGB")
    finally:
        document.close()


def jpeg_of(picture: Image) -> bytes:
    """The picture as JPEG, without metadata."""
    found = io.BytesIO()
    picture.save(found, "JPEG", quality=QUALITY, optimize=True)
    return found.getvalue()
