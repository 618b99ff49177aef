"""Forms for agenda items and queue entries."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collab.agendas.models import Visibility
from collab.discussion.forms import AnswerForm
from collab.findings.queries.choices import assessment_choices, assessments_to_discuss, may_choose_assessment
from collab.meetings.forms import RoleForm
from collab.meetings.permissions import may_run
from collab.meetings.queries.participants import colleagues_at, participants_of
from collab.protocols.models import Capture, StepKind
from datareview.records.models import Assessment
from teams.access.permissions import is_able, staff_where
from teams.directory.forms import SeveralStaffField, StaffField, staff_choices
from teams.directory.models import Staff
from teams.lib.inputs import DayField

if TYPE_CHECKING:
    import datetime as dt

    from collab.agendas.models import AgendaItem
    from collab.meetings.models import Meeting
    from collab.meetings.queries.roles import RoleOf
    from collab.preparation.queries.agenda_page import Agenda, Asked
    from collab.preparation.queries.sources import QueueEntry
    from teams.directory.models import User


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
    owner = StaffField(
        label=_("Who leads it"),
        required=False,
        empty_label=_("No one yet"),
    )
    ask = forms.CharField(
        label=_("Question to answer before the meeting"),
        max_length=200,
        required=False,
        help_text=_("Members answer on the agenda. Answers are revealed when the item starts."),
    )
    assessment = forms.ModelChoiceField(
        Assessment.objects.none(),
        label=_("About the results of"),
        required=False,
        to_field_name="uuid",
        empty_label=_("No assessment"),
        help_text=_("The results are shown on the agenda and in the meeting, and kept in its minutes."),
    )
    visibility = forms.ChoiceField(
        label=_("Who can read it"), choices=Visibility.choices, initial=Visibility.TEAM
    )
    readers = SeveralStaffField(
        label=_("Named people"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "For a restricted item. You, the person who leads it and the current facilitator can read it too."
        ),
    )

    def __init__(
        self, *args: Any, meeting: Meeting, user: User, is_next: bool = False, **kwargs: Any
    ) -> None:
        """``is_next``: an item was added just before, and the reader goes on writing."""
        super().__init__(*args, **kwargs)
        self.is_next = is_next
        if is_next:
            self.fields["title"].widget.attrs["autofocus"] = True
        may_restrict = may_run(user, meeting)  # guests restrict no item, and see no assessments of the team
        if not may_restrict:
            del self.fields["assessment"]
            open_to = [choice for choice in Visibility.choices if choice[0] != Visibility.RESTRICTED]
            self.fields["visibility"].choices = open_to  # type: ignore[attr-defined]
            del self.fields["readers"]
        self._set_choices(user, meeting, may_restrict=may_restrict)
        if self.is_bound:
            self._set_querysets(user, meeting, may_restrict=may_restrict)

    def _set_choices(self, user: User, meeting: Meeting, *, may_restrict: bool) -> None:
        """What is offered, mostly from what the page of ``meeting`` reads anyway."""
        owner: Any = self.fields["owner"]
        owner.choices = lambda: [("", owner.empty_label), *_members_of(meeting)]
        if may_restrict:
            about: Any = self.fields["assessment"]
            about.choices = cache(lambda: [("", about.empty_label), *_assessments_of(user, meeting)])
            self.fields["readers"].choices = lambda: _readers_of(meeting)  # type: ignore[attr-defined]

    def _set_querysets(self, user: User, meeting: Meeting, *, may_restrict: bool) -> None:
        """What may be sent."""
        members = Staff.objects.filter(pk__in=meeting.team.members.active().values("staff"))
        # everyone who can open its page: the team, guests, and staff who see all teams of the school
        there = members | Staff.objects.filter(pk__in=meeting.guests.values("staff"))
        readers = there | staff_where(meeting.team.school, "see_school")
        self.fields["owner"].queryset = members.select_related("user")  # type: ignore[attr-defined]
        if may_restrict:
            self.fields["assessment"].queryset = assessments_to_discuss(user, meeting.team)  # type: ignore[attr-defined]
            self.fields["readers"].queryset = readers.select_related("user").distinct()  # type: ignore[attr-defined]


def _assessments_of(user: User, meeting: Meeting) -> list[tuple[str, str]]:
    return [(str(one.uuid), str(one)) for one in assessment_choices(user, meeting.team)]


def _members_of(meeting: Meeting) -> list[tuple[str, str]]:
    """Members of the team as choices, by name, from what the page of ``meeting`` reads anyway."""
    members = [person.staff for person in participants_of(meeting) if not person.is_guest]
    return staff_choices(sorted(members, key=_by_name))


def _readers_of(meeting: Meeting) -> list[tuple[str, str]]:
    """Choices of `ItemForm.readers`, by name, from what the page of ``meeting`` reads anyway."""
    overseeing = [one for one in colleagues_at(meeting.team.school) if is_able(one, "see_school")]
    found = {one.pk: one for one in [*overseeing, *(person.staff for person in participants_of(meeting))]}
    return staff_choices(sorted(found.values(), key=_by_name))


def _by_name(staff: Staff) -> tuple[str, str]:
    return staff.user.last_name, staff.user.first_name


class EditItemForm(ItemForm):
    """An existing item, with the version being edited."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, item: AgendaItem, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, initial=self.start(item), **kwargs)
        if not may_choose_assessment(user, item):
            self.fields.pop("assessment", None)

    @staticmethod
    def start(item: AgendaItem) -> dict[str, Any]:
        """Initial data of the form."""
        names = ("title", "minutes", "outcome", "kind", "capture", "ask", "visibility", "version")
        return {
            **{name: getattr(item, name) for name in names},
            "owner": item.owner.uuid if item.owner else None,
            "assessment": item.topic.assessment.uuid if item.topic.assessment else None,
            "readers": [reader.staff.uuid for reader in item.readers.select_related("staff")],
        }


class DeferForm(forms.Form):
    """Defer a queue entry until a date, with a reason."""

    key = forms.CharField(max_length=60, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why it waits"), max_length=200)
    until = DayField(label=_("Back on"))

    @classmethod
    def of(cls, entry: QueueEntry, *, back_on: dt.date, number: int) -> DeferForm:
        """Return the form for one queue entry."""
        form = cls(initial={"key": entry.key, "until": back_on}, auto_id=f"%s-{number}")
        form.fields["until"].widget.attrs["min"] = back_on.isoformat()
        if entry.may_be_dropped:
            form.fields["reason"].label = _("Why it waits or is dropped")
        return form


class DropEntryForm(forms.Form):
    """Drop a queue entry, with a reason."""

    key = forms.CharField(max_length=60, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why it is dropped"), max_length=200)


class AgendaForms:
    """The forms of the agenda page for one reader, created when a template asks for them."""

    def __init__(self, page: Agenda) -> None:
        self.page = page

    @cached_property
    def entries(self) -> list[tuple[QueueEntry, DeferForm]]:
        """Queue entries, each with its form to defer it."""
        return [
            (entry, DeferForm.of(entry, back_on=self.page.back_on, number=number))
            for number, entry in enumerate(self.page.queue.entries, start=1)
        ]

    @cached_property
    def roles(self) -> list[tuple[RoleOf, RoleForm]]:
        """Roles, each with its form to assign it."""
        return [(role, RoleForm(role, self.page.people)) for role in self.page.roles]

    @cached_property
    def answers(self) -> list[tuple[Asked, AnswerForm]]:
        """Questions to answer before the meeting, each with the reader's answer form."""
        return [(one, _answer(one, number)) for number, one in enumerate(self.page.asked, start=1)]


def _answer(one: Asked, number: int) -> AnswerForm:
    form = AnswerForm(
        initial={"text": one.mine.text} if one.mine else {},
        auto_id=f"answer-%s-{number}",
    )
    form.fields["text"].label = _("Your answer: %(title)s") % {"title": one.item.title}
    return form
