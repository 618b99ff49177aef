"""What may be asked on the page of Explore."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.comparisons.choices import LONGEST, WITHOUT_SCORES, ChartKind, IncidentBy, SpreadBy
from datareview.comparisons.queries.students import ANY_PLAN
from datareview.explore.queries.page import DIVIDED
from teams.lib.filters import ALL, FilterForm
from teams.lib.tags.grades import grade

if TYPE_CHECKING:
    from datareview.explore.queries.page import ExplorePage


class SaveViewForm(forms.Form):
    """The name of a saved view, and whether it is for the team; the question is in hidden fields beside it."""

    name = forms.CharField(label=_("Name"), max_length=80)
    is_shared = forms.BooleanField(label=_("For the whole team"), required=False)

    def __init__(self, *args: Any, may_share: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not may_share:
            del self.fields["is_shared"]


class QuestionForm(FilterForm):
    """The students, the kind of chart, the measure and the windows. What the kind of chart does not use is left out."""

    of = forms.ChoiceField(label=_("Students"))
    grade = forms.ChoiceField(label=_("Grade"))
    plan = forms.ChoiceField(label=_("Plan"))
    kind = forms.ChoiceField(label=_("Show"), choices=ChartKind)
    measure = forms.ChoiceField(label=_("Measure"))
    by = forms.ChoiceField(label=_("Divided by"))
    after = forms.ChoiceField(label=_("In"))
    before = forms.ChoiceField(label=_("Compared with"))

    def __init__(self, page: ExplorePage) -> None:
        drawing, asked = page.drawing, page.asked
        windows = [(window.id, window.name) for window in reversed(drawing.windows)]
        newest = [window.id for window in drawing.windows].index(page.question.after) if windows else 0
        super().__init__(
            asdict(page.question),
            of=[(name, choices) for _kind, name, choices in page.cohorts],
            grade=[ALL, *((number, grade(number)) for number in asked.grades)],
            plan=[
                ("", _("With or without")),
                (ANY_PLAN, _("With a running plan")),
                *((str(one.uuid), str(one)) for one in asked.strategies),
            ],
            measure=[(str(one.uuid), str(one)) for one in drawing.measures],
            by=IncidentBy.choices
            if drawing.kind == ChartKind.INCIDENTS
            else [one for one in SpreadBy.choices if one[0] != SpreadBy.CLASS or page.has_classes],
            after=windows,
            before=[(window.id, window.name) for window in reversed(drawing.windows[:newest])],
        )
        self.narrows = bool(page.question.grade or page.question.plan)
        left_out = {"grade"} if len(asked.grades) < 2 and not page.question.grade else set()
        if not asked.strategies and not page.question.plan:
            left_out.add("plan")
        if drawing.kind not in DIVIDED:
            left_out.add("by")
        if drawing.facts is None:
            left_out |= {"after", "before"}
        elif drawing.facts.before is None or drawing.kind in (ChartKind.YEARS, ChartKind.PEERS):
            left_out.add("before")
        if drawing.kind in (ChartKind.YEARS, ChartKind.PEERS):
            left_out.add("after")
        if drawing.kind in WITHOUT_SCORES:
            left_out.add("measure")
        for name in left_out:
            del self.fields[name]
        if drawing.kind == ChartKind.PEERS and page.question.student:
            self.fields["student"] = forms.CharField(
                widget=forms.HiddenInput, initial=page.question.student, required=False, max_length=LONGEST
            )
