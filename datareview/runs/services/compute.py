"""Compute the trends and flags of one scope: read once, compute, and write only changes.

Each read takes a ticket. The stored results were read under the ticket ``scope.written``, and a worker with an older
ticket writes nothing. Workers therefore need no lock while they compute, and concurrent runs, an import in between,
or a repeated part leave the results of the latest read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from datareview.flags.models import Change, Rule
from datareview.flags.services.flags import apply_judgements, drop_stale, refresh_candidates
from datareview.flags.services.returns import return_candidates
from datareview.runs.models import TrendPart
from datareview.trends.models import Trend, TrendScope
from teams.lib import clock

if TYPE_CHECKING:
    import pandas as pd

    from datareview.flags.queries.flags import Judgement
    from datareview.runs.models import TrendRun
    from datareview.trends.frames.scope import ScopeData
    from teams.jobs.services.jobs import Progress

WEEK = 7
STEPS = 4
COUNTS = ("students", "trends", "changed", "levels", "opened", "resolved", "candidates")


def compute_part(part: TrendPart, *, progress: Progress | None = None) -> None:
    """Compute and store the trends, flags and candidates of one part, and set its outcome and counts."""
    from datareview.judgements.judges import judge_scope
    from datareview.trends.frames.scope import read_scope
    from datareview.trends.services.forecasts import refresh_checks, signature_of, with_projections
    from datareview.trends.services.trend_rows import trend_rows

    def step(done: int) -> None:
        if progress:
            progress.step(done, STEPS)

    run, scope = part.run, part.scope
    ticket = _take_ticket(scope)
    step(0)
    known = read_scope(scope, run.school.year_start(run.as_of), run.as_of)
    checks = refresh_checks(run, scope, known)
    fingerprint = known.fingerprint(run.method_version, run.config_hash, signature_of(checks))
    if _is_stored(scope, run, fingerprint):
        _finish(part, TrendPart.Outcome.UNCHANGED, {"students": len(known.students)})
        return
    step(1)
    rows = with_projections(trend_rows(known), known, checks)
    earlier = known.as_of(known.until - WEEK)
    active = Rule.objects.filter(school=run.school, is_on=True).select_related("school", "measure")
    rules = [rule for rule in active if rule.covers(scope.grade)]
    step(2)
    now = judge_scope(rules, known, rows)
    before = judge_scope(rules, earlier, trend_rows(earlier))
    step(3)
    with transaction.atomic():
        stored = TrendScope.objects.select_for_update(no_key=True).get(pk=scope.pk)
        if stored.written > ticket:
            _finish(part, TrendPart.Outcome.SUPERSEDED, {"students": len(known.students)})
            return
        counts = _write(part, known, rows, _pairs(rules, now, before))
        TrendScope.objects.filter(pk=scope.pk).update(
            written=ticket, inputs_hash=fingerprint, as_of=run.as_of
        )
        _finish(part, TrendPart.Outcome.COMPUTED, counts)
    step(STEPS)


def _take_ticket(scope: TrendScope) -> int:
    """Take the next ticket of the scope for a read."""
    with transaction.atomic():
        TrendScope.objects.filter(pk=scope.pk).update(tickets=F("tickets") + 1)
        return TrendScope.objects.values_list("tickets", flat=True).get(pk=scope.pk)


def _is_stored(scope: TrendScope, run: TrendRun, fingerprint: str) -> bool:
    """Whether the stored rows were computed from equal inputs as of the same day."""
    return TrendScope.objects.filter(pk=scope.pk, inputs_hash=fingerprint, as_of=run.as_of).exists()


def finish_superseded(part: TrendPart) -> None:
    """End a part without computing it, since a later one computes the same."""
    _finish(part, TrendPart.Outcome.SUPERSEDED, {})


def _finish(part: TrendPart, outcome: str, counts: dict[str, int]) -> None:
    part.outcome, part.finished_at = outcome, clock.now()
    part.counts = {**dict.fromkeys(COUNTS, 0), **counts}
    part.save(update_fields=["outcome", "counts", "finished_at"])


_Judgements = dict[int, "Judgement"]


def _pairs(
    rules: list[Rule], now: dict[int, _Judgements], before: dict[int, _Judgements]
) -> list[tuple[Rule, _Judgements, _Judgements]]:
    return [(rule, now[rule.pk], before[rule.pk]) for rule in rules]


def _write(
    part: TrendPart,
    known: ScopeData,
    rows: pd.DataFrame,
    judged: list[tuple[Rule, _Judgements, _Judgements]],
) -> dict[str, int]:
    """Store differing rows and the changes for users, in one transaction."""
    from datareview.trends.frames.writing import write_trends

    run, scope = part.run, part.scope
    changes = _level_changes(scope, rows)
    counts = {"students": len(known.students), "trends": len(rows), "levels": len(changes)}
    counts["changed"] = write_trends(rows, scope, as_of=run.as_of, version=run.method_version).total
    for rule, now, before in judged:
        changes += apply_judgements(rule, now, before, scope=scope, as_of=run.as_of)
    changes += drop_stale(scope, as_of=run.as_of)
    for change in changes:
        change.run, change.seen_at = run, run.seen_at
    Change.objects.bulk_create(changes, batch_size=500)
    kinds = [change.kind for change in changes]
    counts["opened"] = kinds.count(Change.Kind.FLAG_OPENED)
    counts["resolved"] = kinds.count(Change.Kind.FLAG_RESOLVED)
    return_candidates(scope, as_of=run.as_of)
    counts["candidates"] = refresh_candidates(scope, as_of=run.as_of)
    return counts


def _level_changes(scope: TrendScope, rows: pd.DataFrame) -> list[Change]:
    """Changes of levels against the stored ones; a first level is not a change."""
    levels = Trend.objects.filter(student__in=scope.students(), benchmark_level__isnull=False)
    stored = {
        (row[0], row[1]): row[2] for row in levels.values_list("student_id", "measure_id", "benchmark_level")
    }
    fresh = rows[rows["benchmark_level"].notna()]
    changes = []
    for student_id, measure_id, level in zip(
        fresh["student_id"].tolist(),
        fresh["measure_id"].tolist(),
        fresh["benchmark_level"].astype(int).tolist(),
        strict=True,
    ):
        before = stored.get((student_id, measure_id), level)
        if before != level:
            moved = {"measure_id": measure_id, "before": before, "after": level}
            changes.append(Change(student_id=student_id, kind=Change.Kind.LEVEL, **moved))
    return changes
