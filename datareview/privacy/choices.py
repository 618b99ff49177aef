"""Values of choices whose texts people typed: names stand in no value, which hiding names does not reach."""

from __future__ import annotations

import hashlib


def choice_key(text: str) -> str:
    """A value that stands for ``text`` in a form or an address; another one as soon as the text changes."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]
