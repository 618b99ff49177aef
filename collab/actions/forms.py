"""Forms for action items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collab.discussion.forms import KeyedForm
from teams.directory.forms import StaffField, staff_choices
from teams.directory.models import Staff
from teams.lib.filters import FilterForm
from teams.lib.form_renderer import InlineRenderer
from teams.lib.inputs import DayField

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

    from collab.actions.models import Action
    from collab.actions.queries.action_list import ActionList
    from collab.meetings.models import Meeting
    from teams.directory.models import Team


class ActionFilter(FilterForm):
    """Filters the list of action items by whose they are, their state and their words; and sorts."""

    whose = forms.ChoiceField(label=_("Whose"))
    state = forms.ChoiceField(
        label=_("State"),
        choices=[
            ("open", _("Open")),
            ("overdue", _("Overdue")),
            ("done", _("Done")),
            ("dropped", _("Dropped")),
            ("all", _("All")),
        ],
    )
    find = forms.CharField(label=_("Words"), max_length=100, widget=forms.TextInput(attrs={"type": "search"}))
    sort = forms.ChoiceField(
        label=_("Sort by"),
        choices=[
            ("due", _("Due date")),
            ("owner", _("Person")),
            ("team", _("Team")),
            ("newest", _("Newest")),
            ("finished", _("Last finished")),
        ],
    )

    def __init__(self, wanted: QueryDict, found: ActionList) -> None:
        teams = [(str(team.uuid), str(team)) for team in found.teams]
        super().__init__(
            {**wanted.dict(), "whose": found.whose},
            whose=[
                ("", _("My own")),
                *([("teams", _("All my teams"))] if found.is_in else []),
                *([("seen", _("All teams I can see"))] if found.sees_more else []),
                *teams,
            ],
        )
        self.narrows = bool(wanted.get("whose") or wanted.get("state") or wanted.get("find"))


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


class TeamActionForm(KeyedForm):
    """A new action item of a team, outside a meeting."""

    text = forms.CharField(label=_("Action item"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    owner = StaffField(label=_("Who"), empty_label=None)
    due_on = DayField(label=_("By when"))

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Staff.objects.filter(pk__in=team.members.active().values("staff"))
        self.fields["owner"].queryset = members.select_related("user")  # type: ignore[attr-defined]


class EditForm(forms.Form):
    """The wording, owner and due date of an action item."""

    text = forms.CharField(label=_("Action item"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    owner = StaffField(label=_("Who"), empty_label=None)
    due_on = DayField(label=_("By when"))
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        start = {
            "text": action.text,
            "owner": action.owner.uuid,
            "due_on": action.due_on,
            "version": action.version,
        }
        super().__init__(*args, **{"initial": start, **kwargs})
        members = Q(pk__in=action.team.members.active().values("staff"))
        people = Staff.objects.filter(members | Q(pk=action.owner_id))
        self.fields["owner"].queryset = people.select_related("user")  # type: ignore[attr-defined]


class DueForm(forms.Form):
    """Another due date of an action item."""

    default_renderer = InlineRenderer

    due_on = DayField(label=_("By when"))
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ProgressForm(forms.Form):
    """Where an action item stands."""

    note = forms.CharField(label=_("How far it is"), max_length=300, required=False)


class DropForm(forms.Form):
    """The reason for dropping an action item."""

    reason = forms.CharField(label=_("Why"), max_length=300)
