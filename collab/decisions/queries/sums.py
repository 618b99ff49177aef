"""Sums of decisions over a term, a year or all time: how many were done, and whether those worked."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from collab.decisions.models import Decision
from collab.decisions.queries.decisions import effect_of
from teams.directory.models import Term

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrPromise

    from teams.directory.models import School

SETTLED = dt.timedelta(weeks=4)
TERM, YEAR, EVER = "term", "year", "all"
PERIODS: dict[str, _StrPromise] = {TERM: _("This term"), YEAR: _("This year"), EVER: _("All time")}


@dataclass(frozen=True, slots=True)
class Sum:
    """How many decisions there are, how many of them were done, and of those whether they worked."""

    decided: int
    done: int
    worked: int
    did_not: int

    @property
    def early(self) -> int:
        """Those done of which nobody can say yet whether they worked."""
        return self.done - self.worked - self.did_not


def sum_of(decisions: Iterable[Decision]) -> Sum:
    """Count decisions, with their ``measure`` read."""
    rows = list(decisions)
    done = [row for row in rows if row.is_done]
    effects = Counter(effect_of(row) for row in done)
    return Sum(len(rows), len(done), effects[Decision.Effect.WORKED], effects[Decision.Effect.DID_NOT])


def period_start(school: School, period: str, today: dt.date) -> dt.date | None:
    """The first day of the period. A term younger than four weeks counts as the one before."""
    if period == EVER:
        return None
    if period == YEAR:
        return school.year_start(today)
    terms = Term.objects.filter(year__school=school, starts_on__lte=today - SETTLED)
    last = terms.order_by("-starts_on").values_list("starts_on", flat=True).first()
    return last or today - dt.timedelta(weeks=12)
