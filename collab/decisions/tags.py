"""Template filters for decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from collab.decisions.queries.decisions import baseline_words, effect_words, result_words

if TYPE_CHECKING:
    from collab.decisions.models import Decision

register = template.Library()


@register.filter
def baseline(decision: Decision) -> str:
    """The baseline and target in words."""
    return baseline_words(decision)


@register.filter
def result(decision: Decision) -> str:
    """The result in words."""
    return result_words(decision)


@register.filter
def effect(decision: Decision) -> str:
    """Whether it worked, in words."""
    return effect_words(decision)
