"""Computing replays once: a worker does it for many students, and the page waits with its progress."""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from django.core.cache import cache

from datareview.flags.models import Rule
from datareview.records.models import Student
from datareview.replays.queries.landmarks import landmarks_of
from datareview.replays.queries.replay import replay
from datareview.rules.services.drafts import draft_of, read_draft
from datareview.runs.queries import scopes_with_state
from teams.jobs.models import SOON, Job
from teams.jobs.services.jobs import start_job
from teams.lib import clock

if TYPE_CHECKING:
    from datareview.replays.queries.replay import TermReplay
    from teams.directory.models import User
    from teams.jobs.services.jobs import Progress

REPLAY = "datareview.replay_rule"
MANY = 1_000  # students times terms
KEPT_SECONDS = 24 * 60 * 60


def replayed(rule: Rule | None, changed: Rule, outcome: str, *, actor: User) -> list[TermReplay] | Job:
    """The replay of ``changed``, from the cache if nothing has changed since; or the job that computes it.

    Without a worker the page computes it itself.
    """
    key = _key(rule, changed, outcome)
    if (found := cache.get(key)) is not None:
        return found
    if not _is_long(changed) or not (job := _job(key, rule, changed, outcome, actor)):
        return _kept(key, replay(rule, changed, outcome))
    return job


def replay_rule(job: Job, progress: Progress) -> dict[str, Any]:
    """Compute the replay of a job of `replayed`."""
    if job.school is None:
        return {}
    rule = Rule.objects.select_related("school", "measure").filter(
        school=job.school, pk=job.payload["rule"]
    ).first()  # fmt: skip
    changed = read_draft(job.school, job.payload["draft"], rule)
    terms = replay(rule, changed, job.payload["outcome"], step=progress.step)
    _kept(job.dedupe_key, terms)
    progress.step(1, 1)
    return {}


def _job(key: str, rule: Rule | None, changed: Rule, outcome: str, actor: User) -> Job | None:
    """The job that computes a replay; None if the last one waits too long, or has just ended without keeping it."""
    last = Job.objects.filter(kind=REPLAY, dedupe_key=key).order_by("-pk").first()
    if last and (last.waits_long or (last.finished_at and clock.now() - last.finished_at < SOON)):
        return None
    payload = {"rule": rule and rule.pk, "draft": draft_of(changed), "outcome": outcome}
    return start_job(REPLAY, school=changed.school, actor=actor, payload=payload, dedupe_key=key)


def _is_long(changed: Rule) -> bool:
    students = Student.objects.filter(school=changed.school).count()
    return students * len(landmarks_of(changed.school)) > MANY


def _kept(key: str, terms: list[TermReplay]) -> list[TermReplay]:
    cache.set(key, terms, KEPT_SECONDS)
    return terms


def _key(rule: Rule | None, changed: Rule, outcome: str) -> str:
    """What a replay depends on: both rules, the outcome, the terms, the day and the data that the last runs read."""
    school = changed.school
    scopes: list[Any] = scopes_with_state(school)
    parts = [
        school.pk,
        rule and (rule.pk, rule.parameters, rule.lowest_grade, rule.highest_grade),
        draft_of(changed),
        outcome,
        school.today(),
        [astuple(one) for one in landmarks_of(school)],
        [(one.pk, one.written, one.inputs_hash) for one in scopes],
    ]
    return f"replay-{hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:40]}"
