"""Forms for action items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collab.discussion.forms import KeyedForm
from teams.directory.forms import StaffField, staff_choices
from teams.directory.models import Staff
from teams.lib.inputs import DayField

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collab.meetings.models import Meeting


class ActionForm(KeyedForm):
    """A new action item: what, who, and by when."""

    text = forms.CharField(label=_("Action item"), max_length=300)
    owner = StaffField(label=_("Who"), empty_label=None)
    due_on = DayField(label=_("By when"))

    def __init__(
        self, *args: Any, meeting: Meeting, people: Iterable[Staff] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if people is not None:  # already loaded
            self.fields["owner"].choices = staff_choices(people)  # type: ignore[attr-defined]
            return
        members = Q(pk__in=meeting.team.members.active().values("staff"))
        people = Staff.objects.filter(members | Q(pk__in=meeting.guests.values("staff")))
        self.fields["owner"].queryset = people.select_related("user")  # type: ignore[attr-defined]


class DropForm(forms.Form):
    """The reason for dropping an action item."""

    reason = forms.CharField(label=_("Why"), max_length=300)
