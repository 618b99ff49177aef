"""Forms to filter, start and join groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.delivery.queries.starting import figure_field
from datareview.delivery.queries.suggestions import GoalRule
from datareview.family_steps.forms import FamilyForm
from datareview.plans.forms import (
    NUMBER,
    TIERS,
    WEEKDAYS,
    MeasureField,
    ProviderField,
    StartField,
    StrategyCards,
)
from datareview.plans.services.several import NewPlan
from datareview.records.queries.order import named_apart
from datareview.strategies.models import Strategy
from teams.access.permissions import staff_where
from teams.lib.filters import FilterForm
from teams.lib.inputs import DayField, Pills, RadioPills, ShortNumber

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from django.forms import BoundField
    from django.http import QueryDict

    from datareview.delivery.queries.groups import GroupList
    from datareview.delivery.queries.starting import GroupStart
    from datareview.delivery.queries.suggestions import Entrant, Figures
    from datareview.plans.models import PlanGroup
    from datareview.records.models import Student
    from teams.directory.models import School

SORTS = [("", _("Time")), ("name", _("Name")), ("provider", _("Who leads it")), ("review", _("Review"))]
MOST_SEATS = 40
GROUP_FIELDS = ("name", "provider", "weekdays", "time", "minutes", "place", "seats")


class GroupFilter(FilterForm):
    """Filters and order of the list of groups; the tab is kept."""

    show = forms.CharField(max_length=60, widget=forms.HiddenInput)
    provider = forms.ChoiceField(label=_("Led by"))
    sort = forms.ChoiceField(label=_("Order"), choices=SORTS)

    def __init__(self, wanted: QueryDict, groups: GroupList) -> None:
        super().__init__(
            wanted, provider=[("", _("Everyone")), *((staff.pk, staff) for staff in groups.providers)]
        )


@dataclass(frozen=True, slots=True)
class EntrantFields:
    """A student who is about to start, with the fields of their figures and what explains them."""

    entrant: Entrant
    figures: Figures
    baseline: BoundField
    goal: BoundField


class EntrantsForm(FamilyForm):
    """The figures of each entrant, and whether to save in spite of what speaks against it (``conflicts``)."""

    concern = forms.CharField(
        label=_("Concern"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For students without a candidate. A candidate brings its own reason."),
    )
    despite = forms.BooleanField(label=_("Save all the same"), required=False)

    def __init__(
        self, *args: Any, entrants: Sequence[Entrant], figures: Mapping[int, Figures], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.entrants, self.figures = entrants, figures
        self.conflicts: Sequence[str] = ()
        for entrant in entrants:
            for name, label in (("baseline", _("Baseline")), ("goal", _("Goal"))):
                field = forms.FloatField(label=label, widget=NUMBER)
                self.fields[figure_field(name, entrant.student.uuid)] = field

    def rows(self) -> Iterator[EntrantFields]:
        """Each entrant with their fields."""
        for entrant in self.entrants:
            uuid = entrant.student.uuid
            yield EntrantFields(
                entrant,
                self.figures[entrant.student.pk],
                self[figure_field("baseline", uuid)],
                self[figure_field("goal", uuid)],
            )

    def new_plans(self) -> list[NewPlan]:
        """What the form says of each entrant's plan."""
        data = self.cleaned_data
        return [
            NewPlan(
                student=one.student,
                baseline=data[figure_field("baseline", one.student.uuid)],
                goal=data[figure_field("goal", one.student.uuid)],
                concern=(one.candidate.said if one.candidate else "") or data["concern"],
                candidate=one.candidate,
            )
            for one in self.entrants
        ]


class GroupStartForm(EntrantsForm):
    """A new group: one strategy, one schedule and one measure for all its students."""

    strategy = forms.ModelChoiceField(
        Strategy.objects.none(),
        label=_("Strategy"),
        to_field_name="uuid",
        empty_label=None,
        widget=StrategyCards,
        template_name="datareview/plans/strategies.html",
        error_messages={"required": _("Choose a strategy.")},
    )
    name = forms.CharField(
        label=_("Name of the group"),
        max_length=80,
        required=False,
        help_text=_("Leave empty for the name of the strategy."),
    )
    provider = ProviderField(
        label=_("Who leads it"),
        empty_label=_("Choose a person"),
        error_messages={"required": _("Choose who leads it.")},
    )
    tier = forms.TypedChoiceField(label=_("Tier"), choices=TIERS, coerce=int, initial=2)
    starts_on = DayField(label=_("First day"))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"),
        choices=WEEKDAYS,
        coerce=int,
        widget=Pills,
        error_messages={"required": _("Choose the days on which it meets.")},
    )
    time = StartField()
    minutes = forms.IntegerField(label=_("Session duration (min)"), min_value=5, max_value=120)
    place = forms.CharField(label=_("Place"), max_length=60, required=False)
    seats = forms.IntegerField(
        label=_("Seats"), min_value=1, max_value=MOST_SEATS, required=False, widget=ShortNumber
    )
    measure = MeasureField()
    goal_on = DayField(label=_("Goal date"))
    review_on = DayField(label=_("Review on"))
    goal_rule = forms.ChoiceField(
        label=_("Where goals come from"), choices=GoalRule.choices, required=False, widget=RadioPills
    )
    own_goal = forms.FloatField(label=_("Goal of all"), required=False, widget=NUMBER)

    def __init__(self, *args: Any, school: School, start: GroupStart, **kwargs: Any) -> None:
        super().__init__(
            *args, entrants=start.entrants, figures=start.figures, **kwargs | {"initial": start.initial}
        )
        fields: Any = self.fields
        fields["strategy"].queryset = Strategy.objects.filter(school=school, is_retired=False)
        fields["strategy"].choices = start.offer.choices()
        fields["provider"].queryset = staff_where(school, "deliver_plan")
        fields["provider"].loads = start.loads
        fields["measure"].offer(school, start.standards)
        fields["measure"].help_text = start.measure_words

    def schedule(self) -> dict[str, Any]:
        """The arguments of `start_group`, but for the plans."""
        data = self.cleaned_data
        names = "strategy provider tier starts_on weekdays time minutes measure goal_on review_on place seats"
        return {
            "name": data["name"] or str(data["strategy"])[:80],
            **{name: data[name] for name in [*names.split(), "despite"]},
            "family": self.family(),
        }


class GroupChangeForm(forms.Form):
    """What changes in a running group from today on; ``seen`` is the version the user edits."""

    name = forms.CharField(label=_("Name of the group"), max_length=80)
    provider = ProviderField(label=_("Who leads it"), empty_label=None)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"),
        choices=WEEKDAYS,
        coerce=int,
        widget=Pills,
        error_messages={"required": _("Choose the days on which it meets.")},
    )
    time = StartField()
    minutes = forms.IntegerField(label=_("Session duration (min)"), min_value=5, max_value=120)
    place = forms.CharField(label=_("Place"), max_length=60, required=False)
    seats = forms.IntegerField(
        label=_("Seats"), min_value=1, max_value=MOST_SEATS, required=False, widget=ShortNumber
    )
    why = forms.CharField(
        label=_("Why"),
        max_length=120,
        required=False,
        help_text=_(
            "Needed if days, time, minutes or the leader change: it labels the line on each plan’s chart."
        ),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, group: PlanGroup, loads: Mapping[int, int], **kwargs: Any) -> None:
        initial = {name: getattr(group, name) for name in GROUP_FIELDS}
        initial |= {"provider": group.provider.uuid, "seen": group.version}
        super().__init__(*args, **kwargs | {"initial": initial})
        self.fields["provider"].queryset = staff_where(group.school, "deliver_plan")  # type: ignore[attr-defined]
        self.fields["provider"].loads = loads  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """The values of the group."""
        return {name: self.cleaned_data[name] for name in GROUP_FIELDS}


def kept_values(sent: QueryDict) -> dict[str, Any]:
    """What was typed and stays when figures are taken from the data again, or the schedule from another strategy."""
    renewed = ("baseline-", "goal-", *(("weekdays", "minutes") if "schedule" in sent else ()))
    kept: dict[str, Any] = {name: value for name, value in sent.items() if not name.startswith(renewed)}
    return kept | ({"weekdays": sent.getlist("weekdays")} if "weekdays" in kept else {})


class AddStudentForm(forms.Form):
    """A choice of one student to add."""

    student = forms.ChoiceField(label=_("Student"), error_messages={"required": _("Choose a student.")})

    def __init__(self, *args: Any, students: Sequence[Student], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Choose a student")), *named_apart(students)]
        self.fields["student"].choices = choices  # type: ignore[attr-defined]
