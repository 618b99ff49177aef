"""An answer to a question: a sentence, tables with their counts, and how it was counted. Pages and files show the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from datareview.outcomes.permissions import plans_counted_for
from datareview.progress.models import PhaseChange, Session
from teams.access.permissions import can
from teams.access.prepared import many_ids
from teams.directory.queries.days import closed_days
from teams.lib import formats

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from django.utils.functional import _StrPromise

    from datareview.charts.spec import Chart
    from datareview.outcomes.queries.delivery import DeliveredDay
    from datareview.plans.models import Plan, PlanQuerySet
    from teams.directory.models import School, User

QUESTIONS: dict[str, _StrPromise] = {
    "strategies": gettext_lazy("What works here?"),
    "tiers": gettext_lazy("Who moved between tiers, and why?"),
    "minutes": gettext_lazy("Where did the minutes go?"),
    "caseload": gettext_lazy("Who has room for one more?"),
    "seats": gettext_lazy("How many seats are missing?"),
    "requests": gettext_lazy("Is help answered in time?"),
    "flags": gettext_lazy("Are the flags right?"),
}
NONE = "–"
# What answers need of a plan.
COUNTED = (
    *(
        "student_id",
        "strategy_id",
        "state",
        "starts_on",
        "measured_from",
        "ended_on",
        "weekdays",
        "minutes",
        "provider__title",
    ),
    *("provider__user__first_name", "provider__user__last_name", "provider__user__email"),
)


@dataclass(frozen=True, slots=True)
class FindingRow:
    """Cells in words, and the page that the first one opens ("" for none)."""

    cells: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class FindingTable:
    """A table under its name: headings, rows, and how it was counted; ``chart`` draws it."""

    name: str
    columns: tuple[str, ...]
    rows: list[FindingRow]
    note: str = ""
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to a question: ``finding`` is true as a sentence of its own, ``counted`` says who and when."""

    key: str
    finding: str
    counted: str
    tables: list[FindingTable]
    notes: list[str] = field(default_factory=list)

    @property
    def question(self) -> str:
        """The question."""
        return str(QUESTIONS[self.key])


class Asked:
    """Who asks, at which school, about which days; rows that several answers count are read once."""

    def __init__(self, user: User, school: School, since: dt.date, until: dt.date) -> None:
        self.user, self.school = user, school
        self.today = school.today()
        self.since, self.until = since, until
        self.is_whole = can(user, "see_school", school)
        self.is_provider = not self.is_whole and can(user, "start_plan", school)
        self.delivered: list[DeliveredDay] | None = None  # what `deliveries` found

    @cached_property
    def plans(self) -> list[Plan]:
        """Plans that ran on any of the days, with what delivery needs."""
        rows = self.some(plans_counted_for(self.user, self.school))
        changes = PhaseChange.objects.order_by("changed_on").defer("what")
        return list(
            rows.select_related("provider__user")
            .only(*COUNTED)
            .prefetch_related(Prefetch("phase_changes", queryset=changes))
            .order_by("starts_on", "pk")
        )

    @cached_property
    def running(self) -> list[Plan]:
        """Plans that run today, as groups and seats are those of today, whatever days are asked about."""
        if self.until < self.today:
            return Asked(self.user, self.school, self.today, self.today).running
        return [plan for plan in self.plans if plan.state == plan.State.ACTIVE]

    def some(self, plans: PlanQuerySet) -> PlanQuerySet:
        """Those of ``plans`` that ran on any of the days."""
        return plans.filter(starts_on__lte=self.until).exclude(ended_on__lt=self.since)

    @cached_property
    def sessions(self) -> dict[int, dict[dt.date, tuple[str, int]]]:
        """Result and minutes of each logged session, by plan's id and day."""
        found: dict[int, dict[dt.date, tuple[str, int]]] = {plan.pk: {} for plan in self.plans}
        rows = Session.objects.filter(
            plan__in=many_ids(plan.pk for plan in self.plans), held_on__range=(self.since, self.until)
        )
        for plan_id, day, result, minutes in rows.values_list("plan_id", "held_on", "result", "minutes"):
            found[plan_id][day] = (result, minutes)
        return found

    @cached_property
    def closed(self) -> set[dt.date]:
        """Days without school."""
        return closed_days([self.school.pk])

    @property
    def least(self) -> int:
        """Fewer students than these have no shares and means."""
        return self.school.min_group_size

    @property
    def days(self) -> str:
        """The days asked about in words."""
        return formats.days(self.since, self.until)

    def scope_words(self, n: str, *, is_own: bool = True) -> str:
        """Who is counted: ``n`` says how many of what; of a provider only what they deliver, if ``is_own``."""
        whose = _("whole school")
        if self.is_provider and is_own:
            whose = _("only what you deliver")
        elif not self.is_whole:
            whose = _("only students you see")
        return f"{n} · {whose} · {self.days}"


def share_in_words(cases: int, n: int, least: int) -> str:
    """A share with its 95% interval: "49% (38% to 60%)"; that they are too few under ``least``."""
    from datareview.analysis.equity import wilson_interval

    if n < max(least, 1):
        return too_few(n)
    low, high = wilson_interval(cases, n)
    return interval_in_words(cases / n, low, high)


def interval_in_words(middle: float, low: float, high: float) -> str:
    """Shares as percent: "49% (38% to 60%)"."""
    percents = (formats.percent(100 * one, 0) for one in (middle, low, high))
    return _("%(middle)s (%(low)s to %(high)s)") % dict(zip(("middle", "low", "high"), percents, strict=True))


def too_few(n: int) -> str:
    """That ``n`` are too few to state a figure."""
    return _("too few to say (%(n)s)") % {"n": formats.number(n)} if n else NONE


def row(*cells: str | int | None, url: str = "") -> FindingRow:
    """A row; whole numbers are formatted, and None is a dash."""
    texts = (NONE if one is None else formats.number(one) if isinstance(one, int) else one for one in cells)
    return FindingRow(tuple(texts), url)


def export_rows(answer: Finding) -> Iterator[tuple[str, ...]]:
    """The finding, then each table under its name with its headings, then how it was counted."""
    yield (answer.finding,)
    for table in answer.tables:
        yield ()
        yield (table.name,)
        yield table.columns
        for row in table.rows:
            yield row.cells
        if table.note:
            yield (table.note,)
    yield ()
    for note in answer.notes:
        yield (note,)
