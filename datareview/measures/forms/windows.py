"""The form for the benchmark windows of a school year."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.measures.services.windows import KEY_LENGTH, MOST_WINDOWS, NewWindow
from teams.lib.inputs import DayField


class SeenForm(forms.Form):
    """``seen`` is the fingerprint of the version the user edits."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=16)


class WindowForm(forms.Form):
    """One window."""

    key = forms.SlugField(widget=forms.HiddenInput, required=False, max_length=KEY_LENGTH)
    name = forms.CharField(label=_("Name"), max_length=40)
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))


class BaseWindowFormSet(forms.BaseFormSet):
    """The windows of a school year."""

    def windows(self) -> list[NewWindow]:
        """The windows that are filled in and not deleted."""
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data.get("name")]
        return [
            NewWindow(row["name"], row["starts_on"], row["ends_on"], row["key"])
            for row in rows
            if not row.get("DELETE")
        ]


WindowFormSet = forms.formset_factory(
    WindowForm,
    formset=BaseWindowFormSet,
    extra=1,
    can_delete=True,
    max_num=MOST_WINDOWS,
    validate_max=True,
)
