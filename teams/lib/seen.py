"""What a response shows of people, collected while it is rendered: ids of rows by name, and texts that may name them.

A model whose name must not be shown unrecorded calls `mark_seen` where its name becomes text; texts that people typed
are marked where names in them are hidden (`teams.lib.hidden_names`).
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True)
class Seen:
    """Ids of rows whose names were shown, and typed texts that were shown."""

    ids: set[int] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)


class Marks(TypedDict, total=False):
    """What was marked, as JSON: for a file that is rendered now and shown later."""

    ids: list[int]
    texts: list[str]


_seen: ContextVar[Seen | None] = ContextVar("seen", default=None)


@contextmanager
def collect_seen() -> Iterator[Seen]:
    """Collect what is marked inside."""
    seen = Seen()
    token = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(token)


def mark_seen(pk: int) -> None:
    """Add the id of a row whose name is shown."""
    if seen := _seen.get():
        seen.ids.add(pk)


def mark_text(text: str) -> None:
    """Add a typed text that is shown."""
    if seen := _seen.get():
        seen.texts.append(text)


def marks_until_now() -> Marks:
    """What was marked until now."""
    seen = _seen.get() or Seen()
    return {"ids": sorted(seen.ids), "texts": sorted(set(seen.texts))}


def mark_again(marks: Marks) -> None:
    """Add what was marked earlier, and is shown now."""
    for pk in marks.get("ids", []):
        mark_seen(pk)
    for text in marks.get("texts", []):
        mark_text(text)
