"""Compute the results of decisions, and record how far they were carried out and whether they worked."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from collab.agendas.models import AgendaItem
from collab.decisions.models import Decision
from collab.decisions.permissions import may_check
from collab.decisions.queries.cohorts import values_after
from collab.meetings.models import EventKind, Meeting, Region
from collab.meetings.services.locking import announce, lock_meeting
from teams.audit.services import record_event
from teams.jobs.services.batches import run_each
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from teams.directory.models import User

STILL_ARRIVING = dt.timedelta(days=14)  # scores are entered or imported after their day


def check_decisions(day: dt.date | None = None) -> int:
    """Compute results of decisions whose check date has come. Returns the number of new or changed results.

    Scores often arrive late, so a result is recomputed for two weeks, unless the team has discussed it:
    results in minutes must not change.
    """
    discussed = AgendaItem.objects.filter(topic__decision=OuterRef("pk"), state=AgendaItem.State.DONE)
    measured = Q(measure__isnull=False) | ~Q(gauge="")
    rows = Decision.objects.filter(measured, check_on__isnull=False)
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
    if not decision.is_measured or decision.check_on is None or decision.baseline_on is None:
        return decision
    start = dict(decision.students.values_list("student_id", "baseline"))
    now = values_after(decision, list(start))
    found = paired_change(
        np.array([np.nan if value is None else value for value in start.values()]),
        np.array([now.get(pk, np.nan) for pk in start]),
        target=decision.target,
        higher_is_better=decision.higher_is_better,
    )
    decision.result, decision.result_on = asdict(found), decision.check_on
    decision.save(update_fields=["result", "result_on"])
    return decision


@transaction.atomic
def record_check(decision: Decision, *, actor: User, done_as: str = "", judged: str = "") -> Decision:
    """Record how far a decision was carried out (``done_as``), or whether it worked (``judged``). Empty changes nothing.

    Whether a measured decision worked is computed from the data, so that nobody can say it.
    """
    live = Meeting.objects.filter(team=decision.item.topic.team_id, state=Meeting.State.LIVE).first()
    live = lock_meeting(live) if live else None
    rows = Decision.objects.select_for_update(of=("self",), no_key=True)
    decision = rows.select_related("item__topic__team__school").get(pk=decision.pk)
    if not may_check(actor, decision):
        raise PermissionDenied
    if done_as not in ("", *Decision.DoneAs.values) or judged not in ("", *Decision.Effect.values):
        raise DomainError(_("Choose one of the answers."))
    if judged and decision.is_measured:
        raise DomainError(_("The data say whether this decision worked."))
    said = {name: value for name, value in {"done_as": done_as, "judged": judged}.items() if value}
    changed: dict[str, Any] = {
        name: value for name, value in said.items() if getattr(decision, name) != value
    }
    if not changed:
        return decision
    for name, value in changed.items():
        setattr(decision, name, value)
    decision.save(update_fields=list(changed))
    record_event(actor, "checked-decision", decision, school=decision.item.topic.team.school, **changed)
    if live and live.state == Meeting.State.LIVE:
        announce(live, actor=actor, kind=EventKind.CHECKED, region=Region.ITEM)
    return decision
