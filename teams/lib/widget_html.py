"""The commonest widgets of `django.forms` as Django's templates write them, without a template for each of 200 options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FOLDER = "django/forms/widgets"
INPUTS = ("input", "text", "hidden", "date", "time", "number", "email", "checkbox")


def html_of(template_name: str, context: Mapping[str, Any]) -> SafeString | None:
    """The HTML of a widget, or None if its template has to write it."""
    write = _WRITERS.get(template_name)
    text = write(context["widget"]) if write else None
    return None if text is None else mark_safe(text)  # noqa: S308 (every part is escaped)


def _input(widget: Mapping[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    return (
        f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"{value}{_attributes(widget)}>\n'
    )


def _select(widget: Mapping[str, Any]) -> str | None:
    parts = [f'<select name="{_text(widget["name"])}"{_attributes(widget)}>']
    for name, options, _index in widget["optgroups"]:
        if name:
            parts.append(f'\n  <optgroup label="{_text(name)}">')
        for option in options:
            if option["template_name"] != f"{FOLDER}/select_option.html":
                return None
            value, label = _text(option["value"]), _text(option["label"])
            parts.append(f'\n  <option value="{value}"{_attributes(option)}>{label}</option>\n')
        if name:
            parts.append("\n  </optgroup>")
    return "".join([*parts, "\n</select>\n"])


def _attributes(widget: Mapping[str, Any]) -> str:
    return "".join(
        f" {_text(name)}" if value is True else f' {_text(name)}="{_text(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _text(value: object) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))


_WRITERS: dict[str, Callable[[Mapping[str, Any]], str | None]] = {f"{FOLDER}/select.html": _select}
_WRITERS |= dict.fromkeys((f"{FOLDER}/{name}.html" for name in INPUTS), _input)
