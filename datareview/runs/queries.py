"""Trend runs of a school with progress and results."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, OuterRef, Q, When
from django.utils.translation import gettext as _

from datareview.flags.models import Change
from datareview.records.permissions import students_visible_to
from datareview.records.queries.order import by_name
from datareview.runs.models import TrendPart, TrendRun
from datareview.trends.models import ForecastCheck, TrendScope
from teams.access.conditions import one_of
from teams.access.permissions import schools_where
from teams.jobs.models import Job
from teams.jobs.services.jobs import with_progress
from teams.lib import clock

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import School, User

MOST_RUNS, A_PAGE = 30, 30
LONG_AGO = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run with its progress. ``state`` is done, running or failed."""

    run: TrendRun
    state: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class CheckRow:
    """Accuracy of forecasts of one measure in one grade; ``covered`` is a percentage."""

    check: ForecastCheck
    last: float | None
    pooled: float | None
    covered: float | None

    @property
    def places(self) -> int:
        """Digits after the point that tell the two errors apart: incidents a week are off by hundredths."""
        smallest = min((error for error in (self.last, self.pooled) if error), default=1.0)
        return 1 if smallest >= 1 else 2 if smallest >= 0.1 else 3


@dataclass(frozen=True, slots=True)
class RunsPage:
    """Runs, latest first, and the accuracy of forecasts."""

    rows: list[RunRow]
    last: TrendRun | None
    checks: list[CheckRow]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change and how it came about, in words."""

    change: Change
    words: str


@dataclass(frozen=True, slots=True)
class RunPage:
    """One run: its parts, and a page of its ``total`` changes for students whom the user may see."""

    row: RunRow
    parts: list[TrendPart]
    error: str
    changes: Page
    total: int


def runs_visible_to(user: User) -> QuerySet[TrendRun]:
    """Runs of schools where the user may start one."""
    return TrendRun.objects.filter(school_id__in=schools_where(user, "run_trends"))


def runs_page(user: User, school: School) -> RunsPage:
    """The runs of ``school``; a constant number of queries."""
    runs = runs_visible_to(user).filter(school=school).select_related("school", "requested_by")
    waiting = Q(parts__finished_at=None)
    unfinished = waiting & Q(parts__job__state__in=[Job.State.QUEUED, Job.State.RUNNING])
    counted = runs.annotate(
        parts_total=Count("parts"),
        parts_left=Count("parts", filter=waiting),
        parts_coming=Count("parts", filter=unfinished),
    ).order_by("-created_at", "-pk")  # a query that counts ignores the model's order
    rows = [
        RunRow(
            run,
            _state(run.parts_left, run.parts_coming),
            run.parts_total - run.parts_left,
            run.parts_total,
        )
        for run in counted[:MOST_RUNS]
    ]
    checks: dict[tuple[int, int], ForecastCheck] = {}
    for check in ForecastCheck.objects.filter(measure__school=school).select_related("measure", "scope"):
        checks[check.measure_id, check.scope_id] = check  # chronological, so that the last check is kept
    return RunsPage(
        rows=rows,
        last=next((row.run for row in rows if row.state == "done"), None),
        checks=[
            _check_row(check)
            for check in sorted(checks.values(), key=lambda one: (one.measure.name, one.scope.grade or -1))
            if check.n
        ],
    )


def _check_row(check: ForecastCheck) -> CheckRow:
    last, pooled = check.results.get("last", {}), check.results.get("pooled", {})
    share = pooled.get("coverage")
    return CheckRow(check, last.get("mae"), pooled.get("mae"), None if share is None else 100 * share)


def run_page(user: User, run: TrendRun, wanted: dict[str, str]) -> RunPage:
    """The page of one run, with the changes that ``wanted`` (the query string) asks for: flags first, most urgent first."""
    parts = list(run.parts.select_related("scope", "job").order_by("scope__grade"))
    left = [part for part in parts if part.finished_at is None]
    coming = [part.job for part in left if part.job and not part.job.is_finished]
    for job in coming:
        with_progress(job)
    changes = (
        Change.objects.filter(one_of(students_visible_to(user), "student"), run=run)
        .select_related("student", "measure", "flag")
        .order_by(
            Case(When(kind=Change.Kind.LEVEL, then=1), default=0), "-after", *by_name("student__"), "pk"
        )
    )
    kind = wanted.get("kind")
    shown = changes.filter(kind=kind) if kind in Change.Kind else changes
    page: Page[Any] = Paginator(shown, A_PAGE).get_page(wanted.get("page", 1))
    page.object_list = [ChangeRow(change, _in_words(change)) for change in page]
    return RunPage(
        row=RunRow(run, _state(len(left), len(coming)), len(parts) - len(left), len(parts)),
        parts=parts,
        error=next((part.job.error for part in left if part.job and part.job.error), ""),
        changes=page,
        total=changes.count(),
    )


def scopes_with_state(school: School) -> list[TrendScope]:
    """The scopes of ``school``, each with ``is_computing``: whether its trends and flags are being computed.

    What was asked for long ago does not count: no worker seems to run.
    """
    parts = TrendPart.objects.filter(scope=OuterRef("pk"), finished_at=None).filter(
        job__state__in=[Job.State.QUEUED, Job.State.RUNNING], job__created_at__gt=clock.now() - LONG_AGO
    )
    scopes = TrendScope.objects.filter(school=school).order_by("pk")
    return list(scopes.annotate(is_computing=Exists(parts)))


def _in_words(change: Change) -> str:
    """The reason of a flag; the level before and now."""
    if change.flag:
        return str(change.flag.said)
    names = change.measure.words_of_levels if change.measure else {}
    return _("%(measure)s: %(before)s, now %(after)s") % {
        "measure": change.measure,
        "before": names.get(change.before, "–"),
        "after": names.get(change.after, "–"),
    }


def _state(left: int, coming: int) -> str:
    if not left:
        return "done"
    return "running" if coming else "failed"
