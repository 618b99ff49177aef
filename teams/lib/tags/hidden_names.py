"""Template filters that hide names in user-written text (see `teams.lib.hidden_names`)."""

from typing import Any

from django import template
from django.template.context import Context
from django.template.defaulttags import querystring
from django.utils.safestring import SafeData

from teams.lib import hidden_names
from teams.lib.kept_words import PARAMETER, WORDS

register = template.Library()


@register.filter
def hide_names(value: Any) -> Any:
    """Hide names in a text or a list of texts: ``{{ action.text|hide_names }}``.

    Use it before any filter that cuts, joins or escapes. Safe strings are unchanged: their parts hid their names.
    """
    if value is None or isinstance(value, SafeData):
        return value
    if isinstance(value, list | tuple):
        return [hidden_names.hide_names(str(one)) for one in value]
    return hidden_names.hide_names(str(value))


@register.filter
def hide_in_address(address: str) -> str:
    """Hide names that were searched for in a URL: ``{{ request.get_full_path|hide_in_address }}``."""
    return hidden_names.hide_in_address(address)


@register.simple_tag(takes_context=True)
def query_with(context: Context, **parameters: Any) -> str:
    """Django's ``querystring`` with names hidden and without words that were searched for: ``{% query_with page=2 %}``."""
    if PARAMETER in context.request.GET:  # type: ignore[attr-defined]  # as querystring reads it
        parameters.setdefault(WORDS, None)
    return hidden_names.hide_in_address(querystring(context, **parameters))
