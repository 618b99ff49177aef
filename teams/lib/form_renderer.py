"""Form renderers: one template for all fields, with student names hidden in values and choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.forms.renderers import TemplatesSetting

from teams.lib.hidden_names import hide_names
from teams.lib.widget_html import html_of

if TYPE_CHECKING:
    from django.http import HttpRequest

NOT_TYPED = ("checkbox", "radio", "select")  # their values are not text for a reader


class HidingRenderer(TemplatesSetting):
    """Renders fields with `components/field.html` and hides names; `ProjectorMiddleware` restores them on submit."""

    form_template_name = "components/form_fields.html"
    field_template_name = "components/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """Render a widget, a list of errors or a form."""
        hidden = _hidden(context)
        html = html_of(template_name, hidden)
        return super().render(template_name, hidden, request) if html is None else html


class PlainRenderer(HidingRenderer):
    """Renders fields without marking any as optional or required: for filters, where all are optional."""

    field_template_name = "components/field_plain.html"


class InlineRenderer(HidingRenderer):
    """Renders a field on one line with its button; the label is for screen readers only."""

    field_template_name = "components/field_inline.html"


class LineRenderer(HidingRenderer):
    """Draws a field with its label before it on the same line."""

    field_template_name = "components/field_line.html"


def _hidden(context: dict[str, Any]) -> dict[str, Any]:
    """The ``context`` of a `django.forms` template, with names replaced by aliases while they are hidden."""
    if "widget" in context:
        return {**context, "widget": _hidden_widget(context["widget"])}
    if "errors" in context:
        return {**context, "errors": [hide_names(str(error)) for error in context["errors"]]}
    return context


def _hidden_widget(widget: dict[str, Any]) -> dict[str, Any]:
    found = dict(widget)
    if isinstance(found.get("value"), str) and found.get("type") not in NOT_TYPED:
        found["value"] = hide_names(found["value"])
    if "label" in found:
        found["label"] = hide_names(str(found["label"]))
    if "optgroups" in found:
        found["optgroups"] = [
            (hide_names(str(name)) if name else name, [_hidden_widget(one) for one in options], index)
            for name, options, index in found["optgroups"]
        ]
    return found
