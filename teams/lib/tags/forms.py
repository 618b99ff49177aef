"""Template tag of the hidden fields that every form has."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html

from teams.lib.sent_forms import FIELD

if TYPE_CHECKING:
    from django.template.context import Context
    from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def csrf_token(context: Context) -> SafeString:
    """Django's tag of this name, and a key that tells this form from every other (`teams.lib.sent_forms`)."""
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="{}" value="{}">',
        context["csrf_token"],
        FIELD,
        secrets.token_hex(8),
    )
