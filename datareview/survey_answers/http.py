"""Helpers shared by the views of surveys."""

from __future__ import annotations

import io
from functools import lru_cache

import qrcode
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from qrcode.image.svg import SvgPathImage


def address_of(code: str) -> str:
    """The whole address of the page that takes the answers of who has ``code``."""
    return str(settings.SITE_URL) + reverse("datareview:survey-answer", args=[code])


@lru_cache(maxsize=4096)
def drawn(address: str) -> SafeString:
    """The address as a QR code in SVG, without the XML declaration."""
    out = io.BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, box_size=8, border=2).save(out)
    text = out.getvalue().decode()
    return mark_safe(text[text.index("<svg") :])  # noqa: S308 (drawn by the library from our own address)
