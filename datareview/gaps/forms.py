"""What the page of gaps shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.gaps.queries.page import scope_name
from teams.lib.filters import FilterForm

if TYPE_CHECKING:
    from datareview.gaps.queries.page import GapPage


class GapFilter(FilterForm):
    """The measure, the window and the grade."""

    measure = forms.ChoiceField(label=_("Measure"))
    window = forms.ChoiceField(label=_("Window"))
    grade = forms.ChoiceField(label=_("Students"))

    def __init__(self, page: GapPage) -> None:
        chosen = {
            "measure": str(page.measure.uuid) if page.measure else "",
            "window": page.window.id if page.window else "",
            "grade": "" if page.scope is None else page.scope,
        }
        super().__init__(
            chosen,
            measure=[(str(one.uuid), str(one)) for one in page.measures],
            window=[(one.id, one.name) for one in page.windows],
            grade=[("", scope_name(None)), *((scope, scope_name(scope)) for scope in page.scopes)],
        )
        self.narrows = page.scope is not None
