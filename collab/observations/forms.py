"""Forms to request, arrange, document and debrief a peer observation."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collab.observations.models import Evidence
from collab.observations.queries import colleagues_of
from teams.directory.forms import StaffField
from teams.lib.form_renderer import InlineRenderer
from teams.lib.inputs import DayField, RadioPills

if TYPE_CHECKING:
    import datetime as dt

    from collab.observations.models import PeerObservation
    from teams.directory.models import School, User

HOST, OBSERVER = "host", "observer"


class AskForm(forms.Form):
    """Whom to ask, in which direction, with a message."""

    way = forms.ChoiceField(
        label=_("What would you like to do?"),
        choices=[(HOST, _("Invite a colleague to my class")), (OBSERVER, _("Visit a colleague’s class"))],
        widget=RadioPills,
        initial=HOST,
    )
    colleague = StaffField(label=_("Colleague"), empty_label=_("Choose"))
    focus = forms.CharField(
        label=_("Focus question"),
        max_length=300,
        required=False,
        help_text=_(
            "What to look for, as a question: “Who answers, and who never does?” You agree on it together."
        ),
    )
    message = forms.CharField(
        label=_("Message"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, user: User, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["colleague"].queryset = colleagues_of(user, school)  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """Arguments for the service."""
        data = self.cleaned_data
        return {
            "colleague": data["colleague"],
            "as_host": data["way"] == HOST,
            "message": data["message"],
            "focus": data["focus"],
        }


class AgreeForm(forms.Form):
    """Date, time, place and focus question."""

    day = DayField(label=_("Day"))
    time = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    place = forms.CharField(label=_("Place"), max_length=80, required=False)
    focus = forms.CharField(
        label=_("Focus question"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One question the observer can answer from what they see and hear."),
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, observation: PeerObservation, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": _arranged(observation), **kwargs, "auto_id": "agree-%s"})
        self.school = observation.school

    def agreed(self) -> dict[str, Any]:
        """Arguments for the service."""
        data = self.cleaned_data
        starts_at: dt.datetime = self.school.at(data["day"], data["time"])
        return {"starts_at": starts_at, **{name: data[name] for name in ("focus", "place", "version")}}


class EvidenceForm(forms.Form):
    """One thing seen or heard."""

    default_renderer = InlineRenderer

    kind = forms.ChoiceField(label=_("How"), choices=Evidence.Kind.choices, initial=Evidence.Kind.SEEN)
    text = forms.CharField(
        label=_("What do you see or hear?"),
        max_length=500,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "placeholder": _("10:14 – four hands up, all in the first row"),
            }
        ),
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, observation: PeerObservation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"auto_id": "evidence-%s"})


class OffForm(forms.Form):
    """A message with a cancellation."""

    reply = forms.CharField(
        label=_("A kind note"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Not this time; ask me again after the holidays.")}),
    )


class DebriefForm(forms.Form):
    """Notes of the debrief, and the next step."""

    debrief = forms.CharField(
        label=_("What we talked about"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("The host speaks first: what did I notice, and what do I make of it? Then the evidence."),
    )
    next_step = forms.CharField(
        label=_("Next step"),
        max_length=300,
        required=False,
        help_text=_("What the host will try, and by when."),
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, observation: PeerObservation, **kwargs: Any) -> None:
        start = {name: getattr(observation, name) for name in ("debrief", "next_step", "version")}
        super().__init__(*args, **{"initial": start, **kwargs, "auto_id": "debrief-%s"})


def _arranged(observation: PeerObservation) -> dict[str, Any]:
    """Initial data: the current date, time, place and question."""
    start: dict[str, Any] = {
        "place": observation.place,
        "focus": observation.focus,
        "version": observation.version,
    }
    if observation.starts_at:
        local = observation.starts_at.astimezone(observation.school.tz)
        start |= {"day": local.date(), "time": local.time()}
    return start
