"""Decisions about candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from datareview.flags.models import Candidate, ReopenedDecision
from datareview.flags.queries.concerns import check_worse_than, measure_of
from teams.access.permissions import require_ability
from teams.audit.services import record_event, record_events
from teams.lib import clock
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable

    from datareview.plans.models import Plan
    from datareview.records.models import Measure
    from teams.directory.models import User

BATCH = 200
SETTLED = [
    "state",
    "decision_note",
    "decided_at",
    "decided_by",
    "watch_until",
    "worse_than",
    "worse_of",
    "supporting_plan",
]


# From these a plan begins; a dispute goes on beside it, and its answer no longer brings the candidate back.
BEFORE_A_PLAN = tuple(state for state in Candidate.LIVE if state != Candidate.State.PLAN)


class Decided(DomainError):
    """Another user has decided first; the message says who and what."""


@transaction.atomic
def decide_candidate(
    candidate: Candidate,
    *,
    actor: User,
    state: str,
    note: str = "",
    watch_until: dt.date | None = None,
    worse_than: float | None = None,
    worse_of: Measure | None = None,
    plan: Plan | None = None,
) -> Candidate:
    """Watch a candidate, let them wait for a seat or the answer to a dispute, or take no action; each requires a reason.

    A watch ends on ``watch_until``, or when a newer value is worse than ``worse_than``; ``worse_of`` is the measure that is
    compared, by default that of the first flag. Who is already supported is so by
    a running ``plan`` of theirs, or by whom the reason names.

    Raises Decided, and overwrites nothing, if another user has decided in the meantime.
    """
    require_ability(actor, "triage", candidate.student.school)
    candidate = locked_candidate(candidate)
    if state == Candidate.State.WATCH and worse_than is not None:
        worse_of = worse_of or measure_of(candidate)
        worse_than = check_worse_than(candidate, worse_than, worse_of)
        candidate.worse_of = worse_of
    if state == Candidate.State.SUPPORTED and plan is not None:
        if plan.student_id != candidate.student_id or plan.state != plan.State.ACTIVE:
            raise DomainError(_("Choose a running plan of this student."))
        note = note.strip() or str(plan.strategy)
    return _decide(candidate, actor, state, note, watch_until, worse_than=worse_than, plan=plan)


@transaction.atomic
def settle_candidate(
    candidate: Candidate, *, actor: User, state: str, note: str = "", watch_until: dt.date | None = None
) -> Candidate:
    """Decide as `decide_candidate` does, for a team that discussed the student: the caller checks that ``actor`` may."""
    return _decide(locked_candidate(candidate), actor, state, note, watch_until)


def _decide(
    candidate: Candidate,
    actor: User,
    state: str,
    note: str,
    watch_until: dt.date | None,
    *,
    worse_than: float | None = None,
    plan: Plan | None = None,
) -> Candidate:
    if candidate.state not in Candidate.DECIDABLE:
        raise Decided(_already(candidate))
    _check(candidate.student.school.today(), state, note, watch_until)
    is_watched, is_supported = state == Candidate.State.WATCH, state == Candidate.State.SUPPORTED
    candidate.watch_until = watch_until if is_watched else None
    candidate.worse_than = worse_than if is_watched else None
    candidate.supporting_plan = plan if is_supported else None
    return _settle(candidate, actor, state, note)


@transaction.atomic
def decide_candidates(
    candidates: Iterable[Candidate], *, actor: User, state: str, note: str, watch_until: dt.date | None = None
) -> tuple[int, list[str]]:
    """Decide several candidates; the number of queries does not grow with them.

    Returns the number decided, and a sentence for each that another user decided first. Raises DomainError, with
    nothing decided, if the decision itself is incomplete.
    """
    rows = Candidate.objects.select_for_update(of=("self",), no_key=True)
    whole = rows.select_related("student__school", "decided_by")
    found = list(whole.filter(pk__in=[one.pk for one in candidates]).order_by("pk"))
    for school in {one.student.school for one in found}:
        require_ability(actor, "triage", school)
        _check(school.today(), state, note, watch_until)
    open_ones = [one for one in found if one.state in Candidate.DECIDABLE]
    for one in open_ones:
        one.state, one.decision_note = state, note.strip()[:400]
        one.watch_until = watch_until if state == Candidate.State.WATCH else None
        one.worse_than = one.supporting_plan = None
        one.decided_at, one.decided_by = clock.now(), actor
    Candidate.objects.bulk_update(open_ones, SETTLED, batch_size=BATCH)
    for school in {one.student.school for one in open_ones}:
        theirs = [one for one in open_ones if one.student.school_id == school.pk]
        record_events(actor, f"candidate-{state}", theirs, school=school)
    problems = [f"{one.student}: {_already(one)}" for one in found if one not in open_ones]
    return len(open_ones), problems


@transaction.atomic
def reopen_candidate(candidate: Candidate, *, actor: User) -> Candidate:
    """Take back a decision to watch or to take no action; it stays in the candidate's history.

    A second click changes nothing. Raises DomainError if the student has a newer candidate in the domain.
    """
    candidate = locked_candidate(candidate)
    require_ability(actor, "triage", candidate.student.school)
    if candidate.state in Candidate.DECIDABLE:
        return candidate
    if candidate.state not in Candidate.REOPENABLE or candidate.decided_at is None:
        raise Decided(_already(candidate))
    keep_decision(candidate, actor)
    try:
        with transaction.atomic():
            candidate.save(update_fields=SETTLED)
    except IntegrityError:
        raise DomainError(_("The student has a newer candidate in this area. Decide that one.")) from None
    record_event(actor, "candidate-reopened", candidate, school=candidate.student.school)
    return candidate


@transaction.atomic
def return_from_dispute(candidate: Candidate, *, actor: User) -> None:
    """Let a candidate be decided whose disputed data are answered, unless it was decided otherwise since."""
    candidate = locked_candidate(candidate)
    if candidate.state == Candidate.State.DISPUTED:
        keep_decision(candidate, actor)
        candidate.save(update_fields=SETTLED)
        record_event(actor, "candidate-reopened", candidate, school=candidate.student.school)


@transaction.atomic
def return_to_agenda(candidate: Candidate, *, actor: User, note: str) -> None:
    """Undo the decision of a team that withdraws it, unless the candidate was decided otherwise since."""
    candidate = locked_candidate(candidate)
    if candidate.state in Candidate.REOPENABLE and candidate.decision_note == note.strip()[:400]:
        candidate.watch_until = candidate.worse_than = None
        _settle(candidate, actor, Candidate.State.ON_AGENDA, "")


@transaction.atomic
def reopen_candidates(candidates: Iterable[Candidate], *, actor: User) -> tuple[int, list[str]]:
    """Take back the decisions about several candidates. Returns their number, and a sentence for each that stays decided."""
    done, problems = 0, []
    for candidate in candidates:
        try:
            reopen_candidate(candidate, actor=actor)
            done += 1
        except DomainError as error:
            problems.append(f"{candidate.student}: {error}")
    return done, problems


@transaction.atomic
def mark_on_agenda(candidate: Candidate, *, actor: User) -> Candidate:
    """Mark a candidate as on a team's agenda, unless it is already."""
    candidate = locked_candidate(candidate)
    if candidate.state == Candidate.State.ON_AGENDA:
        return candidate
    if candidate.state not in (Candidate.State.NEW, Candidate.State.WATCH):
        raise Decided(_already(candidate))
    candidate.watch_until = candidate.worse_than = None
    return _settle(candidate, actor, Candidate.State.ON_AGENDA, "")


@transaction.atomic
def mark_plan_started(candidate: Candidate, *, actor: User) -> Candidate:
    """Mark a candidate as having a plan, unless it is settled (no action, cleared)."""
    candidate = locked_candidate(candidate)
    if candidate.state not in BEFORE_A_PLAN:
        return candidate
    candidate.watch_until = candidate.worse_than = candidate.supporting_plan = None
    return _settle(candidate, actor, Candidate.State.PLAN, "")


@transaction.atomic
def mark_plans_started(candidates: Collection[Candidate], *, actor: User) -> None:
    """Mark candidates of one school as having a plan, but for those that are settled (no action, cleared)."""
    rows = Candidate.objects.select_for_update(of=("self",), no_key=True).select_related("student__school")
    found = list(rows.filter(pk__in=[one.pk for one in candidates], state__in=BEFORE_A_PLAN))
    Candidate.objects.filter(pk__in=[one.pk for one in found]).update(
        state=Candidate.State.PLAN,
        decision_note="",
        watch_until=None,
        worse_than=None,
        supporting_plan=None,
        decided_at=clock.now(),
        decided_by=actor,
    )
    if found:
        record_events(actor, "candidate-plan", found, school=found[0].student.school)


def _check(today: dt.date, state: str, note: str, watch_until: dt.date | None) -> None:
    """Raise DomainError if the decision is incomplete."""
    if state not in Candidate.REOPENABLE:
        raise DomainError(_("Choose what is done: watch, wait for a seat, already supported, or no action."))
    if state == Candidate.State.SUPPORTED and not note.strip():
        raise DomainError(_("Say by whom, or choose the plan."))
    if not note.strip():
        raise DomainError(_("Say in a few words why, for the next person who looks."))
    if state == Candidate.State.WATCH and not (
        watch_until and today < watch_until <= today + Candidate.LONGEST_WATCH
    ):
        raise DomainError(_("Choose a day within the next 30 days."))


def keep_decision(candidate: Candidate, actor: User | None) -> ReopenedDecision:
    """Make a candidate new, which is not saved yet, and keep the decision in its history."""
    kept = ReopenedDecision.objects.create(
        candidate=candidate,
        state=candidate.state,
        watch_until=candidate.watch_until,
        worse_than=candidate.worse_than,
        worse_of_id=candidate.worse_of_id,
        note=candidate.decision_note,
        decided_at=candidate.decided_at or clock.now(),
        decided_by=candidate.decided_by,
        reopened_by=actor,
    )
    candidate.state, candidate.decision_note, candidate.watch_until = Candidate.State.NEW, "", None
    candidate.decided_at = candidate.decided_by = candidate.worse_than = candidate.supporting_plan = None
    return kept


def locked_candidate(candidate: Candidate) -> Candidate:
    """The candidate as it is stored now, locked until the transaction ends."""
    rows = Candidate.objects.select_for_update(of=("self",), no_key=True).select_related("student__school")
    return rows.get(pk=candidate.pk)


def _settle(candidate: Candidate, actor: User, state: str, note: str) -> Candidate:
    candidate.state, candidate.decision_note = state, note.strip()[:400]
    candidate.decided_at, candidate.decided_by = clock.now(), actor
    candidate.save(update_fields=SETTLED)
    record_event(actor, f"candidate-{state}", candidate, school=candidate.student.school)
    return candidate


def _already(candidate: Candidate) -> str:
    if candidate.state == Candidate.State.CLEARED:
        return _("Nothing is urgent any more, so there is nothing left to decide.")
    who = candidate.decided_by.short_name if candidate.decided_by else _("Someone else")
    what = candidate.get_state_display().lower()
    if candidate.decision_note:
        what = f"{what} (“{candidate.decision_note}”)"
    return _("%(who)s has already decided: %(what)s.") % {"who": who, "what": what}
