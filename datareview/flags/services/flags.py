"""Derive flags from judgements, and candidates from flags.

A run judges every student by every rule twice, as of its day and as of seven days before, using only data
dated up to then. A flag opens if the rule was met both times, or is severe now. It resolves if the rule was met
neither time and the value is past the margin now, and its severity falls likewise. Flags therefore do not flicker
and do not depend on the number of runs: the same data give the same flags.

An open flag has the figures of the last run that could judge its student. Where it keeps a severity above what these
figures give, its reason says so, so that the shown severity and the shown figure do not contradict each other.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q

from datareview.flags.cut_points import EVERY_GRADE
from datareview.flags.models import Candidate, Change, Flag, Severity
from datareview.flags.queries.disputed import disputed_students
from datareview.flags.queries.flags import NOTHING, in_each_language, kept_reason, reason_of, whole_sentences
from datareview.records.models import Student
from teams.lib import clock

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from datareview.flags.models import Rule
    from datareview.flags.queries.flags import Judgement
    from datareview.trends.models import TrendScope

# Why a flag resolved, as far as a rule's change can cause it.
BY_RULE = ("resolved", "rule-off", "other-grade")
REOPENS_WITHIN = dt.timedelta(days=30)


def apply_judgements(
    rule: Rule,
    now: Mapping[int, Judgement],
    before: Mapping[int, Judgement],
    *,
    scope: TrendScope,
    as_of: dt.date,
) -> list[Change]:
    """Open, refresh and resolve the flags of ``rule`` for the students judged ``now`` and a week ``before``.

    Returns the changes to show to users, which are not stored yet.
    """
    rows = Flag.objects.filter(rule=rule, student__in=scope.students()).order_by("first_seen_on", "pk")
    latest = {flag.student_id: flag for flag in rows}
    updates = _FlagUpdates(rule, as_of, disputed=disputed_students(rule, as_of))
    for student_id, judgement in now.items():
        flag = latest.get(student_id)
        earlier = before.get(student_id)
        severity_before = earlier.severity if earlier else NOTHING
        if judgement.severity:
            updates.hold(student_id, flag, judgement, before=severity_before)
        elif flag and flag.state != Flag.State.RESOLVED:
            updates.release(flag, judgement, before=severity_before)
    return updates.store()


class _FlagUpdates:
    """Changes of one run to the flags of one rule, collected and then stored in bulk."""

    fields = (
        "state",
        "domain",
        "severity",
        "evidence",
        "reason",
        "reasons",
        "resolved_on",
        "opened_on",
        "history",
        "last_seen_on",
    )

    def __init__(self, rule: Rule, as_of: dt.date, *, disputed: Collection[int] = ()) -> None:
        self._rule, self._as_of, self._disputed = rule, as_of, disputed
        self._new: list[Flag] = []
        self._changed: list[Flag] = []
        self._dropped: list[int] = []
        self._changes: list[Change] = []

    def hold(self, student_id: int, flag: Flag | None, judgement: Judgement, *, before: int) -> None:
        """Create, refresh or reopen the flag of a met rule, whose severity was ``before`` a week ago.

        While a value that the rule reads is disputed, no flag opens and none becomes more urgent.
        """
        as_of = self._as_of
        is_disputed = student_id in self._disputed
        is_held = (before > NOTHING or judgement.severity == Severity.SEVERE) and not is_disputed
        if flag and flag.state == Flag.State.RESOLVED:
            if as_of - (flag.resolved_on or as_of) > REOPENS_WITHIN:
                flag = None
            elif not is_held:
                return
        was_open = flag is not None and flag.state == Flag.State.OPEN
        was = flag.severity if flag and was_open else NOTHING
        flag = flag or Flag(student_id=student_id, rule=self._rule, first_seen_on=as_of)
        flag.state = Flag.State.OPEN if is_held or was_open else Flag.State.PENDING
        flag.domain, flag.resolved_on = judgement.domain, None
        severity = max(judgement.severity, judgement.stays(was, before))
        self._show(flag, judgement, min(severity, was) if is_disputed and was_open else severity)
        if is_held and not was_open:
            flag.opened_on = as_of
            flag.history = [*flag.history, {"on": as_of.isoformat(), "what": "opened"}]
            self._record(flag, Change.Kind.FLAG_OPENED, was)
        elif was_open and flag.severity > was:
            self._record(flag, Change.Kind.FLAG_ROSE, was)
        (self._changed if flag.pk else self._new).append(flag)

    def release(self, flag: Flag, judgement: Judgement, *, before: int) -> None:
        """Drop, resolve or refresh the flag of an unmet rule, whose severity was ``before`` a week ago."""
        if flag.state == Flag.State.PENDING:
            self._dropped.append(flag.pk)
        elif severity := judgement.stays(flag.severity, before):
            if judgement.evidence:
                self._show(flag, judgement, severity)
                self._changed.append(flag)
        else:
            what = {"on": self._as_of.isoformat(), "what": "resolved", "evidence": judgement.evidence}
            self.resolve(flag, what)

    def _show(self, flag: Flag, judgement: Judgement, severity: int) -> None:
        """Set the figures of ``judgement``, and say why ``severity`` is above what they give, if it is."""
        flag.severity, flag.last_seen_on = severity, self._as_of
        flag.evidence = judgement.evidence

        def say() -> str:
            if severity > judgement.severity:
                return kept_reason(self._rule, judgement.evidence, severity)
            return reason_of(self._rule, judgement.evidence)

        flag.reasons = in_each_language(say)
        flag.reason = flag.reasons[self._rule.school.language]

    def resolve(self, flag: Flag, what: dict[str, Any]) -> None:
        """Resolve ``flag`` and add ``what`` to its history."""
        self._record(flag, Change.Kind.FLAG_RESOLVED, flag.severity)
        flag.history = [*flag.history, what]
        flag.state, flag.resolved_on = Flag.State.RESOLVED, self._as_of
        self._changed.append(flag)

    def store(self) -> list[Change]:
        """Write all flags. Returns the changes to show to users."""
        Flag.objects.bulk_create(self._new, batch_size=500)
        Flag.objects.bulk_update(self._changed, self.fields, batch_size=200)
        Flag.objects.filter(pk__in=self._dropped).delete()
        return self._changes

    def _record(self, flag: Flag, kind: str, before: int) -> None:
        after = 0 if kind == Change.Kind.FLAG_RESOLVED else flag.severity
        self._changes.append(
            Change(student_id=flag.student_id, flag=flag, kind=kind, before=before, after=after)
        )


def restore_flags(rule: Rule, *, since: dt.datetime, is_on: bool) -> None:
    """Put the flags of ``rule`` back to where they were at ``since``, a change of the rule that is undone.

    Flags that appeared since are resolved, and undecided candidates with no other flag cleared. If the rule will be on,
    flags that resolved since are open again, and their candidates, if cleared since, undecided again.
    """
    today = rule.school.today()
    first = since.astimezone(rule.school.tz).date()
    appeared = Flag.objects.filter(rule=rule, created_at__gte=since).exclude(state=Flag.State.RESOLVED)
    gone = Flag.objects.filter(rule=rule, state=Flag.State.RESOLVED, resolved_on__gte=first)
    unresolved = Flag.objects.filter(rule=rule).exclude(state=Flag.State.RESOLVED)
    lost = [
        flag
        for flag in gone.filter(created_at__lt=since).exclude(student__in=unresolved.values("student"))
        if is_on and flag.history and flag.history[-1]["what"] in BY_RULE
    ]
    fresh = list(appeared)
    only = Candidate.objects.filter(flags__in=fresh).exclude(
        flags__in=Flag.objects.filter(state=Flag.State.OPEN).exclude(pk__in=[flag.pk for flag in fresh])
    )
    _clear(only.distinct())
    for flag in fresh:
        flag.state, flag.resolved_on = Flag.State.RESOLVED, today
        flag.history = [*flag.history, {"on": today.isoformat(), "what": "undone"}]
    for flag in lost:
        flag.state, flag.resolved_on = Flag.State.OPEN, None
        flag.history = [*flag.history, {"on": today.isoformat(), "what": "opened"}]
    Flag.objects.bulk_update([*fresh, *lost], ["state", "resolved_on", "history"], batch_size=200)
    _reopen_candidates(lost, since)


def _reopen_candidates(flags: Iterable[Flag], since: dt.datetime) -> None:
    """Make candidates of ``flags`` that were cleared automatically after ``since`` undecided again, if none is live."""
    cleared = Candidate.objects.filter(
        flags__in=list(flags), state=Candidate.State.CLEARED, decided_at__gte=since
    ).distinct()
    rows = {(candidate.student_id, candidate.domain): candidate for candidate in cleared.order_by("pk")}
    live = Candidate.objects.filter(
        student__in=[student for student, _domain in rows], state__in=Candidate.LIVE
    )
    taken = set(live.values_list("student", "domain"))
    chosen = [candidate.pk for key, candidate in rows.items() if key not in taken]
    Candidate.objects.filter(pk__in=chosen).update(state=Candidate.State.NEW, decided_at=None)


def drop_stale(scope: TrendScope, *, as_of: dt.date) -> list[Change]:
    """Resolve flags that are no longer judged: of students who left or by rules switched off or of other grades."""
    left = ~Q(student__status=Student.Status.ACTIVE)
    stale = Flag.objects.filter(
        left | Q(rule__is_on=False) | _of_other_grades(scope.grade), student__in=scope.students()
    )
    stale.filter(state=Flag.State.PENDING).delete()
    changes: list[Change] = []
    for flag in stale.filter(state=Flag.State.OPEN).select_related("rule", "student").order_by("pk"):
        updates = _FlagUpdates(flag.rule, as_of)
        what = "rule-off" if not flag.rule.is_on else "other-grade"
        if flag.student.status != Student.Status.ACTIVE:
            what = "left"
        updates.resolve(flag, {"on": as_of.isoformat(), "what": what})
        changes += updates.store()
    return changes


def _of_other_grades(grade: int | None) -> Q:
    """Flags by rules that do not cover ``grade``, as `Rule.covers`."""
    if grade is None:
        return ~Q(rule__lowest_grade=EVERY_GRADE[0], rule__highest_grade=EVERY_GRADE[1])
    return Q(rule__lowest_grade__gt=grade) | Q(rule__highest_grade__lt=grade)


def refresh_candidates(scope: TrendScope, *, as_of: dt.date) -> int:
    """Update candidates from the open flags of severity "act" or more. Returns the number of new candidates."""
    flags = Flag.objects.filter(
        student__in=scope.students(), state=Flag.State.OPEN, severity__gte=Severity.ACT
    ).order_by("-severity", "first_seen_on", "pk")
    candidates = Candidate.objects.filter(student__in=scope.students()).order_by("pk")
    groups: dict[tuple[int, str], list[Flag]] = {}
    for flag in flags.select_related("rule"):
        groups.setdefault((flag.student_id, flag.domain), []).append(flag)
    known: dict[tuple[int, str], Candidate] = {}
    for candidate in candidates.prefetch_related("flags"):
        key = (candidate.student_id, candidate.domain)
        if key not in known or known[key].state not in Candidate.LIVE:
            known[key] = candidate
    _clear(candidate for key, candidate in known.items() if key not in groups)
    return sum(_raise(key, group, known.get(key), as_of) for key, group in groups.items())


def _raise(key: tuple[int, str], flags: list[Flag], candidate: Candidate | None, as_of: dt.date) -> int:
    """Create or refresh the candidate for one student's open flags in one domain. Returns 1 if it is new, else 0."""
    severity = max(flag.severity for flag in flags)
    reasons = in_each_language(lambda: whole_sentences(flag.said for flag in flags))
    reason = whole_sentences(flag.reason for flag in flags)
    if candidate and candidate.state not in Candidate.LIVE:
        settled = candidate.state == Candidate.State.NO_ACTION and severity <= candidate.severity
        if settled and {flag.pk for flag in flags} <= {flag.pk for flag in candidate.flags.all()}:
            return 0
        candidate = None
    if candidate is None:
        student_id, domain = key
        candidate = Candidate.objects.create(
            student_id=student_id,
            domain=domain,
            severity=severity,
            reason=reason,
            reasons=reasons,
            raised_on=as_of,
        )
        candidate.flags.set(flags)
        return 1
    is_over = candidate.watch_until is not None and candidate.watch_until < as_of
    if (candidate.state in Candidate.SET_ASIDE and severity > candidate.severity) or (
        candidate.state == Candidate.State.WATCH and is_over
    ):
        candidate.state = Candidate.State.NEW
    if candidate.state == Candidate.State.NEW or severity > candidate.severity:
        candidate.severity = severity
        if not candidate.is_requested:
            candidate.reason, candidate.reasons = reason, reasons
        candidate.save(update_fields=["state", "severity", "reason", "reasons"])
        candidate.flags.set(flags)
    return 0


def _clear(candidates: Iterable[Candidate]) -> None:
    """Clear undecided candidates, whose flags are gone; decided ones are kept."""
    new = [
        candidate.pk
        for candidate in candidates
        if candidate.state == Candidate.State.NEW and not candidate.is_requested
    ]
    with transaction.atomic():
        Candidate.objects.filter(pk__in=new, state=Candidate.State.NEW).update(
            state=Candidate.State.CLEARED, decided_at=clock.now()
        )
