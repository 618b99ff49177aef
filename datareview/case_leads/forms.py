"""The form that chooses a case lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.case_leads.queries import possible_leads
from teams.directory.models import Staff

if TYPE_CHECKING:
    from datareview.records.models import Student


class CaseLeadForm(forms.Form):
    """Who leads the case, or nobody; ``seen`` is who led it on the page that was sent."""

    lead = forms.ModelChoiceField(
        label=_("Case lead"),
        queryset=Staff.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label=_("No one"),
        help_text=_("People who see the student already."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, student: Student, **kwargs: Any) -> None:
        lead = student.case_lead.uuid if student.case_lead else ""
        kwargs["initial"] = {"lead": lead, "seen": str(lead)}
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = possible_leads(student)  # type: ignore[attr-defined]
