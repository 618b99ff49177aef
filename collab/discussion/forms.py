"""Forms for contributions."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from collab.discussion.models import Contribution


class KeyedForm(forms.Form):
    """A form with an idempotency key: a double click creates one row."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class ContributionForm(KeyedForm):
    """A new contribution."""

    kind = forms.ChoiceField(label=_("Type"), choices=Contribution.Kind.choices)
    text = forms.CharField(label=_("Text"), max_length=2000)


class RewordForm(forms.Form):
    """A new wording of one's own contribution."""

    kind = forms.ChoiceField(label=_("Type"), choices=Contribution.Kind.choices)
    text = forms.CharField(label=_("Text"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class AnswerForm(KeyedForm):
    """An answer given before the meeting."""

    text = forms.CharField(label=_("Your answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class TextForm(forms.Form):
    """One line of text: a prediction, something to park, or a group's name."""

    text = forms.CharField(label=_("Text"), max_length=300)
