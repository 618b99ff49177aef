"""Texts of the built-in protocols, in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.filter
def own_words(text: str) -> str:
    """``text`` translated where it is the program's own; a team's words as they are."""
    return gettext(text) if text else ""
