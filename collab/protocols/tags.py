"""Translate texts of built-in protocols."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.filter
def own_words(text: str) -> str:
    """Translate built-in protocol text; leave a team's own text unchanged."""
    return gettext(text) if text else ""
