"""Addresses of pages of one row, which a list needs by the hundred."""

from __future__ import annotations

from functools import cache
from uuid import UUID

from django.urls import get_script_prefix, reverse

ANY = UUID(int=0)


def page_of(name: str, uuid: UUID) -> str:
    """The address of the page ``name`` of the row with this public id: `reverse`, which searches all patterns."""
    before, after = _parts(name, get_script_prefix())
    return f"{before}{uuid}{after}"


@cache
def _parts(name: str, prefix: str) -> tuple[str, str]:
    """What stands before and after the id. ``prefix`` is what `reverse` puts before every address."""
    del prefix
    before, after = reverse(name, args=[ANY]).split(str(ANY))
    return before, after
