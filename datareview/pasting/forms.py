"""What is to settle in a pasted block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from datareview.answers.marks import MOST_PASTED

if TYPE_CHECKING:
    from datareview.pasting.queries.preview import PastePreview

LONGEST_SEEN = 120  # characters of a grid's revision


class SettlingForm(forms.Form):
    """What is to settle in a pasted block, with the block itself and the revision of the grid it was compared with."""

    text = forms.CharField(strip=False, max_length=MOST_PASTED, widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST_SEEN, required=False)

    def __init__(self, *, preview: PastePreview, initial: dict[str, Any]) -> None:
        super().__init__(initial=initial, auto_id="settle_%s")
        for one in preview.settlings:
            self.fields[one.name] = forms.ChoiceField(
                label=one.question,
                help_text=one.detail,
                choices=one.choices,
                initial=one.chosen,
            )
