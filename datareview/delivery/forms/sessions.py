"""The form of a group's session: who was there, what was done, and scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.hand_scores.services import NewScore
from datareview.plans.forms import NUMBER
from datareview.privacy.choices import choice_key
from datareview.progress.forms import CountsField
from datareview.progress.models import Session
from teams.lib.filters import FilterForm
from teams.lib.inputs import DayField, RadioPills

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator

    from django.forms import BoundField

    from datareview.delivery.queries.sessions import Attendee, GroupSession

SKIPPED = "skipped"
THERE = [
    (Session.Result.HELD.value, _("Here")),
    (Session.Result.ABSENT.value, _("Absent")),
    (Session.Result.REFUSED.value, _("Refused")),
    (SKIPPED, _("Not logged")),
]
NOT_HELD = [
    ("", _("It was held")),
    (Session.Result.PROVIDER_OUT.value, _("Not held: provider out")),
    (Session.Result.ASSEMBLY.value, _("Not held: assembly or event")),
]


@dataclass(frozen=True, slots=True)
class AttendeeFields:
    """A member with the fields of the day; ``counts`` only if the day has another score."""

    attendee: Attendee
    result: BoundField
    note: BoundField
    score: BoundField | None
    counts: BoundField | None


class SessionDayForm(FilterForm):
    """The day whose session is shown."""

    on = DayField(label=_("Another day"))

    def __init__(self, day: dt.date, today: dt.date) -> None:
        super().__init__({"on": day})
        self.fields["on"].widget.attrs["max"] = today.isoformat()


class GroupSessionForm(forms.Form):
    """The session of one day; its initial values are what is logged, else that everybody was there."""

    whole = forms.ChoiceField(label=_("The session"), choices=NOT_HELD, required=False)
    minutes = forms.IntegerField(label=_("Duration (min)"), min_value=0, max_value=180, required=False)
    steps = forms.MultipleChoiceField(
        label=_("Steps done"), required=False, widget=forms.CheckboxSelectMultiple
    )
    group_note = forms.CharField(
        label=_("What the group did"),
        max_length=500,
        required=False,
        help_text=_("Stays with the group. What is about one student belongs in their own note."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)

    def __init__(self, *args: Any, session: GroupSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session, self.asked = session, frozenset[int]()
        self.texts = {choice_key(text): text for text in session.group.strategy.checks}
        self.fields["steps"].choices = list(self.texts.items())  # type: ignore[attr-defined]
        if not self.texts:
            del self.fields["steps"]
        for one in session.attendees:
            self._add(one)
        self.initial = {**self._initial(), **self.initial}

    def ask(self, students: Collection[int]) -> None:
        """Ask for these students which of two scores counts."""
        self.asked = frozenset(students)

    def rows(self) -> Iterator[AttendeeFields]:
        """Each member with their fields."""
        for one in self.session.attendees:
            uuid = one.plan.uuid
            is_asked = one.plan.student_id in self.asked or self.data.get(f"counts-{uuid}")
            yield AttendeeFields(
                one,
                self[f"result-{uuid}"],
                self[f"note-{uuid}"],
                self[f"score-{uuid}"] if f"score-{uuid}" in self.fields else None,
                self[f"counts-{uuid}"] if is_asked else None,
            )

    def values(self) -> dict[str, Any]:
        """The arguments of `log_group_session`."""
        data, whole = self.cleaned_data, self.cleaned_data["whole"]
        results = {
            one.plan.pk: whole or data[f"result-{one.plan.uuid}"].replace(SKIPPED, "")
            for one in self.session.attendees
        }
        return {
            "held_on": self.session.day,
            "results": results,
            "minutes": data["minutes"],
            "steps": [self.texts[key] for key in data.get("steps", ())],
            "notes": {one.plan.pk: data[f"note-{one.plan.uuid}"] for one in self.session.attendees},
            "group_note": data["group_note"],
            "scores": list(self._scores()),
            "seen": data["seen"],
        }

    def _add(self, one: Attendee) -> None:
        uuid = one.plan.uuid
        self.fields[f"result-{uuid}"] = forms.ChoiceField(
            label=str(one.plan.student), choices=THERE, widget=RadioPills
        )
        self.fields[f"note-{uuid}"] = forms.CharField(label=_("Note"), max_length=500, required=False)
        if not one.plan.measure.derived_from:
            self.fields[f"score-{uuid}"] = forms.FloatField(label=_("Score"), required=False, widget=NUMBER)
            self.fields[f"counts-{uuid}"] = CountsField()

    def _initial(self) -> dict[str, Any]:
        logged = [one.session for one in self.session.attendees if one.session]
        held = [one for one in logged if one.result == Session.Result.HELD]
        given = {one.result for one in logged}
        initial: dict[str, Any] = {
            "whole": given.pop() if len(given) == 1 and given <= dict(NOT_HELD).keys() else "",
            "minutes": held[0].minutes if held else self.session.group.minutes,
            "group_note": self.session.note,
            "steps": [choice_key(text) for text, is_done in (held[0].checklist if held else ()) if is_done],
            "seen": self.session.version,
        }
        for one in self.session.attendees:
            otherwise = SKIPPED if logged else Session.Result.HELD.value
            initial[f"result-{one.plan.uuid}"] = one.session.result if one.session else otherwise
            initial[f"score-{one.plan.uuid}"] = one.score
            initial[f"note-{one.plan.uuid}"] = one.session.note if one.session else ""
        return initial

    def _scores(self) -> Iterator[NewScore]:
        """Scores that were typed; one that is stored already changes nothing."""
        for one in self.session.attendees:
            value = self.cleaned_data.get(f"score-{one.plan.uuid}")
            if value is not None and value != one.score:
                counts = self.cleaned_data.get(f"counts-{one.plan.uuid}", "")
                yield NewScore(one.plan.student, value, counts)
