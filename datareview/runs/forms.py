"""The filter of a run's changes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.flags.models import Change
from teams.lib.filters import ALL, FilterForm


class ChangeFilter(FilterForm):
    """Changes of one kind, or all."""

    kind = forms.ChoiceField(label=_("What changed"), choices=[ALL, *Change.Kind.choices])
