"""Flags from judgements, and candidates from flags.

A run judges every student by every rule twice, as of its day and as of seven days before, on nothing but
data dated until then. A flag opens when the rule held at both, or is severe now; it resolves when the rule
was cleared at both and the value is past the margin now. So a flag neither flickers nor depends on how
often a run was made, and the same data give the same flags.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone, translation

from datareview.models import Candidate, Flag, Severity
from datareview.queries.flags import reason_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from datareview.models import Rule
    from datareview.queries.flags import Judgement
    from teams.models import School

LIVE = [Candidate.State.NEW, Candidate.State.ON_AGENDA, Candidate.State.PLAN, Candidate.State.WATCH]
REOPENS_WITHIN = dt.timedelta(days=30)


def apply_judgements(
    rule: Rule, now: Mapping[int, Judgement], before: Mapping[int, Judgement], *, as_of: dt.date
) -> dict[str, int]:
    """Open, refresh and resolve the flags of ``rule`` for the students judged ``now`` and a week ``before``.

    Returns how many were opened, resolved and left as they are.
    """
    rows = Flag.objects.filter(rule=rule, student__in=now).order_by("first_seen_on", "pk")
    latest = {flag.student_id: flag for flag in rows}
    counts = {"opened": 0, "resolved": 0}
    with translation.override(rule.school.language):
        for student_id, judgement in now.items():
            flag = latest.get(student_id)
            earlier = before.get(student_id)
            if judgement.severity:
                held = bool(earlier and earlier.severity) or judgement.severity == Severity.SEVERE
                counts["opened"] += _hold(rule, student_id, flag, judgement, held=held, as_of=as_of)
            elif flag and flag.state != Flag.State.RESOLVED:
                gone = judgement.is_clear and (earlier is None or not earlier.severity)
                counts["resolved"] += _release(flag, judgement, gone=gone, as_of=as_of)
    return counts


def _hold(
    rule: Rule, student_id: int, flag: Flag | None, judgement: Judgement, *, held: bool, as_of: dt.date
) -> int:
    """The rule holds: make, refresh or reopen its flag; 1 when it becomes open."""
    if flag and flag.state == Flag.State.RESOLVED and as_of - (flag.resolved_on or as_of) > REOPENS_WITHIN:
        flag = None
    was_open = bool(flag) and flag.state == Flag.State.OPEN
    flag = flag or Flag(student_id=student_id, rule=rule, first_seen_on=as_of)
    opens = held and not was_open
    fields: dict[str, Any] = {
        "state": Flag.State.OPEN if held or was_open else Flag.State.PENDING,
        "domain": judgement.domain,
        "severity": judgement.severity,
        "evidence": judgement.evidence,
        "reason": reason_of(rule, judgement.evidence),
        "resolved_on": None,
    }
    if opens:
        fields["opened_on"] = as_of
        flag.history = [*flag.history, {"on": as_of.isoformat(), "what": "opened"}]
    _save_changed(flag, fields, seen_on=as_of)
    return int(opens)


def _release(flag: Flag, judgement: Judgement, *, gone: bool, as_of: dt.date) -> int:
    """The rule does not hold: drop a first sighting, resolve what is clearly gone; 1 when resolved."""
    if flag.state == Flag.State.PENDING:
        flag.delete()
        return 0
    if not gone:
        return 0
    history = [*flag.history, {"on": as_of.isoformat(), "what": "resolved", "evidence": judgement.evidence}]
    flag.history = history
    _save_changed(flag, {"state": Flag.State.RESOLVED, "resolved_on": as_of}, seen_on=flag.last_seen_on)
    return 1


def _save_changed(flag: Flag, fields: dict[str, Any], *, seen_on: dt.date) -> None:
    changed = [name for name, value in fields.items() if getattr(flag, name) != value]
    if flag.pk and not changed and flag.last_seen_on == seen_on:
        return
    for name, value in fields.items():
        setattr(flag, name, value)
    flag.last_seen_on = seen_on
    flag.save()


def refresh_candidates(school: School, *, as_of: dt.date, student_ids: Iterable[int] | None = None) -> int:
    """Bring candidates in line with the open flags that ask for action; returns how many are new."""
    flags = Flag.objects.filter(
        student__school=school, state=Flag.State.OPEN, severity__gte=Severity.ACT
    ).order_by("-severity", "first_seen_on", "pk")
    candidates = Candidate.objects.filter(student__school=school).order_by("pk")
    if student_ids is not None:
        ids = list(student_ids)
        flags, candidates = flags.filter(student__in=ids), candidates.filter(student__in=ids)
    groups: dict[tuple[int, str], list[Flag]] = {}
    for flag in flags.select_related("rule"):
        groups.setdefault((flag.student_id, flag.domain), []).append(flag)
    known: dict[tuple[int, str], Candidate] = {}
    for candidate in candidates.prefetch_related("flags"):
        key = (candidate.student_id, candidate.domain)
        if key not in known or candidate.state in LIVE:
            known[key] = candidate
    _clear(candidate for key, candidate in known.items() if key not in groups)
    return sum(_raise(key, group, known.get(key), as_of) for key, group in groups.items())


def _raise(key: tuple[int, str], flags: list[Flag], candidate: Candidate | None, as_of: dt.date) -> int:
    """Make or refresh the candidate of one student's open flags of one domain; 1 when it is new."""
    severity = max(flag.severity for flag in flags)
    reason = " ".join(flag.reason for flag in flags)[:400]
    if candidate and candidate.state not in LIVE:
        settled = candidate.state == Candidate.State.NO_ACTION and severity <= candidate.severity
        if settled and {flag.pk for flag in flags} <= {flag.pk for flag in candidate.flags.all()}:
            return 0
        candidate = None
    if candidate is None:
        student_id, domain = key
        candidate = Candidate.objects.create(
            student_id=student_id, domain=domain, severity=severity, reason=reason, raised_on=as_of
        )
        candidate.flags.set(flags)
        return 1
    if candidate.state == Candidate.State.WATCH and (
        severity > candidate.severity or (candidate.watch_until and candidate.watch_until < as_of)
    ):
        candidate.state = Candidate.State.NEW
    if candidate.state == Candidate.State.NEW or severity > candidate.severity:
        candidate.severity, candidate.reason = severity, reason
        candidate.save(update_fields=["state", "severity", "reason"])
        candidate.flags.set(flags)
    return 0


def _clear(candidates: Iterable[Candidate]) -> None:
    """A candidate nobody has decided about goes when its flags are gone; what people decided stays."""
    new = [candidate.pk for candidate in candidates if candidate.state == Candidate.State.NEW]
    with transaction.atomic():
        Candidate.objects.filter(pk__in=new, state=Candidate.State.NEW).update(
            state=Candidate.State.CLEARED, decided_at=timezone.now()
        )
