"""Log the session of a group in one go."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from datareview.delivery.models import GroupNote
from datareview.delivery.permissions import may_lead
from datareview.delivery.queries.sessions import note_of, plans_on, session_version
from datareview.hand_scores.services import enter_scores
from datareview.progress.models import Session
from teams.audit.services import record_event, record_events
from teams.lib import formats
from teams.lib.errors import DomainError, StaleEdit

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping, Sequence

    from datareview.hand_scores.services import NewScore
    from datareview.plans.models import Plan, PlanGroup
    from teams.directory.models import User

FIELDS = ["result", "minutes", "checklist", "note", "logged_by"]


@transaction.atomic
def log_group_session(
    group: PlanGroup,
    *,
    actor: User,
    held_on: dt.date,
    results: Mapping[int, str],
    minutes: int | None = None,
    steps: Collection[str] = (),
    notes: Mapping[int, str] = MappingProxyType({}),
    group_note: str = "",
    scores: Sequence[NewScore] = (),
    seen: str = "",
) -> list[Session]:
    """Log the session of ``held_on`` for all members, or correct what was logged; a constant number of queries.

    ``results`` maps plan ids to a result, or "" for no session; ``steps`` are those of the checklist that were done.
    ``notes`` maps plan ids to what is about that student; ``group_note`` is about the session, and stays with the group.
    ``scores`` are entered with it. A day that was not planned is a session made up. Raises StaleEdit if ``seen`` is not
    the version stored now, DomainError for a day that cannot be, and what `enter_scores` raises.
    """
    if not may_lead(actor, group):
        raise PermissionDenied
    _check_day(group, held_on)
    if not set(steps) <= set(group.strategy.checks):
        raise DomainError(_("The checklist of the strategy has changed. Fill it in again."))
    plans = {plan.pk: plan for plan in plans_on(group, held_on)}
    if not plans.keys() >= results.keys():
        raise DomainError(_("The members of the group have changed. Look who is in it now."))
    rows = Session.objects.filter(plan__in=plans, held_on=held_on).select_for_update(no_key=True)
    stored = {one.plan_id: one for one in rows}
    _refuse_stale(stored, plans, seen, note_of(group, held_on))
    checklist = [[text, text in steps] for text in group.strategy.checks] if steps else []
    wanted = {
        pk: Session(
            plan=plans[pk],
            held_on=held_on,
            result=result,
            minutes=(group.minutes if minutes is None else minutes) if result == Session.Result.HELD else 0,
            checklist=checklist if result == Session.Result.HELD else [],
            note=notes.get(pk, "").strip(),
            logged_by=actor,
        )
        for pk, result in results.items()
        if result
    }
    _keep_note(group, held_on, group_note.strip(), actor)
    kept = _store(stored, wanted, {pk for pk, result in results.items() if not result}, group, actor)
    if scores:
        enter_scores(scores, group.measure, actor=actor, taken_on=held_on)
    return kept


def _check_day(group: PlanGroup, held_on: dt.date) -> None:
    if group.ended_on and held_on >= group.ended_on:
        raise DomainError(_("This group has ended."))
    if held_on > group.school.today():
        raise DomainError(_("That day is in the future. Log a session after it was held."))
    if held_on < group.starts_on:
        raise DomainError(
            _("The group started later, on %(day)s.") % {"day": formats.short_day(group.starts_on)}
        )


def _keep_note(group: PlanGroup, held_on: dt.date, text: str, actor: User) -> None:
    """Write, change or remove what the group did on that day."""
    if text == note_of(group, held_on):
        return
    rows = GroupNote.objects.filter(group=group, held_on=held_on)
    if text:
        rows.update_or_create(group=group, held_on=held_on, defaults={"text": text, "written_by": actor})
    else:
        rows.delete()
    record_event(actor, "group-note-changed", group, school=group.school, day=held_on.isoformat())


def _in_words(session: Session) -> str:
    result = str(session.get_result_display())
    return f"{result} (“{session.note}”)" if session.note else result


def _refuse_stale(stored: Mapping[int, Session], plans: Mapping[int, Plan], seen: str, note: str) -> None:
    if session_version(stored.values(), note) == seen:
        return
    theirs = ", ".join(f"{plans[pk].student}: {_in_words(one)}" for pk, one in stored.items())
    if note:
        theirs = f"{theirs} (“{note}”)".strip()
    raise StaleEdit(
        _("Someone has logged this session meanwhile (%(theirs)s). Yours is below; saving replaces theirs.")
        % {"theirs": theirs or _("nothing")},
        current=theirs,
    )


def _store(
    stored: dict[int, Session], wanted: dict[int, Session], gone: set[int], group: PlanGroup, actor: User
) -> list[Session]:
    """Create, correct and remove sessions, each with its record of changes. Returns those stored now."""
    changed = []
    for pk, new in wanted.items():
        old = stored.get(pk)
        if old and session_version([old]) != session_version([new]):
            for name in FIELDS:
                setattr(old, name, getattr(new, name))
            changed.append(old)
    removed = [one for pk, one in stored.items() if pk in gone]
    record_events(actor, "session-removed", removed, school=group.school, group=str(group.uuid))
    Session.objects.filter(pk__in=[one.pk for one in removed]).delete()
    Session.objects.bulk_update(changed, FIELDS)
    record_events(actor, "session-corrected", changed, school=group.school, group=str(group.uuid))
    try:
        with transaction.atomic():
            made = Session.objects.bulk_create(one for pk, one in wanted.items() if pk not in stored)
    except IntegrityError:
        raise DomainError(
            _("Someone has logged this session at the same moment. Please try again.")
        ) from None
    record_events(actor, "session-logged", made, school=group.school, group=str(group.uuid))
    return [*made, *(one for pk, one in stored.items() if pk in wanted)]
