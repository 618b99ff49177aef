"""Forms to upload a file, or several."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.imports.services.files import ACCEPTED, NOT_READ, SETS
from datareview.imports.services.zips import zip_of


class UploadForm(forms.Form):
    """A file to import."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, TSV (also gzipped) or a spreadsheet (.xlsx, .xls, .ods)."),
        widget=forms.FileInput(attrs={"accept": ",".join([*ACCEPTED, ".gz"])}),
    )


class ManyFiles(forms.FileInput):
    """An input for one file or several."""

    allow_multiple_selected = True


class SetField(forms.FileField):
    """One file, or several, which become one: a zip of them."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each file is checked as if it were the only one; of several, the message names which one is refused."""
        if not isinstance(data, list) or len(data) < 2:
            return super().clean((data or [None])[0] if isinstance(data, list) else data, initial)
        return zip_of([self._one_of_several(one, initial) for one in data])

    def _one_of_several(self, data: Any, initial: Any) -> Any:
        name = str(data.name)
        if name.lower().endswith(SETS):
            raise forms.ValidationError(_("A zip is a set of files already. Upload it alone."))
        if not name.lower().endswith(ACCEPTED):
            raise forms.ValidationError(f"{name}: {NOT_READ}")
        try:
            return super().clean(data, initial)
        except forms.ValidationError as error:
            raise forms.ValidationError([f"{name}: {message}" for message in error.messages]) from error


class SetForm(forms.Form):
    """A file to import, or several."""

    file = SetField(
        label=_("File, or several at once"),
        help_text=_("CSV, TSV (also gzipped), a spreadsheet (.xlsx, .xls, .ods), or a zip of such files."),
        widget=ManyFiles(attrs={"accept": ",".join([*ACCEPTED, ".gz", *SETS])}),
    )
