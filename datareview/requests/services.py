"""Ask for assistance with a student, and withdraw a request."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from datareview.flags.models import Candidate, Flag, ReopenedDecision, Severity
from datareview.flags.queries.flags import in_each_language
from datareview.flags.services.candidates import SETTLED, keep_decision, locked_candidate
from datareview.requests.models import AssistanceRequest
from datareview.requests.permissions import students_to_ask_for
from teams.access.permissions import can
from teams.audit.services import record_event
from teams.directory.queries.days import closed_days
from teams.lib import clock
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from datareview.records.models import Student
    from teams.directory.models import School, User

SCHOOL_DAYS = 10  # within which a request is answered
LONGEST_HOLIDAYS = 100  # days


@transaction.atomic
def request_assistance(
    student: Student,
    *,
    actor: User,
    domain: str,
    worry: str,
    asker: str = AssistanceRequest.Asker.STAFF,
    since: str = "",
    tried: str = "",
    strengths: str = "",
) -> AssistanceRequest:
    """Ask for assistance with ``student``, who comes to the triage list or is there already.

    The same request again returns the first. Raises DomainError if it does not say what worries.
    """
    if not students_to_ask_for(actor).filter(pk=student.pk).exists():
        raise PermissionDenied
    worry = worry.strip()
    if not worry:
        raise DomainError(_("Say in a sentence or two what worries you."))
    today = student.school.today()
    same = AssistanceRequest.objects.filter(
        student=student, asked_by=actor, domain=domain, worry=worry, asked_on=today, withdrawn_on=None
    ).first()
    if same:
        return same
    try:
        with transaction.atomic():
            reasons = in_each_language(lambda: _("Someone asked for help."))
            candidate, watch = raise_candidate(student, domain, actor=actor, reasons=reasons, on=today)
    except IntegrityError:
        raise DomainError(_("Someone asked at the same moment. Please try again.")) from None
    request = AssistanceRequest.objects.create(
        student=student,
        candidate=candidate,
        domain=domain,
        asker=asker,
        worry=worry,
        watch_ended=watch,
        since=since.strip(),
        tried=tried.strip(),
        strengths=strengths.strip(),
        asked_by=actor,
        asked_on=today,
        answer_by=answer_day(student.school, today),
    )
    record_event(actor, "assistance-requested", request, school=student.school, student=str(student.uuid))
    return request


@transaction.atomic
def withdraw_request(request: AssistanceRequest, *, actor: User) -> AssistanceRequest:
    """Withdraw a request. A candidate that only it has raised, and no one has decided, leaves the triage list.

    One that was watched before is watched again, if the day has not come.
    """
    rows = AssistanceRequest.objects.select_for_update(of=("self",), no_key=True)
    request = rows.select_related("candidate", "student__school").get(pk=request.pk)
    school = request.student.school
    if request.asked_by_id != actor.pk and not can(actor, "triage", school):
        raise PermissionDenied
    if request.withdrawn_on:
        return request
    request.withdrawn_on = school.today()
    request.save(update_fields=["withdrawn_on"])
    if not request.candidate.requests.filter(withdrawn_on=None).exists():
        ended = request.candidate.requests.exclude(watch_ended=None).order_by("-pk").first()
        clear_candidate(request.candidate, watch=ended.watch_ended if ended else None)
    record_event(actor, "assistance-withdrawn", request, school=school)
    return request


def answer_day(school: School, asked_on: dt.date) -> dt.date:
    """The school day by which a request of ``asked_on`` is answered."""
    closed = closed_days([school.pk], asked_on, asked_on + dt.timedelta(days=LONGEST_HOLIDAYS))
    days = (asked_on + dt.timedelta(days=ahead) for ahead in range(1, LONGEST_HOLIDAYS))
    open_days = [day for day in days if day.weekday() < 5 and day not in closed]
    return open_days[SCHOOL_DAYS - 1] if len(open_days) >= SCHOOL_DAYS else asked_on + dt.timedelta(weeks=2)


@transaction.atomic
def raise_candidate(
    student: Student, domain: str, *, actor: User, reasons: dict[str, str], on: dt.date
) -> tuple[Candidate, ReopenedDecision | None]:
    """Put a student on the triage list because someone asked, or find the candidate that is there.

    One that was set aside is new again, as somebody asks in spite of that; a decision to watch is returned with it. The
    caller records who asked.
    """
    rows = Candidate.objects.select_for_update(of=("self",), no_key=True)
    candidate = rows.filter(student=student, domain=domain, state__in=Candidate.LIVE).first()
    if candidate is None:
        candidate = Candidate.objects.create(
            student=student,
            domain=domain,
            severity=Severity.ACT,
            reason=reasons[student.school.language],
            reasons=reasons,
            raised_on=on,
            is_requested=True,
        )
        return candidate, None
    candidate.is_requested = True
    before = candidate.state
    kept = keep_decision(candidate, actor) if before in Candidate.SET_ASIDE else None
    candidate.save(update_fields=["is_requested", *SETTLED])
    return candidate, kept if before == Candidate.State.WATCH else None


@transaction.atomic
def clear_candidate(candidate: Candidate, *, watch: ReopenedDecision | None = None) -> None:
    """Take back that someone asked: a new candidate is watched as before, if asking ended the ``watch``.

    Otherwise it is cleared if no flag is open. Others are as flags make them.
    """
    candidate = locked_candidate(candidate)
    candidate.is_requested = False
    has_flag = candidate.flags.filter(state=Flag.State.OPEN).exists()
    if candidate.state == Candidate.State.NEW and watch and _still_runs(watch, candidate):
        candidate.state, candidate.decision_note = watch.state, watch.note
        candidate.watch_until = watch.watch_until
        candidate.worse_than, candidate.worse_of = watch.worse_than, watch.worse_of
        candidate.decided_at, candidate.decided_by = watch.decided_at, watch.decided_by
        watch.delete()
    elif candidate.state == Candidate.State.NEW and not has_flag:
        candidate.state, candidate.decided_at = Candidate.State.CLEARED, clock.now()
    candidate.save(update_fields=["is_requested", *SETTLED])


def _still_runs(watch: ReopenedDecision, candidate: Candidate) -> bool:
    return watch.watch_until is None or watch.watch_until > candidate.student.school.today()
