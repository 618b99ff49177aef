"""Notes about a plan that a reader may read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datareview.anecdotes.permissions import anecdotes_readable_by
from datareview.anecdotes.queries import AnecdoteLine
from datareview.plan_notes.models import PlanNote

if TYPE_CHECKING:
    import datetime as dt

    from datareview.plans.models import Plan
    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note, and the day of the session it is about (None: the whole plan)."""

    line: AnecdoteLine
    session_on: dt.date | None


def plan_notes_of(user: User, plan: Plan) -> list[NoteLine]:
    """Notes about ``plan``, which the user may see, that they may read, newest first; one query."""
    readable = anecdotes_readable_by(user).filter(student=plan.student_id)
    rows = PlanNote.objects.filter(plan=plan, anecdote__in=readable.values("pk"))
    return [
        NoteLine(
            AnecdoteLine(one.anecdote, one.anecdote.author_id == user.pk),
            one.session.held_on if one.session else None,
        )
        for one in rows.select_related("anecdote__author", "anecdote__skill", "session")
    ]
