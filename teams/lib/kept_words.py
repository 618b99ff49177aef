"""Words that a person searched for, kept in the session under a key that stands in addresses in their place."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase

WORDS, PARAMETER = "q", "search"  # names in the query string: of the words, and of their key
KEPT = 30  # searches of a session; older ones are forgotten
LONGEST = 400  # characters
_IN_SESSION = "searches"


def keep_words(session: SessionBase, words: str) -> str:
    """Keep ``words`` and return their key, the same for the same words."""
    kept: dict[str, str] = session.get(_IN_SESSION, {})
    words = words[:LONGEST]
    key = next((key for key, text in kept.items() if text == words), None) or secrets.token_urlsafe(6)
    others = [(one, text) for one, text in kept.items() if one != key]
    session[_IN_SESSION] = dict([*others, (key, words)][-KEPT:])
    return key


def words_of(session: SessionBase, key: str) -> str | None:
    """The words kept under ``key``; None if this session has none."""
    words: str | None = session.get(_IN_SESSION, {}).get(key)
    return words


def with_words(session: SessionBase, wanted: dict[str, str]) -> dict[str, str] | None:
    """The filters of a list with the words that their key stands for; None if this session has them no longer."""
    key = wanted.get(PARAMETER)
    words = wanted.get(WORDS, "") if key is None else words_of(session, key)
    return None if words is None else {**wanted, WORDS: words}


def without_words(wanted: dict[str, str]) -> dict[str, str]:
    """The filters of a list for an address: with the key of words that were searched for, never the words."""
    return {name: text for name, text in wanted.items() if name != WORDS or PARAMETER not in wanted}
