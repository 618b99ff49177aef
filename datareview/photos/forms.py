"""Forms of photos."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class PhotoForm(forms.Form):
    """A picture of a student."""

    file = forms.FileField(label=_("Picture"))


class PhotosForm(forms.Form):
    """A zip file of pictures."""

    file = forms.FileField(
        label=_("Zip file"), help_text=_("Pictures named after students’ numbers, like 10234.jpg.")
    )
