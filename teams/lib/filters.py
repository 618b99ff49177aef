"""Forms that filter a list by the query string."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.lib.form_renderer import PlainRenderer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

ALL = ("", _("All"))


class FilterForm(forms.Form):
    """Shows the filters of a list. An unknown value filters nothing, and no error is shown."""

    default_renderer = PlainRenderer
    use_required_attribute = False

    def __init__(self, wanted: QueryDict | dict[str, Any], **choices: Iterable[tuple[Any, Any]]) -> None:
        super().__init__(initial=dict(wanted.items()))
        self.narrows = any(wanted.get(one.name) for one in self.visible_fields() if one.name != "sort")
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
