"""What the files of a set, checked one after another, will have stored when the next is applied.

A row of a later file that names a student or section of an earlier one is then no problem. These have no id in the
database yet, so theirs are below zero: nothing that is stored has such an id, and nothing is written by them, because
every file is checked again when it is applied.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datareview.records.models import Enrollment, Section, Student


@dataclass(slots=True)
class Pending:
    """Students, sections and enrollments of files of a set that are not applied yet, by their ids below zero."""

    students: dict[int, Student] = field(default_factory=dict)
    sections: dict[int, Section] = field(default_factory=dict)
    enrollments: dict[int, Enrollment] = field(default_factory=dict)


_pending: ContextVar[Pending | None] = ContextVar("pending_rows", default=None)


@contextmanager
def checked_in_turn() -> Iterator[None]:
    """Check each file inside the block as if those checked in it before had been applied."""
    token = _pending.set(Pending())
    try:
        yield
    finally:
        _pending.reset(token)


def pending() -> Pending:
    """What earlier files of the set bring, to which the next adds; nothing outside of a set."""
    return _pending.get() or Pending()


def is_in_turn() -> bool:
    """Whether files are checked in turn now."""
    return _pending.get() is not None
