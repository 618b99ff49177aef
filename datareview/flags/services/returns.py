"""Candidates that come back by themselves: a value is worse than stated, or the plan that supported them has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.flags.models import Candidate
from datareview.flags.queries.concerns import concerns_of
from datareview.flags.services.candidates import SETTLED, keep_decision, locked_candidate
from teams.audit.services import record_event

if TYPE_CHECKING:
    import datetime as dt

    from datareview.trends.models import TrendScope


def return_candidates(scope: TrendScope, *, as_of: dt.date) -> int:
    """Let candidates of ``scope`` be decided again whose watch or support is over. Returns their number."""
    rows = Candidate.objects.filter(student__in=scope.students()).select_related("student__school")
    watched = list(rows.filter(state=Candidate.State.WATCH).exclude(worse_than=None))
    concerns = concerns_of(watched, as_of) if watched else {}
    back = []
    for candidate in watched:
        # When it was decided the newest value was not worse: a worse one is news, also if it was taken earlier.
        newest = concerns[candidate.pk].newest
        if newest is not None and concerns[candidate.pk].is_worse(newest, candidate.worse_than or 0.0):
            candidate.is_requested = True
            back.append(candidate)
    back += rows.filter(state=Candidate.State.SUPPORTED, supporting_plan__state="ended")
    return sum(_return(candidate) for candidate in back)


def _return(seen: Candidate) -> bool:
    """Let a candidate be decided again, unless somebody has decided otherwise meanwhile."""
    candidate = locked_candidate(seen)
    if (candidate.state, candidate.decided_at) != (seen.state, seen.decided_at):
        return False
    candidate.is_requested = seen.is_requested
    keep_decision(candidate, None)
    candidate.save(update_fields=["is_requested", *SETTLED])
    record_event(None, "candidate-returned", candidate, school=candidate.student.school)
    return True
