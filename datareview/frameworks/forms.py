"""Forms to upload a framework, and to choose what of it is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.frameworks.queries import FrameworkChoice, usual_choice
from teams.lib.inputs import Pills

if TYPE_CHECKING:
    from django.http import QueryDict

    from datareview.frameworks.models import FrameworkFile
    from datareview.frameworks.queries import FrameworkPage

MOST_PREFIX = 60


class FrameworkUploadForm(forms.Form):
    """A file of CASE to upload."""

    file = forms.FileField(
        label=_("CASE file"),
        help_text=_("A CFPackage in JSON, as CASE Network and state websites publish it."),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )


class ChoiceForm(forms.Form):
    """Chooses grades and kinds of items; what is chosen stands in the address."""

    chosen = forms.CharField(widget=forms.HiddenInput, initial="1", max_length=1)
    grade = forms.MultipleChoiceField(label=_("Grades"), widget=Pills, required=False)
    kind = forms.MultipleChoiceField(label=_("Kinds"), widget=Pills, required=False)
    without = forms.CharField(
        label=_("Left out before each code"), required=False, max_length=MOST_PREFIX, strip=True
    )
    leaves = forms.BooleanField(label=_("Only those with nothing below them"), required=False)

    def __init__(self, page: FrameworkPage) -> None:
        choice = page.choice
        super().__init__(
            initial={
                "grade": choice.grades,
                "kind": choice.kinds,
                "without": choice.prefix,
                "leaves": choice.only_leaves,
            }
        )
        self.fields["grade"].choices = page.grades  # type: ignore[attr-defined]
        self.fields["kind"].choices = page.kinds  # type: ignore[attr-defined]
        if not any(kind for kind, _label in page.kinds):
            del self.fields["kind"]


def choice_of(file: FrameworkFile, wanted: QueryDict) -> FrameworkChoice:
    """What the query string, or a form with the same values, chooses of a file; the usual without it."""
    usual = usual_choice(file)
    if "chosen" not in wanted:
        return usual
    kinds = tuple(wanted.getlist("kind")) if "kind" in wanted or any(usual.kinds) else usual.kinds
    return FrameworkChoice(
        tuple(wanted.getlist("grade")),
        kinds,
        wanted.get("without", "").strip()[:MOST_PREFIX],
        "leaves" in wanted,
    )
