"""The form to start a plan."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from datareview.family_steps.forms import FamilyForm
from datareview.records.models import Measure
from datareview.strategies.models import Strategy
from teams.access.permissions import staff_where
from teams.directory.forms import StaffField
from teams.lib.inputs import DayField, Pills

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datareview.plans.queries.starting import Start
    from datareview.records.models import Student
    from teams.directory.models import School, Staff

NUMBER = forms.NumberInput(attrs={"inputmode": "decimal", "step": "any", "autocomplete": "off"})
WEEKDAYS = [(0, _("Mon")), (1, _("Tue")), (2, _("Wed")), (3, _("Thu")), (4, _("Fri"))]
TIERS = [(1, _("Tier 1")), (2, _("Tier 2")), (3, _("Tier 3"))]


class ProviderField(StaffField):
    """A choice of staff that shows the number of plans each delivers."""

    loads: Mapping[int, int] = MappingProxyType({})

    def label_of(self, staff: Staff, name: str) -> str:
        """Sol Vega, 4 plans."""
        many = self.loads.get(staff.pk, 0)
        return ngettext("%(who)s, %(n)d plan", "%(who)s, %(n)d plans", many) % {"who": name, "n": many}


class StartField(forms.TimeField):
    """When sessions begin, if they always begin at the same time."""

    def __init__(self, **kwargs: Any) -> None:
        clock = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(**{"label": _("Begins at"), "required": False, "widget": clock, **kwargs})


class MeasureField(forms.ChoiceField):
    """The school's measures, and standards by their checks; cleaned, a `Measure`, which may not be stored yet."""

    def __init__(self) -> None:
        super().__init__(label=_("Measured by"))
        self._known: dict[str, Measure] = {}

    def offer(self, school: School, standards: Sequence[Measure]) -> None:
        """Offer the school's measures in use, and ``standards``."""
        measures = list(Measure.objects.in_use().filter(school=school))
        self._known = {str(one.uuid): one for one in (*measures, *standards)}
        groups = (
            [(str(one.uuid), str(one)) for one in measures],
            [(str(one.uuid), str(one)) for one in standards],
        )
        self.choices = [*groups[0], *([(_("Standards, by their checks"), groups[1])] if standards else [])]

    def clean(self, value: Any) -> Any:
        """The measure with this public id."""
        return self._known[super().clean(value)]


class StrategyCards(forms.RadioSelect):
    """A choice of strategies, shown as cards; those for other concerns are collapsed."""

    template_name = "datareview/plans/strategy_cards.html"

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the strategy to the option, for its card."""
        return {**super().create_option(name, value, label, *args, **kwargs), "strategy": label}


class PlanForm(FamilyForm):
    """A plan for one student, with suggested values and their explanations from a `Start`.

    ``conflicts`` is what speaks against it; ``despite`` saves all the same.
    """

    concern = forms.CharField(label=_("Concern"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    strategy = forms.ModelChoiceField(
        Strategy.objects.none(),
        label=_("Strategy"),
        to_field_name="uuid",
        empty_label=None,
        widget=StrategyCards,
        template_name="datareview/plans/strategies.html",
        error_messages={"required": _("Choose a strategy.")},
    )
    provider = ProviderField(
        label=_("Who delivers it"),
        empty_label=_("Choose a person"),
        error_messages={"required": _("Choose who delivers it.")},
    )
    tier = forms.ChoiceField(label=_("Tier"), choices=TIERS, initial=2)
    starts_on = DayField(label=_("First day"), required=False)
    weekdays = forms.MultipleChoiceField(
        label=_("Days"),
        choices=WEEKDAYS,
        widget=Pills,
        error_messages={"required": _("Choose the days on which it is delivered.")},
    )
    time = StartField()
    minutes = forms.IntegerField(label=_("Session duration (min)"), min_value=5, max_value=120)
    measure = MeasureField()
    baseline = forms.FloatField(label=_("Baseline"), widget=NUMBER)
    goal = forms.FloatField(label=_("Goal"), widget=NUMBER)
    goal_on = DayField(label=_("Goal date"))
    review_on = DayField(label=_("Review on"))
    despite = forms.BooleanField(label=_("Save all the same"), required=False)

    def __init__(self, *args: Any, student: Student, start: Start, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"initial": start.initial})
        self.conflicts: Sequence[str] = ()
        school = student.school
        self.fields["strategy"].queryset = Strategy.objects.filter(school=school, is_retired=False)  # type: ignore[attr-defined]
        self.fields["strategy"].choices = start.offer.choices()  # type: ignore[attr-defined]
        self.fields["provider"].queryset = staff_where(school, "deliver_plan")  # type: ignore[attr-defined]
        self.fields["provider"].loads = start.loads  # type: ignore[attr-defined]
        self.fields["measure"].offer(school, start.standards)  # type: ignore[attr-defined]
        self.fields["measure"].help_text = start.measure_words
        self.fields["baseline"].help_text = start.baseline_words
        self.fields["goal"].help_text = start.goal_words
