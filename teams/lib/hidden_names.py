"""Whose names the current request hides: a context variable that is read wherever a name is written out.

Rows name themselves by an alias (`alias_of`), and what people typed goes through `hide_names` where it is
shown: `|hide_names` in templates. Text that is stored is written in `real_names`, so that no alias outlives
its day.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager


class Hider(Protocol):
    """What knows the names: the alias of a row, and a text with aliases for the names in it."""

    def alias_of(self, pk: int) -> str: ...  # noqa: D102 (said above)

    def hide(self, text: str) -> str: ...  # noqa: D102 (said above)


_hider: ContextVar[Hider | None] = ContextVar("hider", default=None)


@contextmanager
def hidden_by(hider: Hider | None) -> Iterator[None]:
    """Hide names by ``hider`` (None: show them) within the block, in this context alone."""
    token = _hider.set(hider)
    try:
        yield
    finally:
        _hider.reset(token)


def real_names() -> AbstractContextManager[None]:
    """Show names within the block: for text that is stored or compared."""
    return hidden_by(None)


def are_hidden() -> bool:
    """Whether names are hidden now."""
    return _hider.get() is not None


def alias_of(pk: int) -> str | None:
    """The alias of a row; None while names are shown."""
    hider = _hider.get()
    return hider.alias_of(pk) if hider else None


def hide_names(text: str) -> str:
    """``text`` that people typed, with aliases for the names in it while names are hidden."""
    hider = _hider.get()
    return hider.hide(text) if hider else text


def hide_in_address(address: str) -> str:
    """``address`` with aliases for the names in its query while names are hidden."""
    hider = _hider.get()
    parts = urlsplit(address)
    if hider is None or not parts.query:
        return address
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    return parts._replace(query=urlencode([(key, hider.hide(value)) for key, value in pairs])).geturl()
