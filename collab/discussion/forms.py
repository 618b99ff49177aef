"""Forms for contributions."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from collab.discussion.models import Contribution
from teams.lib.form_renderer import InlineRenderer, PlainRenderer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collab.discussion.models import Cluster


class KeyedForm(forms.Form):
    """A form with an idempotency key: a double click creates one row."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class ContributionForm(KeyedForm):
    """A new contribution."""

    default_renderer = InlineRenderer

    kind = forms.ChoiceField(label=_("Type"), choices=Contribution.Kind.choices)
    text = forms.CharField(
        label=_("What do you see?"),
        max_length=2000,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "placeholder": _("What do you see?"), "data-key": "c"}
        ),
    )


class RewordForm(forms.Form):
    """A new wording of one's own contribution."""

    kind = forms.ChoiceField(label=_("Type"), choices=Contribution.Kind.choices)
    text = forms.CharField(label=_("Text"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class AnswerForm(KeyedForm):
    """An answer given before the meeting."""

    default_renderer = InlineRenderer

    text = forms.CharField(label=_("Your answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class PredictionForm(forms.Form):
    """A prediction of what a chart will show."""

    default_renderer = InlineRenderer

    text = forms.CharField(
        label=_("I expect"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("I expect …")}),
    )


class GroupForm(forms.Form):
    """The group of a contribution: none, an existing one, or a new one."""

    default_renderer = PlainRenderer

    onto = forms.ChoiceField(label=_("Group"), required=False)
    title = forms.CharField(label=_("Name of the new group"), max_length=120, required=False)

    def __init__(self, contribution: Contribution, clusters: Iterable[Cluster]) -> None:
        own = contribution.cluster
        super().__init__(initial={"onto": str(own.uuid) if own else ""})
        self.fields["onto"].choices = [  # type: ignore[attr-defined]
            ("", _("none")),
            *((str(one.uuid), one) for one in clusters),
            ("new", _("a new group")),
        ]
