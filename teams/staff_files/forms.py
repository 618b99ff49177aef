"""Form for a file of people."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.staff_files.kind import PEOPLE


class StaffFileForm(forms.Form):
    """A file of people."""

    file = forms.FileField(
        label=_("File"), widget=forms.FileInput(attrs={"accept": ",".join(PEOPLE.endings)})
    )
