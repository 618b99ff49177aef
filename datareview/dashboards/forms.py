"""The filter of the data page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from datareview.comparisons.queries.students import ANY_PLAN
from datareview.records.models import Domain
from teams.lib.filters import ALL, FilterForm
from teams.lib.tags.grades import grade

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datareview.dashboards.queries.board import DataBoard


class DataFilter(FilterForm):
    """The students, the two windows, and which measures."""

    of = forms.ChoiceField(label=_("Students"))
    grade = forms.ChoiceField(label=_("Grade"))
    plan = forms.ChoiceField(label=_("Plan"))
    after = forms.ChoiceField(label=_("In"))
    before = forms.ChoiceField(label=_("Compared with"))
    domain = forms.ChoiceField(label=_("About"))
    q = forms.CharField(label=_("Measure"), widget=forms.TextInput(attrs={"type": "search"}), max_length=60)

    def __init__(self, board: DataBoard, wanted: Mapping[str, str]) -> None:
        windows = [(window.id, window.name) for window in reversed(board.windows)]
        started = {window.id: window.begins for window in board.windows}
        after = board.question.after
        earlier = [one for one in windows if not after or started[one[0]] < started[after]]
        labels = dict(Domain.choices)
        domain = wanted.get("domain", "")
        super().__init__(
            {
                **board.question.written(),
                "domain": domain if domain in labels else "",
                "q": wanted.get("q", "")[:60],
                "sort": "",
            },
            of=[(name, choices) for _kind, name, choices in board.cohorts],
            grade=[ALL, *((number, grade(number)) for number in board.asked.grades)],
            plan=[
                ("", _("With or without")),
                (ANY_PLAN, _("With a running plan")),
                *((str(one.uuid), str(one)) for one in board.asked.strategies),
            ],
            after=[("", _("Newest")), *windows],
            before=[("", _("The one before")), *earlier],
            domain=[ALL, *((value, labels[value]) for value in board.domains)],
        )
        question = board.question
        self.narrows = bool(question.grade or question.plan or question.before or question.after or domain)
        if len(board.asked.grades) < 2 and not question.grade:
            del self.fields["grade"]
        if not board.asked.strategies and not question.plan:
            del self.fields["plan"]
