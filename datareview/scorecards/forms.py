"""Forms to learn a scorecard, and to keep it as a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.flags.cut_points import EVERY_GRADE
from datareview.flags.queries.scorecards import MOST_INDICATORS, MOST_POINTS
from datareview.replays.queries.outcomes import outcome_choices
from datareview.rules.forms.rules import grade_fields
from datareview.scorecards.queries.indicators import indicators_for, settings_of, usual_indicators
from teams.lib.inputs import ShortNumber

if TYPE_CHECKING:
    from django.http import QueryDict

    from datareview.flags.models import Rule
    from teams.directory.models import School

MOST_SEATS = 10_000


class LearnForm(forms.Form):
    """What the scorecard should foresee, by what, and for how many seats. It is filled in from the query string."""

    outcome = forms.ChoiceField(label=_("Should foresee"))
    indicators = forms.MultipleChoiceField(
        label=_("Points for"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )
    seats = forms.IntegerField(
        label=_("Students you can serve"),
        required=False,
        min_value=1,
        max_value=MOST_SEATS,
        widget=ShortNumber(),
        help_text=_("Empty: 15% of the students."),
    )

    def __init__(self, wanted: QueryDict, school: School, *, rule: Rule | None = None) -> None:
        offered = indicators_for(school)
        self._conditions = {code: condition for code, (condition, _words) in offered.items()}
        initial = {"indicators": usual_indicators(offered)}
        if rule:
            learned = [code for code in rule.cut_points["card"]["points"] if code in offered]
            initial = {"indicators": learned, "outcome": rule.cut_points["outcome"]}
        super().__init__(wanted if "outcome" in wanted else None, initial=initial)
        self.fields["outcome"].choices = outcome_choices(school)  # type: ignore[attr-defined]
        self.fields["indicators"].choices = [(code, words) for code, (_one, words) in offered.items()]  # type: ignore[attr-defined]

    def clean_indicators(self) -> list[str]:
        """At most fifteen: each further one is learned less well."""
        found: list[str] = self.cleaned_data["indicators"]
        if len(found) > MOST_INDICATORS:
            words = _("At most %(most)d: each further one is learned less well.")
            raise forms.ValidationError(words, params={"most": MOST_INDICATORS})
        return found

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of the rule before anything is learned."""
        codes = self.cleaned_data["indicators"]
        return settings_of([self._conditions[code] for code in codes], self.cleaned_data["outcome"])


class KeepCardForm(forms.Form):
    """The name and the cut points of a learned scorecard, and the grades it judges; ``shown`` is which one it was."""

    name = forms.CharField(label=_("Name"), max_length=120)
    watch = forms.IntegerField(
        label=_("Watch from (points)"), min_value=1, max_value=MOST_POINTS, widget=ShortNumber()
    )
    act = forms.IntegerField(
        label=_("Act from (points)"), min_value=2, max_value=MOST_POINTS, widget=ShortNumber()
    )
    shown = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None, *, key: str, learned: dict[str, Any] | None, rule: Rule | None = None
    ) -> None:
        initial = {"lowest_grade": EVERY_GRADE[0], "highest_grade": EVERY_GRADE[1], "shown": key}
        if learned:
            initial |= {"watch": learned["watch"], "act": learned["act"]}
        if rule:
            initial |= {"lowest_grade": rule.lowest_grade, "highest_grade": rule.highest_grade}
        super().__init__(data, initial=initial)
        self.fields |= grade_fields(_("%(grade)s"), _("%(grade)s"))
        if rule:
            del self.fields["name"]

    def clean(self) -> dict[str, Any]:
        """Act must be more serious than watch."""
        watch, act = self.cleaned_data.get("watch"), self.cleaned_data.get("act")
        if watch is not None and act is not None and watch >= act:
            raise forms.ValidationError(_("Each cut point must be more serious than the one before it."))
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """The values of a valid form, as `keep_scorecard` takes them."""
        data = self.cleaned_data
        grades = data["lowest_grade"], data["highest_grade"]
        return {
            "name": data.get("name", ""),
            **{one: data[one] for one in ("watch", "act", "shown")},
            "grades": grades,
        }
