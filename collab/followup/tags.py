"""Template filters for decisions and action items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from collab.followup.permissions import may_finish
from collab.followup.queries.decisions import baseline_words, result_words

if TYPE_CHECKING:
    from collab.followup.models import Action, Decision
    from teams.directory.models import User

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
def finishable_by(action: Action, user: User) -> bool:
    """Whether the user may finish or drop the action item."""
    return may_finish(user, action)
