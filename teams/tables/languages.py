"""Names of languages, as files have them."""

from __future__ import annotations

from functools import cache

from babel import Locale
from django.conf import settings


@cache
def language_codes() -> dict[str, str]:
    """Codes of languages by themselves and by their names in the product's languages, in lower case."""
    found: dict[str, str] = {}
    for reader, _name in settings.LANGUAGES:
        names = {code: name for code, name in Locale(reader).languages.items() if len(code) <= 3}
        found |= {name.casefold(): code for code, name in names.items()} | {code: code for code in names}
    return found
