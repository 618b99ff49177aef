"""One order of people's names on every database: ñ is sorted as n, capitals as small letters, O’Neill as Oneill."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Func, TextField

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper

_LETTERS = ((0x41, 0x5B), (0xC0, 0x250), (0x1E00, 0x1F00))  # Latin
_ALONE = {"ß": "s", "æ": "a", "œ": "o", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "t", "ı": "i", "ħ": "h"}
_LEFT_OUT = "'’ʻʼ`´."  # O’Neill, St. John
_SPACES = "-‐‑–"


def _plain(letter: str) -> str:
    small = letter.lower()
    if small in _ALONE:
        return _ALONE[small]
    return "".join(one for one in unicodedata.normalize("NFKD", small) if not unicodedata.combining(one))


def _pairs() -> Iterator[tuple[str, str]]:
    for first, end in _LETTERS:
        for letter in map(chr, range(first, end)):
            plain = _plain(letter)
            if len(plain) == 1 and plain != letter:
                yield letter, plain
    yield from ((one, " ") for one in _SPACES)


_PAIRS = tuple(_pairs())
_FROM, _TO = "".join(one for one, _plain in _PAIRS), "".join(plain for _one, plain in _PAIRS)
_TABLE = str.maketrans(_FROM, _TO, _LEFT_OUT)


@lru_cache(maxsize=20_000)
def name_key(name: str) -> str:
    """A text by whose code points names are in order."""
    return name.translate(_TABLE)


class NameOrder(Func):
    """`name_key` of a column, for ``order_by``."""

    output_field = TextField()
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """The function that `add_name_order` gives each connection."""
        return self.as_sql(compiler, connection, function="name_key", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """The same letters for the same letters, compared by their code points."""
        texts = [one.replace("'", "''") for one in (_FROM + _LEFT_OUT, _TO)]
        template = f"translate(%(expressions)s, '{texts[0]}', '{texts[1]}') COLLATE \"C\""
        return self.as_sql(compiler, connection, template=template, **extra)


def add_name_order(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Give a new connection to SQLite the function `name_key`; a receiver of ``connection_created``."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("name_key", 1, _of_column, deterministic=True)


def _of_column(name: str | None) -> str | None:
    return None if name is None else name_key(name)


def people_order(prefix: str = "") -> list[NameOrder]:
    """Fields for ``order_by``: the last and the first name of a user, found under ``prefix``."""
    return [NameOrder(f"{prefix}last_name"), NameOrder(f"{prefix}first_name")]
