"""Trend runs: trends of every student and measure, then flags and candidates, as of a day.

A run reads nothing dated after its day, writes only rows that changed, and leaves the same rows when it
runs twice.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from datareview.models import Rule, Student, Trend, TrendRun
from datareview.models.trends import TREND_FIELDS
from datareview.services.flags import apply_judgements, refresh_candidates
from teams.models import School, SchoolYear
from teams.services.jobs import start_job

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from teams.models import Job, User
    from teams.services.jobs import Progress

TRIGGERS = TrendRun.Trigger
NIGHT_HOUR = 2
WEEK = dt.timedelta(days=7)


def start_trend_run(
    school: School, *, actor: User | None, trigger: str, student_ids: Iterable[int] | None = None
) -> TrendRun:
    """Record a run as of the school's today and let a worker do it once this transaction is committed."""
    with transaction.atomic():
        run = TrendRun.objects.create(school=school, trigger=trigger, as_of=school.today())
        ids = None if student_ids is None else sorted(student_ids)
        run.job = start_job(
            "datareview.run_trends", school=school, actor=actor, payload={"run": run.pk, "students": ids}
        )
        run.save(update_fields=["job"])
    return run


def start_nightly_runs() -> list[TrendRun]:
    """Start today's nightly run of each school where it is night enough and none exists yet."""
    started = []
    for school in School.objects.all():
        done = TrendRun.objects.filter(school=school, trigger=TRIGGERS.NIGHTLY, as_of=school.today())
        if timezone.now().astimezone(school.tz).hour >= NIGHT_HOUR and not done.exists():
            started.append(start_trend_run(school, actor=None, trigger=TRIGGERS.NIGHTLY))
    return started


def run_trend_job(job: Job, progress: Progress) -> dict[str, Any]:
    """What a worker does for a run's job."""
    run = TrendRun.objects.select_related("school").get(pk=job.payload["run"])
    return compute_run(run, student_ids=job.payload["students"], progress=progress)


def run_trends_now(school: School, *, trigger: str = TRIGGERS.NIGHTLY, as_of: dt.date) -> TrendRun:
    """Make a run in this process, for the command line and the demo."""
    run = TrendRun.objects.create(school=school, trigger=trigger, as_of=as_of)
    compute_run(run)
    return run


def compute_run(
    run: TrendRun, *, student_ids: Iterable[int] | None = None, progress: Progress | None = None
) -> dict[str, Any]:
    """Compute and write everything of ``run``; returns its counts.

    With ``student_ids`` the run covers every student of their grades: percentiles and pooled slopes need
    all classmates.
    """
    from datareview.analysis import METHOD_VERSION
    from datareview.services.rules import judge_school
    from datareview.services.trend_frames import trend_rows

    school, as_of = run.school, run.as_of
    since = year_start(school, as_of)
    ids = _whole_grades(school, student_ids)
    if progress:
        progress.step(0, 3)
    rows = trend_rows(school, since, as_of, ids)
    with transaction.atomic():
        changed = _write_trends(rows, ids, school, as_of=as_of, version=METHOD_VERSION)
    if progress:
        progress.step(1, 3)
    now = judge_school(school, since, as_of, ids)
    before = judge_school(school, since, as_of - WEEK, ids)
    if progress:
        progress.step(2, 3)
    counts = {"trends": len(rows), "changed": changed, "opened": 0, "resolved": 0}
    with transaction.atomic():
        School.objects.select_for_update().get(pk=school.pk)  # two runs of a school take turns
        for rule in Rule.objects.filter(school=school, is_on=True).select_related("school", "measure"):
            done = apply_judgements(rule, now[rule.pk], before[rule.pk], as_of=as_of)
            counts["opened"] += done["opened"]
            counts["resolved"] += done["resolved"]
        counts["candidates"] = refresh_candidates(school, as_of=as_of, student_ids=ids)
        run.method_version, run.counts, run.finished_at = METHOD_VERSION, counts, timezone.now()
        run.save(update_fields=["method_version", "counts", "finished_at"])
    if progress:
        progress.step(3, 3)
    return counts


def year_start(school: School, day: dt.date) -> dt.date:
    """First day of the school year that ``day`` is in; of the last one begun when it is in none."""
    year = SchoolYear.objects.filter(school=school, starts_on__lte=day).order_by("-starts_on").first()
    return year.starts_on if year else day - dt.timedelta(days=365)


def _whole_grades(school: School, student_ids: Iterable[int] | None) -> list[int] | None:
    if student_ids is None:
        return None
    students = Student.objects.filter(school=school)
    grades = set(students.filter(pk__in=list(student_ids)).values_list("grade", flat=True))
    known = students.filter(grade__in=[grade for grade in grades if grade is not None])
    unknown = students.filter(grade__isnull=True) if None in grades else students.none()
    return sorted({*known.values_list("pk", flat=True), *unknown.values_list("pk", flat=True)})


def _write_trends(
    rows: pd.DataFrame, ids: list[int] | None, school: School, *, as_of: dt.date, version: str
) -> int:
    """Insert and update what differs from what is stored, remove what has no scores any more."""
    stored_rows = Trend.objects.filter(measure__school=school)
    if ids is not None:
        stored_rows = stored_rows.filter(student__in=ids)
    stored = {
        (row["student_id"], row["measure_id"]): row
        for row in stored_rows.values("pk", "student_id", "measure_id", "method_version", *TREND_FIELDS)
    }
    fresh: list[Trend] = []
    now = timezone.now()
    for record in rows.to_dict("records"):
        old = stored.pop((record["student_id"], record["measure_id"]), None)
        same = (
            old
            and old["method_version"] == version
            and all(old[name] == record[name] for name in TREND_FIELDS)
        )
        if not same:
            fields = {name: record[name] for name in ("student_id", "measure_id", *TREND_FIELDS)}
            fresh.append(Trend(**fields, as_of=as_of, method_version=version, computed_at=now))
    Trend.objects.bulk_create(
        fresh,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["student", "measure"],
        update_fields=[*TREND_FIELDS, "as_of", "method_version", "computed_at"],
    )
    Trend.objects.filter(pk__in=[row["pk"] for row in stored.values()]).delete()
    return len(fresh) + len(stored)
