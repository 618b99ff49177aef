"""Hide student names in the current request: a context variable read wherever a name is rendered.

Rows show their alias as their name (`alias_of`), and user-written text is passed through `hide_names` when it
is shown (`|hide_names` in templates). Stored text is written within `real_names`, so that aliases are never
stored.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from teams.lib.seen import mark_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager


class Hider(Protocol):
    """Replaces names: gives the alias of a row, and a text with the names in it replaced."""

    def alias_of(self, pk: int) -> str: ...  # noqa: D102 (see the class)

    def hide(self, text: str) -> str: ...  # noqa: D102 (see the class)


_hider: ContextVar[Hider | None] = ContextVar("hider", default=None)


@contextmanager
def hidden_by(hider: Hider | None) -> Iterator[None]:
    """Hide names with ``hider`` within the block, in this context only; None shows them."""
    token = _hider.set(hider)
    try:
        yield
    finally:
        _hider.reset(token)


def real_names() -> AbstractContextManager[None]:
    """Show real names within the block, for text that is stored or compared."""
    return hidden_by(None)


def are_hidden() -> bool:
    """Whether names are currently hidden."""
    return _hider.get() is not None


def alias_of(pk: int) -> str | None:
    """The alias of a row, or None while names are shown."""
    hider = _hider.get()
    return hider.alias_of(pk) if hider else None


def hide_names(text: str) -> str:
    """Replace names in user-written ``text`` by aliases while names are hidden; the text is marked as seen."""
    mark_text(text)
    hider = _hider.get()
    return hider.hide(text) if hider else text


def change_query(address: str, change: Callable[[str], str]) -> str:
    """Apply ``change`` to each value in the query string of ``address``."""
    parts = urlsplit(address)
    if not parts.query:
        return address
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    return parts._replace(query=urlencode([(key, change(value)) for key, value in pairs])).geturl()


def hide_in_address(address: str) -> str:
    """Replace names in the query string of ``address`` by aliases while names are hidden."""
    hider = _hider.get()
    return address if hider is None else change_query(address, hider.hide)
