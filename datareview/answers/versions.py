"""Versions of cells, by which a page says what it has seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datareview.records.models import ItemResponse

ABSENT_VERSION = "x"


def version_of(response: ItemResponse | None) -> str:
    """When, in microseconds, and by whom an answer was entered; "" for none."""
    if response is None:
        return ""
    return f"{int(response.entered_at.timestamp() * 1_000_000):x}-{response.entered_by_id or 0}"
