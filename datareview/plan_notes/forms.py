"""The form of a note about a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.anecdotes.forms import AnecdoteForm
from datareview.anecdotes.models import Anecdote
from datareview.progress.models import Session
from teams.lib import formats

if TYPE_CHECKING:
    from datareview.anecdotes.services.anecdotes import AnecdoteValues
    from datareview.plans.models import Plan
    from teams.directory.models import User

SHOWN = 30


class SessionChoice(forms.ModelChoiceField):
    """A choice of a session by its day."""

    def label_from_instance(self, obj: Any) -> str:
        """Mon, Nov 30."""
        return formats.day(obj.held_on)


class PlanNoteForm(AnecdoteForm):
    """A note, for named people unless its author chooses otherwise, and the session it is about."""

    text = forms.CharField(
        label=_("Note"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3, "autofocus": True})
    )
    session = SessionChoice(
        Session.objects.none(),
        label=_("About the session of"),
        required=False,
        empty_label=_("The whole plan"),
    )

    def __init__(self, *args: Any, plan: Plan, user: User, **kwargs: Any) -> None:
        super().__init__(*args, student=plan.student, user=user, **kwargs)
        self.initial["sharing"] = Anecdote.Sharing.NAMED
        newest = plan.sessions.order_by("-held_on").values_list("pk", flat=True)[:SHOWN]
        of_plan: Any = self.fields["session"]
        of_plan.queryset = plan.sessions.filter(pk__in=list(newest))

    def values(self) -> AnecdoteValues:
        """The values of a valid form, without the session."""
        self.chosen: Session | None = self.cleaned_data.pop("session", None)
        return super().values()
