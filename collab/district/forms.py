"""Forms of a district."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collab.setup.forms import NewSchoolForm
from teams.directory.models import School

if TYPE_CHECKING:
    from django.db.models import QuerySet

PART_NAMES = {
    "measures": _("Measures and benchmarks"),
    "rules": _("Rules"),
    "strategies": _("Strategies"),
    "calendar": _("Year, terms, holidays and bell schedule"),
}


class FoundForm(forms.Form):
    """The name of a new district."""

    name = forms.CharField(label=_("Name of the district"), max_length=120)


class DistrictSchoolForm(NewSchoolForm):
    """A new school of a district, and who runs it."""

    administrator_email = forms.EmailField(
        label=_("Email of its administrator"),
        required=False,
        help_text=_(
            "Leave empty to run it yourself. This person is invited, and chooses a password if they have no account."
        ),
    )


class AdministratorForm(forms.Form):
    """The address of another administrator."""

    email = forms.EmailField(
        label=_("Email"), help_text=_("Of a person who works at a school of the district.")
    )


class PairForm(forms.Form):
    """The schools to copy from and to."""

    source = forms.ModelChoiceField(
        School.objects.none(), to_field_name="uuid", label=_("Copy from"), empty_label=_("Choose a school")
    )
    target = forms.ModelChoiceField(
        School.objects.none(), to_field_name="uuid", label=_("to"), empty_label=_("Choose a school")
    )

    def __init__(self, *args: Any, schools: QuerySet[School], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "target"):
            self.fields[name].queryset = schools.order_by("name")  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Refuse a school that is copied to itself or to another district."""
        source, target = self.cleaned_data.get("source"), self.cleaned_data.get("target")
        if source and target and (source == target or source.district_id != target.district_id):
            self.add_error("target", _("Choose another school of the same district."))


class CopySettingsForm(PairForm):
    """What to copy between them."""

    parts = forms.MultipleChoiceField(
        label=_("What to copy"), choices=PART_NAMES.items(), widget=forms.CheckboxSelectMultiple
    )
