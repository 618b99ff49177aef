"""The form to correct minutes."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collab.meetings.models import Attendance
from teams.lib.form_renderer import PlainRenderer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collab.meetings.queries.participants import Person
    from collab.room.queries.room import Room


class CorrectionForm(forms.Form):
    """A correction and the item it is about. A double click creates one."""

    item = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(
        label=_("What is wrong, and what is correct?"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, room: Room, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = {str(item.uuid): item for item in room.agenda.readable}
        every = [("", _("The meeting as a whole")), *((key, item.title) for key, item in self.items.items())]
        self.fields["item"].choices = every  # type: ignore[attr-defined]

    def corrected(self) -> dict[str, Any]:
        """Arguments for `correct_minutes`."""
        data = self.cleaned_data
        return {**data, "item": self.items.get(data["item"])}


class PeopleForm(forms.Form):
    """How each person attended: one field per person, named by public id."""

    default_renderer = PlainRenderer

    def __init__(self, people: Iterable[Person]) -> None:
        super().__init__(auto_id="mark-%s")
        for person in people:
            self.fields[str(person.staff.uuid)] = forms.ChoiceField(
                label=str(person.staff), choices=Attendance.Mark.choices, initial=person.mark
            )
