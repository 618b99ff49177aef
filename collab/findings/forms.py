"""What people expect of results, before they see them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from datareview.results.frames.names import standard_name

if TYPE_CHECKING:
    from collab.findings.models import ResultsPrediction
    from datareview.records.models import Assessment, AssessmentItem

MOST_HARDEST = 5


class PredictResultsForm(forms.Form):
    """The share of students who are secure on each standard of an assessment, and its hardest items. All are optional."""

    hardest = forms.CharField(
        label=gettext_lazy("Items that most will miss"),
        help_text=gettext_lazy("Up to five numbers, for example: 7, 12"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        assessment: Assessment,
        mine: ResultsPrediction | None = None,
        auto_id: str = "id_%s",
    ) -> None:
        items: list[AssessmentItem] = list(
            assessment.items.filter(is_dropped=False).select_related("standard").order_by("number")
        )
        shares = mine.shares if mine else {}
        initial = {"hardest": ", ".join(map(str, mine.hardest)) if mine else ""}
        super().__init__(data, initial=initial, auto_id=auto_id)
        self.numbers = {item.number for item in items}
        self.codes: dict[str, str] = {}
        for item in items:
            if item.standard and item.standard.code not in self.codes.values():
                name = f"standard-{len(self.codes) + 1}"
                self.codes[name] = item.standard.code
                self.fields[name] = forms.IntegerField(
                    label=_("%% secure: %(standard)s") % {"standard": standard_name(item.standard)},
                    min_value=0,
                    max_value=100,
                    required=False,
                    initial=shares.get(item.standard.code),
                    widget=forms.NumberInput(attrs={"step": 5}),
                )
        self.order_fields([*self.codes, "hardest"])

    def clean_hardest(self) -> list[int]:
        """The numbers of items, each once."""
        typed = self.cleaned_data["hardest"]
        numbers = list(dict.fromkeys(int(one) for one in re.findall(r"[0-9]{1,4}", typed)))
        unknown = [one for one in numbers if one not in self.numbers]
        if unknown or (typed.strip() and not numbers):
            raise forms.ValidationError(
                _("There is no item %(number)s.") % {"number": unknown[0] if unknown else typed}
            )
        if len(numbers) > MOST_HARDEST:
            raise forms.ValidationError(_("Name up to %(most)s items.") % {"most": MOST_HARDEST})
        return numbers

    def clean(self) -> dict[str, Any]:
        """``shares`` by code of the standard, and ``hardest``."""
        data = super().clean() or {}
        found = {code: data.get(name) for name, code in self.codes.items()}
        shares = {code: share for code, share in found.items() if share is not None}
        return {"shares": shares, "hardest": data.get("hardest", [])}
