"""Form for guests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.directory.models import Staff

if TYPE_CHECKING:
    from collab.meetings.models import Meeting


class GuestForm(forms.Form):
    """Somebody of the school for this one meeting."""

    staff = forms.ModelChoiceField(
        Staff.objects.none(), label=_("Who"), to_field_name="uuid", empty_label=_("Choose somebody")
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = meeting.team.members.active().values("staff")
        people = Staff.objects.active().filter(school=meeting.team.school).exclude(pk__in=members)
        self.fields["staff"].queryset = people.select_related("user")  # type: ignore[attr-defined]
