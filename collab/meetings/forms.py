"""Forms to invite a guest and to cancel a meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.directory.models import Staff

if TYPE_CHECKING:
    from collab.meetings.models import Meeting


class GuestForm(forms.Form):
    """A guest for one meeting: staff of the school outside the team."""

    staff = forms.ModelChoiceField(
        Staff.objects.none(), label=_("Who"), to_field_name="uuid", empty_label=_("Choose a person")
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = meeting.team.members.active().values("staff")
        people = Staff.objects.active().filter(school=meeting.team.school).exclude(pk__in=members)
        self.fields["staff"].queryset = people.select_related("user")  # type: ignore[attr-defined]


class CancelForm(forms.Form):
    """The reason for a cancellation, and whether it includes the following meetings of the series."""

    reason = forms.CharField(label=_("Why"), max_length=200, required=False)
    following = forms.BooleanField(label=_("This and all following meetings in the series"), required=False)
