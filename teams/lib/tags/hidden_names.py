"""What people typed, with names hidden where the request hides them (see `teams.lib.hidden_names`)."""

from typing import Any

from django import template
from django.template.context import Context
from django.template.defaulttags import querystring
from django.utils.safestring import SafeData

from teams.lib import hidden_names

register = template.Library()


@register.filter
def hide_names(value: Any) -> Any:
    """``{{ action.text|hide_names }}``, before any filter that cuts, joins or escapes; of a list, each of its texts.

    What is safe already was drawn from texts that hid their names.
    """
    if value is None or isinstance(value, SafeData) or not hidden_names.are_hidden():
        return value
    if isinstance(value, list | tuple):
        return [hidden_names.hide_names(str(one)) for one in value]
    return hidden_names.hide_names(str(value))


@register.filter
def hide_in_address(address: str) -> str:
    """``{{ request.get_full_path|hide_in_address }}``: an address holds what was searched for."""
    return hidden_names.hide_in_address(address)


@register.simple_tag(takes_context=True)
def query_with(context: Context, **parameters: Any) -> str:
    """``{% query_with page=2 %}``: Django's ``querystring``, without the names that were searched for."""
    return hidden_names.hide_in_address(querystring(context, **parameters))
