"""The forms of a live meeting."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from collab.discussion.forms import ContributionForm, DraftForm, PredictionForm
from collab.followup.forms import ActionForm, CauseForm, DecisionForm, QuestionForm, TeachingForm
from collab.meetings.forms import RoleForm
from collab.room.models import PulseAnswer, PulseQuestion

if TYPE_CHECKING:
    from collab.agendas.queries.exhibit_views import ExhibitView
    from collab.meetings.queries.roles import RoleOf
    from collab.room.queries.room import Room


class ParkForm(DraftForm):
    """Something to put aside for another meeting."""

    text = forms.CharField(label=_("In a few words"), max_length=200)


class PulseForm(forms.Form):
    """The four questions at the end; any of them may stay without an answer."""

    def __init__(self) -> None:
        super().__init__(auto_id="pulse-%s")
        for question, label in PulseQuestion.choices:
            self.fields[question] = forms.ChoiceField(
                label=label,
                choices=PulseAnswer.choices,
                required=False,
                widget=forms.RadioSelect,
                template_name="components/field_rate.html",
            )


class RoomForms:
    """The forms of a room, each made when a template asks for it, with ids and drafts of its own."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def _own(self, name: str) -> dict[str, Any]:
        return {"auto_id": f"{name}-%s", "draft": f"{name}-{self.room.meeting.uuid}"}

    @cached_property
    def say(self) -> ContributionForm:
        """What I see."""
        return ContributionForm(**self._own("say"))

    @cached_property
    def cause(self) -> CauseForm:
        """Why it is so."""
        return CauseForm(**self._own("cause"))

    @cached_property
    def teach(self) -> TeachingForm:
        """What I do differently."""
        return TeachingForm(**self._own("teach"))

    @cached_property
    def decide(self) -> DecisionForm:
        """A decision, looked at again in some weeks."""
        return DecisionForm(
            item=self.room.agenda.open_item,
            meeting=self.room.meeting,
            initial={"check_on": self.room.check_on},
            **self._own("decide"),
        )

    @cached_property
    def promise(self) -> ActionForm:
        """An action, one's own unless somebody else is chosen."""
        people = [person.staff for person in self.room.people]
        own = next((one.uuid for one in people if one.user_id == self.room.user.pk), None)
        return ActionForm(
            meeting=self.room.meeting,
            people=people,
            initial={"owner": own, "due_on": self.room.due_on},
            **self._own("promise"),
        )

    @cached_property
    def park(self) -> ParkForm:
        """Something that shall wait."""
        return ParkForm(**self._own("park"))

    @cached_property
    def ask(self) -> QuestionForm:
        """A question to the leaders."""
        return QuestionForm(**self._own("ask"))

    @cached_property
    def pulse(self) -> PulseForm:
        """How it was."""
        return PulseForm()

    @cached_property
    def roles(self) -> list[tuple[RoleOf, RoleForm]]:
        """Each role with the form that gives it to somebody."""
        return [(role, RoleForm(role, self.room.people)) for role in self.room.roles]

    @cached_property
    def exhibits(self) -> list[tuple[ExhibitView, PredictionForm]]:
        """Each exhibit of the item on the table with the form that says what one expects."""
        return [(shown, _prediction(shown)) for shown in self.room.exhibits]


def _prediction(shown: ExhibitView) -> PredictionForm:
    mine = shown.waits_for.mine if shown.waits_for else ""
    return PredictionForm(
        initial={"text": mine}, auto_id=f"predict-%s-{shown.uuid}", draft=f"predict-{shown.uuid}"
    )
