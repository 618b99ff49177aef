"""Template tag for slots that higher packages fill (see `teams.lib.panels`)."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from teams.lib.panels import panels_of

register = template.Library()


@register.simple_tag(takes_context=True)
def panels(context: Context, slot: str, subject: Any) -> SafeString:
    """Render the panels of ``slot`` for ``subject``. Each panel escapes its own content."""
    return mark_safe("".join(panels_of(slot, context["request"], subject)))  # noqa: S308 (rendered templates)
