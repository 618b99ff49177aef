"""Slots on pages that higher packages fill, so that a page need not import them.

The student page of `datareview` shows the meetings and action items of `collab` through a slot, without
importing upward.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from django.http import HttpRequest

_PANELS: dict[str, list[str]] = {}


def register_panel(slot: str, dotted_path: str) -> None:
    """Register ``dotted_path``, a function of request and subject that returns HTML or None, for ``slot``."""
    paths = _PANELS.setdefault(slot, [])
    if dotted_path not in paths:
        paths.append(dotted_path)


def panels_of(slot: str, request: HttpRequest, subject: Any) -> list[str]:
    """The HTML of the panels of ``slot`` for ``subject``, without empty ones."""
    rendered = (import_string(path)(request, subject) for path in _PANELS.get(slot, []))
    return [html for html in rendered if html]
