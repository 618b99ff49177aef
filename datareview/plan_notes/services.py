"""Write a note about a plan or a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from datareview.anecdotes.services.anecdotes import write_anecdote
from datareview.plan_notes.models import PlanNote
from datareview.plans.permissions import plans_visible_to

if TYPE_CHECKING:
    from datareview.anecdotes.services.anecdotes import AnecdoteValues
    from datareview.plans.models import Plan
    from datareview.progress.models import Session
    from teams.directory.models import User


@transaction.atomic
def write_plan_note(
    plan: Plan, *, actor: User, values: AnecdoteValues, session: Session | None = None
) -> PlanNote:
    """Write a note about a plan that the actor may see, or about one of its sessions.

    Raises what `write_anecdote` raises: its readers are people who may see the student.
    """
    if not plans_visible_to(actor).filter(pk=plan.pk).exists():
        raise PermissionDenied
    if session is not None and session.plan_id != plan.pk:
        raise PermissionDenied
    anecdote = write_anecdote(plan.student, actor=actor, values=values)
    return PlanNote.objects.create(anecdote=anecdote, plan=plan, session=session)
