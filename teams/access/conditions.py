"""Conditions that a row belongs to what somebody may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef

if TYPE_CHECKING:
    from django.db.models import QuerySet


def one_of(rows: QuerySet[Any], path: str = "pk") -> Exists:
    """Condition that what ``path`` refers to is one of ``rows``.

    It is asked for each row that the other conditions leave. SQLite would read all of ``rows`` first for
    ``__in=rows``: everything that a school has ever written, for an agenda of eight items.
    """
    return Exists(rows.filter(pk=OuterRef(path)))
