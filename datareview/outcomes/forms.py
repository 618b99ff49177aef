"""The days that an answer is about."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.directory.models import Term
from teams.lib.filters import FilterForm
from teams.lib.inputs import DayField
from teams.lib.parameters import day_or_none

if TYPE_CHECKING:
    from collections.abc import Mapping

    from teams.directory.models import School

LONGEST = dt.timedelta(days=3 * 366)
OWN = "own"


class PeriodForm(FilterForm):
    """A term, the school year, or days of one's own, as the address has them."""

    period = forms.ChoiceField(label=_("When"))
    since = DayField(label=_("From"))
    until = DayField(label=_("To"))

    def __init__(self, wanted: Mapping[str, str], school: School) -> None:
        first, last = school.year_start(), school.today()
        terms = Term.objects.filter(year__school=school, starts_on__lte=last).select_related("year")
        named = {
            str(term.uuid): (f"{term.name}, {term.year.name}", term.starts_on, min(term.ends_on, last))
            for term in terms.order_by("-starts_on")[:8]
        }
        chosen = wanted.get("period", "")
        since, until = day_or_none(wanted.get("since")), day_or_none(wanted.get("until"))
        if chosen in named:
            _name, since, until = named[chosen]
        elif chosen == OWN:
            since, until = sorted((since or first, until or last))
        else:
            chosen, since, until = "", first, last
        self.last = min(until, last)
        self.first = max(min(since, self.last), self.last - LONGEST)
        self.chosen = chosen
        super().__init__(
            {"period": chosen, "since": self.first, "until": self.last},
            period=[
                ("", _("This school year")),
                *((key, name) for key, (name, _since, _until) in named.items()),
                (OWN, _("From … to …")),
            ],
        )
        if chosen != OWN:
            del self.fields["since"], self.fields["until"]
        self.narrows = bool(chosen)

    @property
    def days(self) -> dict[str, str]:
        """The days as a query string has them."""
        return {"period": OWN, "since": self.first.isoformat(), "until": self.last.isoformat()}
