"""The form that merges two records of one student."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from datareview.doubles.services.merging import GONE, KEPT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datareview.doubles.queries import MergeConflict


class MergeForm(forms.Form):
    """What stays of each two rows that differ."""

    def __init__(self, *args: Any, conflicts: Iterable[MergeConflict], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in conflicts:
            self.fields[one.key] = forms.ChoiceField(
                label=one.what,
                choices=[(KEPT, one.kept), (GONE, one.gone)],
                initial=KEPT,
                widget=forms.RadioSelect,
            )
