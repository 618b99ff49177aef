"""Form for a rule with the school's own conditions: groups of conditions, each group and the rule "all" or "any"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from datareview.flags.conditions import DATA, MATCHES, MOST_CONDITIONS, MOST_GROUPS, OPERATORS
from datareview.flags.cut_points import EVERY_GRADE
from datareview.flags.models import Severity
from datareview.flags.queries.flags import data_label
from datareview.records.models import Domain
from datareview.rules.forms.rules import grade_fields
from datareview.rules.services.drafts import NAME_LENGTH
from teams.lib import formats
from teams.lib.inputs import ShortNumber

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.forms import BoundField

    from datareview.flags.models import Rule
    from datareview.records.models import Measure

GROUPS, ROWS = range(1, MOST_GROUPS + 1), range(1, MOST_CONDITIONS + 1)
HEADINGS = {
    "score": gettext_lazy("Last score"),
    "level": gettext_lazy("Benchmark level (2 is below, 3 is at the benchmark)"),
    "growth": gettext_lazy("Growth a week"),
}


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    """The fields of one group: how its conditions combine, and what, how and against which number each compares."""

    number: int
    match: BoundField
    rows: list[tuple[BoundField, BoundField, BoundField]]
    is_used: bool


class ConditionsForm(forms.Form):
    """Conditions over any data of the school, in up to three groups, with a severity, a domain and grades.

    Rows without a choice of data are left out. A new rule has a name; a stored one can be switched off. It is filled in
    with the settings of ``draft``, if given.
    """

    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME_LENGTH)
    severity = forms.TypedChoiceField(label=gettext_lazy("Raise it as"), choices=Severity, coerce=int)
    domain = forms.ChoiceField(label=gettext_lazy("Raise it under"), choices=Domain)
    match = forms.ChoiceField(
        label=gettext_lazy("A student is flagged if"),
        choices=list(MATCHES.items()),
        help_text=gettext_lazy("Which of the groups below must apply, if there is more than one."),
    )
    is_on = forms.BooleanField(label=gettext_lazy("This rule is on"), required=False)

    def __init__(
        self,
        *args: Any,
        measures: Iterable[Measure],
        rule: Rule | None = None,
        draft: Rule | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = _choices(measures)
        for group in GROUPS:
            label = _("Group %(group)d: a student must meet") % {"group": group}
            self.fields[f"match-{group}"] = forms.ChoiceField(label=label, choices=list(MATCHES.items()))
            for row in ROWS:
                place = {"group": group, "row": row}
                self.fields |= {
                    f"data-{group}-{row}": forms.ChoiceField(
                        label=_("Group %(group)d, condition %(row)d") % place, choices=choices, required=False
                    ),
                    f"operator-{group}-{row}": forms.ChoiceField(
                        label=_("Comparison of condition %(row)d in group %(group)d") % place,
                        choices=list(OPERATORS.items()),
                        required=False,
                    ),
                    f"cut-{group}-{row}": forms.FloatField(
                        label=_("Number of condition %(row)d in group %(group)d") % place,
                        required=False,
                        widget=ShortNumber(),
                    ),
                }
        self.fields |= grade_fields(gettext_lazy("%(grade)s"), gettext_lazy("%(grade)s"))
        if rule is None:
            del self.fields["is_on"]
            lowest, highest = EVERY_GRADE
            self.initial = {"severity": Severity.ACT, "lowest_grade": lowest, "highest_grade": highest}
        else:
            del self.fields["name"]
            self.initial = _initial(rule)
        if draft:
            self.initial |= {"name": draft.name, **_initial(draft)}

    def groups(self) -> list[ConditionGroup]:
        """The fields of each group, for the page."""
        return [
            ConditionGroup(
                group,
                self[f"match-{group}"],
                [
                    (self[f"data-{group}-{row}"], self[f"operator-{group}-{row}"], self[f"cut-{group}-{row}"])
                    for row in ROWS
                ],
                is_used=group == 1 or any(self[f"data-{group}-{row}"].value() for row in ROWS),
            )
            for group in GROUPS
        ]

    def rest(self) -> Iterator[BoundField]:
        """The fields after the groups."""
        return (
            self[name]
            for name in ("severity", "domain", "lowest_grade", "highest_grade", "is_on")
            if name in self.fields
        )

    @property
    def settings(self) -> dict[str, Any]:
        """The validated conditions and grades, as `revise_rule` takes them."""
        return {"cut_points": self.conditions, "grades": self.grades}

    @property
    def grades(self) -> tuple[int, int]:
        """The validated first and last grade."""
        return self.cleaned_data["lowest_grade"], self.cleaned_data["highest_grade"]

    @property
    def conditions(self) -> dict[str, Any]:
        """The validated conditions; groups and rows that are empty are left out."""
        given = self.cleaned_data
        groups = []
        for group in GROUPS:
            rows = [row for row in ROWS if given.get(f"data-{group}-{row}")]
            conditions = [self._condition(f"{group}-{row}") for row in rows]
            if conditions:
                groups.append({"match": given[f"match-{group}"], "conditions": conditions})
        return {
            "domain": given["domain"],
            "severity": given["severity"],
            "match": given["match"],
            "groups": groups,
        }

    def _condition(self, place: str) -> dict[str, Any]:
        data, _colon, measure = self.cleaned_data[f"data-{place}"].partition(":")
        operator, cut = (self.cleaned_data[f"{name}-{place}"] for name in ("operator", "cut"))
        return {"data": data, "measure": measure, "operator": operator or "at_least", "cut": cut}

    def clean(self) -> dict[str, Any]:
        """Require a number within the range of what each condition compares, and at least one condition."""
        for name in [name for name in self.fields if name.startswith("data-")]:
            chosen = self.cleaned_data.get(name)
            cut_name = name.replace("data-", "cut-")
            if not chosen or cut_name in self.errors:
                continue
            datum, cut = DATA[chosen.partition(":")[0]], self.cleaned_data[cut_name]
            if cut is None or not datum.low <= cut <= datum.high:
                ends = {"low": formats.number(datum.low), "high": formats.number(datum.high)}
                self.add_error(cut_name, _("A number from %(low)s to %(high)s.") % ends)
        if not self.errors and not self.conditions["groups"]:
            self.add_error("data-1-1", _("Choose what the rule looks at."))
        return self.cleaned_data


def _choices(measures: Iterable[Measure]) -> list[Any]:
    """What a condition can compare: attendance, incidents and marks, then the score, level and growth of each measure."""
    plain = [(key, datum.label) for key, datum in DATA.items() if not datum.of_measure]
    named = list(measures)
    return [
        ("", "–"),
        (_("Attendance, behavior, courses and standards"), plain),
        *(
            (heading, [(f"{data}:{one.key}", data_label(data, one.name)) for one in named])
            for data, heading in HEADINGS.items()
            if named
        ),
    ]


def _initial(rule: Rule) -> dict[str, Any]:
    settings = rule.cut_points
    initial = {name: settings[name] for name in ("domain", "severity", "match")}
    initial |= {"lowest_grade": rule.lowest_grade, "highest_grade": rule.highest_grade, "is_on": rule.is_on}
    for place, group in enumerate(settings["groups"], start=1):
        initial[f"match-{place}"] = group["match"]
        for row, one in enumerate(group["conditions"], start=1):
            data, measure = one["data"], one["measure"]
            initial |= {
                f"data-{place}-{row}": f"{data}:{measure}" if measure else data,
                f"operator-{place}-{row}": one["operator"],
                f"cut-{place}-{row}": one["cut"],
            }
    return initial
