"""Record and withdraw decisions, vote on them, and compute their results."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from collab.agendas.models import AgendaItem
from collab.agendas.queries.subjects import student_of
from collab.agendas.services.locking import authorize_and_lock
from collab.decisions.models import Decision, DecisionStudent, FistToFive
from collab.meetings.models import EventKind, Region
from collab.meetings.permissions import may_run
from collab.meetings.services.locking import announce
from datareview.flags.services.candidates import return_to_agenda, settle_candidate
from datareview.trends.queries.cohort_scores import cohort_choices, last_scores, team_cohort
from teams.audit.services import record_event
from teams.jobs.services.batches import run_each
from teams.lib import formats
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from collab.meetings.models import Meeting
    from datareview.records.models import Measure
    from teams.directory.models import User

STILL_ARRIVING = dt.timedelta(days=14)  # scores are entered or imported after their day


@transaction.atomic
def decide(
    item: AgendaItem,
    *,
    actor: User,
    text: str,
    check_on: dt.date | None,
    client_key: UUID,
    measure: Measure | None = None,
    cohort: str = "",
    target: float | None = None,
    student_next: str = "",
) -> Decision:
    """Record a decision on ``item``. The same ``client_key`` again returns the same decision.

    ``student_next`` also settles the candidate that the item is about: "watch" until ``check_on``, or "no_action".

    With a ``measure``, its baseline is computed from the last scores of the students in ``cohort`` (a key of
    `cohort_choices`, or "student" for the item's student).
    """
    meeting = authorize_and_lock(item, actor)
    known = Decision.objects.filter(client_key=client_key, decided_by=actor).first()
    if known:
        return known
    if check_on and check_on < meeting.team.school.today():
        raise DomainError(_("The check date has passed. Choose a later one."))
    if measure and check_on is None:
        raise DomainError(_("Choose a date to check this decision."))
    decision = Decision.objects.create(
        item=item, text=text, check_on=check_on, decided_by=actor, client_key=client_key
    )
    if measure:
        _take_baseline(decision, meeting, measure=measure, cohort=cohort, target=target)
    if student_next and item.topic.candidate:
        if not may_run(actor, meeting):
            raise PermissionDenied
        settle_candidate(
            item.topic.candidate, actor=actor, state=student_next, note=text, watch_until=check_on
        )
    announce(meeting, actor=actor, kind=EventKind.DECIDED, region=Region.DECISIONS)
    record_event(actor, "decided", decision, school=meeting.team.school, meeting=str(meeting.uuid))
    return decision


@transaction.atomic
def withdraw_decision(decision: Decision, *, actor: User) -> None:
    """Withdraw a decision during the meeting. The audit log keeps its text."""
    meeting = authorize_and_lock(decision.item, actor)
    if not may_run(actor, meeting):
        raise PermissionDenied
    record_event(actor, "withdrew", decision, school=meeting.team.school, detail={"said": decision.text})
    if decision.item.topic.candidate:
        return_to_agenda(decision.item.topic.candidate, actor=actor, note=decision.text)
    decision.delete()
    announce(meeting, actor=actor, kind=EventKind.WITHDREW, region=Region.DECISIONS)


def _take_baseline(
    decision: Decision, meeting: Meeting, *, measure: Measure, cohort: str, target: float | None
) -> None:
    if measure.school_id != meeting.team.school_id:
        raise PermissionDenied
    today = meeting.team.school.today()
    student = student_of(decision.item)
    if cohort == "student" and student:
        ids, name = [student.pk], student.full_name
    else:
        ids = list(team_cohort(meeting.team, cohort, measure).values_list("pk", flat=True))
        name = dict(cohort_choices(meeting.team)).get(cohort, "")
    if not ids:
        raise DomainError(_("That group has no students now. Choose other students."))
    scores = last_scores(ids, measure, until=today)
    if not scores:
        raise DomainError(
            _("None of these students has a score on %(measure)s in the last four months.")
            % {"measure": measure}
        )
    if target is not None and not measure.scale_min <= target <= measure.scale_max:
        raise DomainError(
            _("The target is outside the scale of %(measure)s (%(low)s to %(high)s).")
            % {
                "measure": measure,
                "low": formats.number(measure.scale_min),
                "high": formats.number(measure.scale_max),
            }
        )
    decision.measure, decision.cohort, decision.target = measure, name[:200], target
    decision.baseline = sum(scores.values()) / len(scores)
    decision.baseline_n, decision.baseline_on = len(scores), today
    decision.save()
    DecisionStudent.objects.bulk_create(
        DecisionStudent(decision=decision, student_id=pk, baseline=scores.get(pk)) for pk in ids
    )


def check_decisions(day: dt.date | None = None) -> int:
    """Compute results of decisions whose check date has come. Returns the number of new or changed results.

    Scores often arrive late, so a result is recomputed for two weeks, unless the team has discussed it:
    results in minutes must not change.
    """
    discussed = AgendaItem.objects.filter(topic__decision=OuterRef("pk"), state=AgendaItem.State.DONE)
    rows = Decision.objects.filter(check_on__isnull=False, measure__isnull=False)
    rows = rows.filter(Q(result__isnull=True) | ~Exists(discussed))

    def check(decision: Decision) -> bool:
        today = day or decision.item.topic.team.school.today()
        if decision.check_on is None or decision.check_on > today:
            return False
        if decision.result is not None and today > decision.check_on + STILL_ARRIVING:
            return False
        return check_decision(decision).result != decision.result

    rows = rows.select_related("measure", "item__topic__team__school")
    return run_each("collab.check_decisions", rows, check, about=lambda decision: decision.item.topic.team)


@transaction.atomic
def check_decision(decision: Decision) -> Decision:
    """Compute a decision's result for its original students, from scores since its baseline."""
    import numpy as np

    from datareview.analysis.paired import paired_change

    decision = (
        Decision.objects.select_for_update(of=("self",), no_key=True)
        .select_related("measure")
        .get(pk=decision.pk)
    )
    if decision.measure is None or decision.check_on is None or decision.baseline_on is None:
        return decision
    start = dict(decision.students.values_list("student_id", "baseline"))
    now = last_scores(list(start), decision.measure, until=decision.check_on, after=decision.baseline_on)
    found = paired_change(
        np.array([np.nan if value is None else value for value in start.values()]),
        np.array([now.get(pk, np.nan) for pk in start]),
        target=decision.target,
        higher_is_better=decision.measure.higher_is_better,
    )
    decision.result, decision.result_on = asdict(found), decision.check_on
    decision.save(update_fields=["result", "result_on"])
    return decision


@transaction.atomic
def cast_consensus_vote(decision: Decision, *, actor: User, fingers: int) -> FistToFive:
    """Cast a fist-to-five vote, 0 to 5. A new vote replaces the actor's earlier one."""
    meeting = authorize_and_lock(decision.item, actor)
    if not 0 <= fingers <= 5:
        raise DomainError(_("Choose zero to five fingers."))
    vote, _new = FistToFive.objects.update_or_create(
        decision=decision, user=actor, defaults={"fingers": fingers}
    )
    announce(meeting, actor=actor, kind=EventKind.VOTED, region=Region.DECISIONS)
    return vote
