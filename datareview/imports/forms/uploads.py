"""Forms to upload a file, or several."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.imports.services.files import ACCEPTED, SETS, zip_of


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
        """Each file is checked as if it were the only one."""
        many = data if isinstance(data, list) else [data]
        found = [super(SetField, self).clean(one, initial) for one in many] or [super().clean(None, initial)]
        if len(found) == 1:
            return found[0]
        if any(str(one.name).lower().endswith(SETS) for one in found):
            raise forms.ValidationError(_("A zip is a set of files already. Upload it alone."))
        return zip_of(found)


class SetForm(forms.Form):
    """A file to import, or several."""

    file = SetField(
        label=_("File, or several at once"),
        help_text=_("CSV, TSV (also gzipped), a spreadsheet (.xlsx, .xls, .ods), or a zip of such files."),
        widget=ManyFiles(attrs={"accept": ",".join([*ACCEPTED, ".gz", *SETS])}),
    )
