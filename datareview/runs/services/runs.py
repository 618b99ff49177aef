"""Start trend runs nightly, after an import or a score, or on request, with a job per part."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Count

from datareview.flags.models import Rule
from datareview.records.models import Benchmark, BenchmarkWindow, Measure, Student
from datareview.records.models.measures import CUTS
from datareview.runs.models import TrendPart, TrendRun
from datareview.runs.services.compute import compute_part, finish_superseded
from datareview.trends.models import TrendScope
from teams.access.permissions import require_ability
from teams.directory.models import School, years_of
from teams.jobs.models import Job
from teams.jobs.services.batches import run_each
from teams.jobs.services.jobs import start_job
from teams.lib import clock

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from teams.directory.models import User
    from teams.jobs.services.jobs import Progress

TRIGGERS = TrendRun.Trigger
NIGHT_HOUR = 2


def request_run(school: School, *, actor: User) -> TrendRun:
    """Start a run of the whole school on request, or return the one in progress if no setting has changed since."""
    require_ability(actor, "run_trends", school)
    with transaction.atomic():
        School.objects.select_for_update(no_key=True).get(pk=school.pk)  # makes a double click wait
        latest = TrendRun.objects.filter(
            school=school, trigger=TRIGGERS.REQUEST, as_of=school.today()
        ).first()
        if latest and latest.config_hash == settings_hash(school) and is_under_way(latest):
            return latest
        return start_trend_run(school, actor=actor, trigger=TRIGGERS.REQUEST)


def start_trend_run(
    school: School, *, actor: User | None, trigger: str, student_ids: Iterable[int] | None = None
) -> TrendRun:
    """Create a run as of today, and queue a job per part on commit.

    With ``student_ids``, only the scopes of those students are computed.
    """
    with transaction.atomic():
        run = _make_run(school, actor=actor, trigger=trigger, as_of=school.today(), student_ids=student_ids)
        for part in run.parts.all():
            part.job = start_job("datareview.run_part", school=school, actor=actor, payload={"part": part.pk})
            part.save(update_fields=["job"])
    return run


def start_nightly_runs() -> list[TrendRun]:
    """Start the nightly run of each school where it is late enough and today's run does not exist yet."""
    started: list[TrendRun] = []

    def start(school: School) -> int:
        done = TrendRun.objects.filter(school=school, trigger=TRIGGERS.NIGHTLY, as_of=school.today())
        if clock.now().astimezone(school.tz).hour < NIGHT_HOUR or done.exists():
            return 0
        with suppress(IntegrityError):  # another scheduler was faster
            started.append(start_trend_run(school, actor=None, trigger=TRIGGERS.NIGHTLY))
        return 1

    run_each("datareview.run_nightly", School.objects.all(), start, about=lambda school: school)
    return started


def run_part_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Compute one part in a worker, unless another worker has finished it, or a later part of its scope does the same.

    So a night of five files computes each grade once.
    """
    part = TrendPart.objects.select_related("run__school", "scope__school").get(pk=job.payload["part"])
    if part.finished_at is None:
        if _is_repeated_later(part):
            finish_superseded(part)
        else:
            compute_part(part, progress=progress)
        finish_run(part.run)
    return part.counts


def _is_repeated_later(part: TrendPart) -> bool:
    """Whether a part that was asked for later, and did not fail, is about the same scope as of the same or a later day."""
    later = TrendPart.objects.filter(scope=part.scope_id, pk__gt=part.pk, run__as_of__gte=part.run.as_of)
    return later.exclude(finished_at=None, job__state=Job.State.FAILED).exists()


def run_trends_now(school: School, *, trigger: str = TRIGGERS.REQUEST, as_of: dt.date) -> TrendRun:
    """Compute a run in this process, for the command line, the demo and tests."""
    with transaction.atomic():
        run = _make_run(school, actor=None, trigger=trigger, as_of=as_of)
    for part in run.parts.select_related("run__school", "scope__school"):
        compute_part(part)
    finish_run(run)
    return run


def finish_run(run: TrendRun) -> None:
    """Set the run's counts from its parts once all of them are finished."""
    with transaction.atomic():
        locked = TrendRun.objects.select_for_update(no_key=True).get(pk=run.pk)
        parts = list(locked.parts.all())
        if locked.finished_at or any(part.finished_at is None for part in parts):
            return
        counts: dict[str, int] = {}
        for part in parts:
            for name, many in part.counts.items():
                counts[name] = counts.get(name, 0) + many
        locked.counts, locked.finished_at = counts, clock.now()
        locked.save(update_fields=["counts", "finished_at"])
    run.counts, run.finished_at = locked.counts, locked.finished_at


def is_under_way(run: TrendRun) -> bool:
    """Whether parts of ``run`` are still queued or running."""
    waiting = run.parts.filter(finished_at=None).select_related("job")
    return any(part.job is not None and not part.job.is_finished for part in waiting)


def settings_hash(school: School) -> str:
    """A hash of the settings that results depend on: rules, measures, benchmarks, their windows and school years."""
    rules = Rule.objects.filter(school=school, is_on=True).order_by("pk")
    measures = Measure.objects.filter(school=school).order_by("pk")
    benchmarks = Benchmark.objects.filter(measure__school=school).order_by("pk")
    windows = BenchmarkWindow.objects.filter(year__school=school).order_by("starts_on", "pk")
    settings = [
        list(
            rules.values_list(
                "key", "version", "kind", "measure__key", "parameters", "lowest_grade", "highest_grade"
            )
        ),
        list(
            measures.values_list("key", "derived_from", "higher_is_better", "sem", "scale_min", "scale_max")
        ),
        list(benchmarks.values_list("measure__key", "grade", "window", *CUTS, "growth_per_week")),
        [
            [key, starts_on.isoformat(), ends_on.isoformat()]
            for key, starts_on, ends_on in windows.values_list("key", "starts_on", "ends_on")
        ],
        [[starts_on.isoformat(), ends_on.isoformat()] for _pk, starts_on, ends_on in years_of(school.pk)],
    ]
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


def _make_run(
    school: School,
    *,
    actor: User | None,
    trigger: str,
    as_of: dt.date,
    student_ids: Iterable[int] | None = None,
) -> TrendRun:
    from datareview.analysis import METHOD_VERSION

    run = TrendRun.objects.create(
        school=school,
        trigger=trigger,
        as_of=as_of,
        requested_by=actor,
        method_version=METHOD_VERSION,
        config_hash=settings_hash(school),
    )
    TrendPart.objects.bulk_create(TrendPart(run=run, scope=scope) for scope in _scopes(school, student_ids))
    if not run.parts.exists():
        finish_run(run)
    return run


def _scopes(school: School, student_ids: Iterable[int] | None) -> list[TrendScope]:
    """Get or create a scope for each grade of the students, largest grade first."""
    students = Student.objects.filter(school=school)
    if student_ids is not None:
        students = students.filter(pk__in=list(student_ids))
    grades = students.values("grade").annotate(many=Count("pk")).order_by("-many", "grade")
    return [TrendScope.objects.get_or_create(school=school, grade=row["grade"])[0] for row in grades]
