"""Dispute values, answer and withdraw disputes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from datareview.disputes.models import Dispute
from datareview.disputes.permissions import may_answer
from datareview.disputes.queries.values import owner_of, texts_now
from datareview.flags.models import Candidate
from datareview.flags.services.candidates import decide_candidate, return_from_dispute
from datareview.records.models import Student
from datareview.records.permissions import students_visible_to
from datareview.requests.services import answer_day
from teams.audit.services import record_event
from teams.lib import clock
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from datareview.disputes.queries.values import StudentValue
    from teams.directory.models import User


@transaction.atomic
def open_dispute(
    student: Student, value: StudentValue, *, actor: User, what: str, candidate: Candidate | None = None
) -> Dispute:
    """Say that ``value`` of ``student`` is wrong. Its owner is asked to answer within ten school days.

    The decision about ``candidate`` then waits for the answer, also to a dispute that is open already. The same
    person's second click returns the first dispute. Raises DomainError if someone else has disputed the value and no
    candidate waits for it, or without saying what is wrong.
    """
    if not students_visible_to(actor).filter(pk=student.pk).exists():
        raise PermissionDenied
    what = what.strip()
    if not what:
        raise DomainError(_("Say in a few words what is wrong."))
    student = (
        Student.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school")
        .get(pk=student.pk)
    )
    same = Dispute.objects.filter(
        student=student,
        kind=value.kind,
        measure=value.measure,
        section=value.section,
        incident=value.incident,
        day=value.day,
        state=Dispute.State.OPEN,
    )
    if earlier := same.select_related("asked_by").first():
        if candidate and earlier.candidate_id is None:
            earlier.candidate = candidate
            earlier.save(update_fields=["candidate"])
            decide_candidate(candidate, actor=actor, state=Candidate.State.DISPUTED, note=what)
            return earlier
        if earlier.asked_by_id == actor.pk:
            return earlier
        raise DomainError(
            _("%(who)s has already said that this value is wrong: “%(what)s”")
            % {"who": earlier.asked_by.short_name, "what": earlier.what}
        )
    today = student.school.today()
    dispute = Dispute.objects.create(
        student=student,
        kind=value.kind,
        measure=value.measure,
        section=value.section,
        incident=value.incident,
        day=value.day,
        value=value.text[:80],
        what=what[:400],
        candidate=candidate,
        owner=owner_of(value, student),
        asked_by=actor,
        asked_on=today,
        answer_by=answer_day(student.school, today),
    )
    if candidate:
        decide_candidate(candidate, actor=actor, state=Candidate.State.DISPUTED, note=what)
    record_event(actor, "dispute-opened", dispute, school=student.school, student=str(student.uuid))
    return dispute


@transaction.atomic
def answer_dispute(dispute: Dispute, *, actor: User, state: str, answer: str = "") -> Dispute:
    """Answer that the value was corrected, or is right because of ``answer``. A second click changes nothing.

    Raises DomainError if it is still stored as disputed although it was corrected, or is right without a reason.
    """
    dispute = _locked(dispute)
    if not may_answer(actor, dispute):
        raise PermissionDenied
    if dispute.state != Dispute.State.OPEN:
        if (dispute.state, dispute.answered_by_id) == (state, actor.pk):
            return dispute
        raise DomainError(
            _("This is settled already: %(state)s.") % {"state": dispute.get_state_display().lower()}
        )
    if state == Dispute.State.CORRECTED and dispute.value in texts_now(dispute):
        raise DomainError(
            _("The value is still %(value)s. Correct it first, or say why it is right.")
            % {"value": dispute.value}
        )
    if state == Dispute.State.RIGHT and not answer.strip():
        raise DomainError(_("Say why the value is right, for who asked."))
    if state not in (Dispute.State.CORRECTED, Dispute.State.RIGHT):
        raise DomainError(_("Choose whether the value was corrected or is right."))
    return _settle(dispute, actor, state, answer)


@transaction.atomic
def withdraw_dispute(dispute: Dispute, *, actor: User) -> Dispute:
    """Take back that a value is wrong. A second click changes nothing."""
    dispute = _locked(dispute)
    if dispute.asked_by_id != actor.pk:
        raise PermissionDenied
    if dispute.state == Dispute.State.WITHDRAWN:
        return dispute
    if dispute.state != Dispute.State.OPEN:
        raise DomainError(
            _("This is settled already: %(state)s.") % {"state": dispute.get_state_display().lower()}
        )
    return _settle(dispute, actor, Dispute.State.WITHDRAWN, "")


def _locked(dispute: Dispute) -> Dispute:
    rows = Dispute.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("student__school", "measure", "incident", "candidate").get(pk=dispute.pk)


def _settle(dispute: Dispute, actor: User, state: str, answer: str) -> Dispute:
    dispute.state, dispute.answer = state, answer.strip()[:400]
    dispute.answered_by, dispute.answered_at = actor, clock.now()
    dispute.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    candidate = dispute.candidate
    if candidate and not candidate.disputes.filter(state=Dispute.State.OPEN).exists():
        return_from_dispute(candidate, actor=actor)
    record_event(actor, f"dispute-{state}", dispute, school=dispute.student.school)
    return dispute
