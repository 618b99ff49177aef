"""Which requests are a look at results."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest


def is_read(request: HttpRequest) -> bool:
    """Whether a page is opened; nothing is recorded for a form that is sent to it by mistake."""
    return request.method == "GET"
