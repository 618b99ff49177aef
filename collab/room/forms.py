"""Forms of a live meeting."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from collab.actions.forms import ActionForm, DueForm
from collab.decisions.forms import CheckAgainForm, DecisionForm
from collab.discussion.forms import ContributionForm, PredictionForm
from collab.discussion.models import Contribution
from collab.feedback.forms import PulseForm
from collab.findings.forms import PredictResultsForm
from collab.followup.forms import CauseForm, QuestionForm, TeachingForm
from collab.meetings.forms import RoleForm
from datareview.progress.forms import ReviewForm

if TYPE_CHECKING:
    from collab.actions.models import Action
    from collab.agendas.queries.exhibit_views import ExhibitView
    from collab.findings.queries.results import ItemResults
    from collab.meetings.queries.roles import RoleOf
    from collab.room.queries.room import Room


class ParkForm(forms.Form):
    """A topic to park for another meeting."""

    text = forms.CharField(label=_("In a few words"), max_length=200)


class RoomForms:
    """The forms of a room, created when a template asks for them, each with its own ids."""

    def __init__(self, room: Room) -> None:
        self.room = room

    @cached_property
    def say(self) -> ContributionForm:
        """Add a contribution: a note where there are no data to notice something in."""
        kind = Contribution.Kind.NOTICE if self.room.shows_data else Contribution.Kind.NOTE
        return ContributionForm(initial={"kind": kind}, auto_id="say-%s")

    @cached_property
    def cause(self) -> CauseForm:
        """Add a cause."""
        return CauseForm(auto_id="cause-%s")

    @cached_property
    def teach(self) -> TeachingForm:
        """Add a teaching change."""
        return TeachingForm(auto_id="teach-%s")

    @cached_property
    def decide(self) -> DecisionForm:
        """Add a decision, with a check date in four weeks by default."""
        return DecisionForm(
            item=self.room.agenda.open_item,
            meeting=self.room.meeting,
            user=self.room.user,
            initial={"check_on": self.room.check_on},
            auto_id="decide-%s",
        )

    @cached_property
    def check_again(self) -> CheckAgainForm:
        """Keep the decision that the current item checks, until a later check: in four weeks by default."""
        return CheckAgainForm(initial={"check_on": self.room.check_on}, auto_id="again-%s")

    @cached_property
    def action(self) -> ActionForm:
        """Add an action item, owned by the reader by default."""
        people = [person.staff for person in self.room.people]
        own = next((one.uuid for one in people if one.user_id == self.room.user.pk), None)
        return ActionForm(
            meeting=self.room.meeting,
            people=people,
            initial={"owner": own, "due_on": self.room.due_on},
            auto_id="promise-%s",
        )

    @property
    def earlier(self) -> list[tuple[Action, DueForm | None]]:
        """Earlier action items that the current item goes through, each with the form to move it, if the reader may."""
        return [
            (action, _due(action) if may_move and action.state == action.State.OPEN else None)
            for action, may_move in self.room.subject.actions
        ]

    @cached_property
    def review(self) -> ReviewForm | None:
        """Decide the review of the plan that the current item is about, if the reader may."""
        review = self.room.subject.review
        if review is None or not review.page.may_review or review.decided:
            return None
        start = {"due_on": review.page.plan.review_on, "next_review_on": review.page.next_review_on}
        return ReviewForm(initial=start, auto_id="review-%s")

    @cached_property
    def park(self) -> ParkForm:
        """Park a topic."""
        return ParkForm(auto_id="park-%s")

    @cached_property
    def ask(self) -> QuestionForm:
        """Ask the leaders a question."""
        return QuestionForm(auto_id="ask-%s")

    @cached_property
    def feedback(self) -> PulseForm:
        """Submit meeting feedback."""
        return PulseForm()

    @cached_property
    def roles(self) -> list[tuple[RoleOf, RoleForm]]:
        """Roles, each with its form to assign it."""
        return [(role, RoleForm(role, self.room.people)) for role in self.room.roles]

    @cached_property
    def exhibits(self) -> list[tuple[ExhibitView, PredictionForm]]:
        """Exhibits of the current item, each with its prediction form."""
        return [(shown, _prediction(shown)) for shown in self.room.exhibits]

    @cached_property
    def results(self) -> list[tuple[ItemResults, PredictResultsForm | None]]:
        """The results that the current item shows, each with the form to predict them if they wait."""
        return [(shown, _results_prediction(shown)) for shown in self.room.results]


def _results_prediction(shown: ItemResults) -> PredictResultsForm | None:
    if shown.waits_for is None:
        return None
    return PredictResultsForm(
        assessment=shown.assessment, mine=shown.waits_for.mine, auto_id=f"expect-%s-{shown.item.uuid}"
    )


def _due(action: Action) -> DueForm:
    start = {"due_on": action.due_on, "version": action.version}
    return DueForm(initial=start, auto_id=f"due-%s-{action.uuid}")


def _prediction(shown: ExhibitView) -> PredictionForm:
    mine = shown.waits_for.mine if shown.waits_for else ""
    return PredictionForm(initial={"text": mine}, auto_id=f"predict-%s-{shown.uuid}")
