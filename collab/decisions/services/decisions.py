"""Record and withdraw decisions, and vote on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collab.agendas.queries.subjects import student_of
from collab.agendas.services.locking import authorize_and_lock
from collab.decisions.models import Decision, DecisionStudent, FistToFive
from collab.decisions.queries.cohorts import (
    NAMED,
    decision_cohorts,
    nameable_students,
    students_in,
    values_before,
)
from collab.decisions.queries.decisions import keeping
from collab.meetings.models import EventKind, Region
from collab.meetings.permissions import may_run
from collab.meetings.services.locking import announce
from datareview.flags.services.candidates import return_to_agenda, settle_candidate
from datareview.trends.queries.period_values import FOUR_WEEKS
from teams.audit.services import record_event
from teams.lib import formats
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection
    from uuid import UUID

    from collab.agendas.models import AgendaItem
    from collab.meetings.models import Meeting
    from datareview.records.models import Measure, Student
    from teams.directory.models import User


@transaction.atomic
def decide(
    item: AgendaItem,
    *,
    actor: User,
    text: str,
    check_on: dt.date | None,
    client_key: UUID,
    measure: Measure | None = None,
    gauge: str = "",
    cohort: str = "",
    named: Collection[Student] = (),
    target: float | None = None,
    student_next: str = "",
) -> Decision:
    """Record a decision on ``item``. The same ``client_key`` again returns the same decision.

    ``student_next`` also settles the candidates that the item is about: "watch" until ``check_on``, or "no_action".

    With a ``measure`` or a ``gauge``, its baseline is computed from the last values of the students in ``cohort``: a key
    of `decision_cohorts`, where "named" stands for the students ``named``, or "student" for the item's student.
    """
    meeting = authorize_and_lock(item, actor)
    known = Decision.objects.filter(client_key=client_key, decided_by=actor).first()
    if known:
        return known
    if check_on and check_on < meeting.team.school.today():
        raise DomainError(_("The check date has passed. Choose a later one."))
    if (measure or gauge) and check_on is None:
        raise DomainError(_("Choose a date to check this decision."))
    decision = Decision.objects.create(
        item=item,
        text=text,
        check_on=check_on,
        measure=measure,
        gauge="" if measure else gauge,
        decided_by=actor,
        client_key=client_key,
    )
    if decision.is_measured:
        _take_baseline(decision, meeting, actor, cohort=cohort, named=named, target=target)
    if student_next and item.topic.candidate:
        if not may_run(actor, meeting):
            raise PermissionDenied
        open_ones = [one for one in item.topic.candidates if one.state in one.DECIDABLE]
        for candidate in open_ones or [item.topic.candidate]:
            settle_candidate(candidate, actor=actor, state=student_next, note=text, watch_until=check_on)
    announce(meeting, actor=actor, kind=EventKind.DECIDED, region=Region.DECISIONS)
    record_event(actor, "decided", decision, school=meeting.team.school, meeting=str(meeting.uuid))
    return decision


@transaction.atomic
def check_again(item: AgendaItem, *, actor: User, check_on: dt.date, client_key: UUID) -> Decision:
    """Keep the decision that ``item`` checks, until another check on ``check_on``.

    It is a decision of this meeting with the same words, measure and students; they are compared with what they had at
    first. The result of this check stays as it is in these minutes. An item keeps its decision once.
    """
    meeting = authorize_and_lock(item, actor)
    before = item.topic.decision
    if before is None:
        raise DomainError(_("This item checks no decision."))
    kept = keeping(item, item.decisions.select_related("decided_by"))
    if kept and kept.check_on and kept.client_key != client_key:
        raise DomainError(
            _("%(who)s has kept it already, until %(day)s. For another day, retract that first.")
            % {"who": kept.decided_by, "day": formats.day(kept.check_on)}
        )
    decision = decide(item, actor=actor, text=before.text, check_on=check_on, client_key=client_key)
    announce(meeting, actor=actor, kind=EventKind.CHECKED, region=Region.ITEM)
    if before.baseline_on is None or decision.baseline_on is not None:
        return decision
    for name in ("measure_id", "gauge", "cohort", "target", "baseline", "baseline_n", "baseline_on"):
        setattr(decision, name, getattr(before, name))
    decision.save()
    DecisionStudent.objects.bulk_create(
        DecisionStudent(decision=decision, student_id=one.student_id, baseline=one.baseline)
        for one in before.students.all()
    )
    return decision


@transaction.atomic
def withdraw_decision(decision: Decision, *, actor: User) -> None:
    """Withdraw a decision during the meeting. The audit log keeps its text."""
    meeting = authorize_and_lock(decision.item, actor)
    if not may_run(actor, meeting):
        raise PermissionDenied
    record_event(actor, "withdrew", decision, school=meeting.team.school, detail={"said": decision.text})
    for candidate in decision.item.topic.candidates:
        return_to_agenda(candidate, actor=actor, note=decision.text)
    decision.delete()
    announce(meeting, actor=actor, kind=EventKind.WITHDREW, region=Region.DECISIONS)
    if decision.item.topic.decision_id:  # the item no longer says that it is kept
        announce(meeting, actor=actor, kind=EventKind.WITHDREW, region=Region.ITEM)


def _take_baseline(
    decision: Decision,
    meeting: Meeting,
    actor: User,
    *,
    cohort: str,
    named: Collection[Student],
    target: float | None,
) -> None:
    """Fix the students of a measured decision, with their values today."""
    measure, today = decision.measure, meeting.team.school.today()
    if measure and measure.school_id != meeting.team.school_id:
        raise PermissionDenied
    ids, name = _students(decision, meeting, actor, cohort=cohort, named=named)
    if not ids:
        raise DomainError(_("That group has no students now. Choose other students."))
    values = values_before(decision, ids, today)
    if not values:
        raise DomainError(
            _("None of these students has a score on %(measure)s in the last four months.")
            % {"measure": decision.measured_by}
        )
    if target is not None:
        _check_target(decision, target)
    decision.cohort, decision.target = name[:200], target
    decision.baseline = sum(values.values()) / len(values)
    decision.baseline_n, decision.baseline_on = len(values), today
    decision.save()
    DecisionStudent.objects.bulk_create(
        DecisionStudent(decision=decision, student_id=pk, baseline=values.get(pk)) for pk in ids
    )


def _students(
    decision: Decision, meeting: Meeting, actor: User, *, cohort: str, named: Collection[Student]
) -> tuple[list[int], str]:
    """The ids of the decision's students, and what they are called together."""
    if cohort == "student" and (student := student_of(decision.item)):
        return [student.pk], student.full_name
    if cohort == NAMED:
        rows = nameable_students(actor, meeting.team).filter(pk__in=[one.pk for one in named])
        people = list(rows)
        count = ngettext("%(n)s student chosen by name", "%(n)s students chosen by name", len(people))
        return [one.pk for one in people], count % {"n": formats.number(len(people))}
    ids = students_in(meeting.team, cohort, decision.measure)
    return ids, dict(decision_cohorts(meeting.team)).get(cohort, "")


def _check_target(decision: Decision, target: float) -> None:
    """Raise DomainError if the mean can never reach the target."""
    low, high = 0.0, 100.0
    if decision.measure:
        low, high = decision.measure.scale_min, decision.measure.scale_max
    elif decision.gauge == Decision.Gauge.INCIDENTS:
        high = FOUR_WEEKS
    if not low <= target <= high:
        raise DomainError(
            _("The target is outside the scale of %(measure)s (%(low)s to %(high)s).")
            % {
                "measure": decision.measured_by,
                "low": formats.number(low),
                "high": formats.number(high),
            }
        )


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
