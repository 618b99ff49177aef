"""Forms to invite a guest and to cancel a meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from collab.meetings.queries.participants import colleagues_at, participants_of
from teams.directory.forms import StaffField, staff_choices
from teams.directory.models import Staff
from teams.lib.form_renderer import LineRenderer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from collab.meetings.models import Meeting
    from collab.meetings.queries.participants import Person
    from collab.meetings.queries.roles import RoleOf


class GuestForm(forms.Form):
    """A guest for one meeting: staff of the school outside the team."""

    staff = StaffField(label=_("Who"))

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = meeting.team.members.active().values("staff")
        people = Staff.objects.active().filter(school=meeting.team.school).exclude(pk__in=members)
        field: Any = self.fields["staff"]
        field.queryset = people.select_related("user")
        field.choices = lambda: [("", field.empty_label), *_guests_for(meeting)]


def _guests_for(meeting: Meeting) -> list[tuple[str, str]]:
    """Choices of `GuestForm`, by name, from what the page of ``meeting`` reads anyway."""
    members = {person.staff.pk for person in participants_of(meeting) if not person.is_guest}
    return staff_choices(one for one in colleagues_at(meeting.team.school) if one.pk not in members)


class RoleForm(forms.Form):
    """The holder of a role in a meeting, or nobody."""

    default_renderer = LineRenderer

    staff = forms.ChoiceField(required=False)

    def __init__(self, role: RoleOf, people: Iterable[Person]) -> None:
        super().__init__(
            auto_id=f"role-{role.key}-%s", initial={"staff": role.staff.uuid if role.staff else ""}
        )
        members = staff_choices(one.staff for one in people if not one.is_guest)
        self.fields["staff"].label = capfirst(role.label)
        self.fields["staff"].choices = [("", _("no one")), *members]  # type: ignore[attr-defined]


class CancelForm(forms.Form):
    """The reason for a cancellation, and whether it includes the following meetings of the series."""

    reason = forms.CharField(label=_("Why"), max_length=200, required=False)
    following = forms.BooleanField(label=_("This and all following meetings in the series"), required=False)
