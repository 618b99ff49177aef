"""Log sessions of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from datareview.plans.models import Plan
from datareview.plans.permissions import may_deliver
from datareview.progress.models import Session
from teams.audit.services import record_event
from teams.lib import formats
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection
    from uuid import UUID

    from teams.directory.models import User


@transaction.atomic
def log_session(
    plan: Plan,
    *,
    actor: User,
    held_on: dt.date,
    result: str = Session.Result.HELD,
    minutes: int | None = None,
    fidelity: int | None = None,
    steps: Collection[str] = (),
    note: str = "",
    client_key: UUID | None = None,
) -> Session:
    """Log a session. A double click logs it once; DomainError if the day already has a session.

    ``steps`` are those of the strategy's checklist that were done; without any the checklist counts as not filled in.
    """
    if not may_deliver(actor, plan):
        raise PermissionDenied
    known = Session.objects.filter(plan=plan, client_key=client_key).first() if client_key else None
    if known:
        return known
    if plan.state != Plan.State.ACTIVE:
        raise DomainError(_("This plan has ended, so its sessions are closed."))
    today = plan.student.school.today()
    if held_on > today:
        raise DomainError(_("That day is in the future. Log a session after it was held."))
    if held_on < plan.starts_on:
        raise DomainError(
            _("The plan started later, on %(day)s.") % {"day": formats.short_day(plan.starts_on)}
        )
    _refuse_second(plan, held_on)
    was_held = result == Session.Result.HELD
    checklist = _checklist(plan, steps) if was_held and steps else []
    try:
        with transaction.atomic():
            session = Session.objects.create(
                plan=plan,
                held_on=held_on,
                result=result,
                fidelity=fidelity if was_held else None,
                checklist=checklist,
                note=note.strip(),
                minutes=(plan.minutes if minutes is None else minutes) if was_held else 0,
                logged_by=actor,
                client_key=client_key,
            )
    except IntegrityError:
        if client_key and (known := Session.objects.filter(plan=plan, client_key=client_key).first()):
            return known
        _refuse_second(plan, held_on)
        raise
    record_event(actor, "session-logged", session, school=plan.student.school, plan=str(plan.uuid))
    return session


@transaction.atomic
def remove_session(session: Session, *, actor: User) -> None:
    """Remove a session that was logged by mistake; what it said is kept in the record of changes.

    The plan may have ended, as its delivery can still be put right.
    """
    plan = session.plan
    if not may_deliver(actor, plan):
        raise PermissionDenied
    record_event(
        actor,
        "session-removed",
        session,
        school=plan.student.school,
        plan=str(plan.uuid),
        day=session.held_on.isoformat(),
        result=session.result,
        minutes=session.minutes,
    )
    session.delete()


def _checklist(plan: Plan, steps: Collection[str]) -> list[list[str | bool]]:
    """The checklist of the plan's strategy, with whether each step is among ``steps``."""
    checks = plan.strategy.checks
    if not set(steps) <= set(checks):
        raise DomainError(_("The checklist of the strategy has changed. Fill it in again."))
    return [[text, text in steps] for text in checks]


def _refuse_second(plan: Plan, held_on: dt.date) -> None:
    """Raise DomainError if the day already has a session; the message says what was logged, and by whom."""
    earlier = Session.objects.filter(plan=plan, held_on=held_on).select_related("logged_by").first()
    if earlier is None:
        return
    what = earlier.get_result_display().lower()
    if earlier.minutes:
        what += " " + _("for %(minutes)d minutes") % {"minutes": earlier.minutes}
    if earlier.note:
        what += f" (“{earlier.note}”)"
    raise DomainError(
        _(
            "%(who)s has already logged %(day)s: %(what)s. Each day has one session. What you typed "
            "is still below."
        )
        % {"who": earlier.logged_by.short_name, "day": formats.short_day(held_on), "what": what}
    )
