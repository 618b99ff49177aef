"""Forms for agenda items and queue entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collab.agendas.models import Visibility
from collab.protocols.models import Capture, StepKind
from teams.access.permissions import staff_where
from teams.directory.models import Staff
from teams.lib.inputs import DayField

if TYPE_CHECKING:
    from collab.agendas.models import AgendaItem
    from collab.meetings.models import Meeting


class ItemForm(forms.Form):
    """An agenda item: title, duration, outcome, owner and readers."""

    title = forms.CharField(label=_("Topic"), max_length=200)
    minutes = forms.IntegerField(label=_("Duration (min)"), min_value=1, max_value=120, initial=5)
    outcome = forms.CharField(
        label=_("Desired outcome"),
        max_length=200,
        required=False,
        help_text=_("What do we want to leave with?"),
    )
    kind = forms.ChoiceField(label=_("What we do"), choices=StepKind.choices, initial=StepKind.DISCUSS)
    capture = forms.ChoiceField(label=_("What to record"), choices=Capture.choices, initial=Capture.NOTES)
    owner = forms.ModelChoiceField(
        Staff.objects.none(),
        label=_("Who leads it"),
        to_field_name="uuid",
        required=False,
        empty_label=_("No one yet"),
    )
    ask = forms.CharField(
        label=_("Question to answer before the meeting"),
        max_length=200,
        required=False,
        help_text=_("Members answer on the agenda. Answers are revealed when the item starts."),
    )
    visibility = forms.ChoiceField(
        label=_("Who can read it"), choices=Visibility.choices, initial=Visibility.TEAM
    )
    readers = forms.ModelMultipleChoiceField(
        Staff.objects.none(),
        label=_("Named people"),
        to_field_name="uuid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "For a restricted item. You, the person who leads it and the current facilitator can read it too."
        ),
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Staff.objects.filter(pk__in=meeting.team.members.active().values("staff"))
        # everyone who can open its page: the team, guests, and staff who see all teams of the school
        there = members | Staff.objects.filter(pk__in=meeting.guests.values("staff"))
        readers = there | staff_where(meeting.team.school, "see_school")
        self.fields["owner"].queryset = members.select_related("user")  # type: ignore[attr-defined]
        self.fields["readers"].queryset = readers.select_related("user").distinct()  # type: ignore[attr-defined]


class EditItemForm(ItemForm):
    """An existing item, with the version being edited."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    @staticmethod
    def start(item: AgendaItem) -> dict[str, Any]:
        """Initial data of the form."""
        names = ("title", "minutes", "outcome", "kind", "capture", "ask", "visibility", "version")
        return {
            **{name: getattr(item, name) for name in names},
            "owner": item.owner.uuid if item.owner else None,
            "readers": [reader.staff.uuid for reader in item.readers.select_related("staff")],
        }


class DeferForm(forms.Form):
    """Defer a queue entry until a date, with a reason."""

    key = forms.CharField(max_length=60, widget=forms.HiddenInput)
    until = DayField(label=_("Back on"))
    reason = forms.CharField(label=_("Why it waits"), max_length=200)
