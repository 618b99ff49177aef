"""Slots on pages that a package above fills, so that no page has to know what stands above it.

`collab` knows meetings and actions; the student page of `datareview` shows them through a slot, without
importing upward.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from django.http import HttpRequest

_PANELS: dict[str, list[str]] = {}


def register_panel(slot: str, dotted_path: str) -> None:
    """Let ``dotted_path`` (a function of request and subject, giving HTML or None) fill ``slot``."""
    paths = _PANELS.setdefault(slot, [])
    if dotted_path not in paths:
        paths.append(dotted_path)


def panels_of(slot: str, request: HttpRequest, subject: Any) -> list[str]:
    """The HTML of every panel of ``slot`` that has something to show about ``subject``."""
    rendered = (import_string(path)(request, subject) for path in _PANELS.get(slot, []))
    return [html for html in rendered if html]
