"""Who may see which student work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from collab.agendas.permissions import items_visible_to
from collab.student_work.models import StudentWork
from teams.access.conditions import one_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def work_visible_to(user: User) -> QuerySet[StudentWork]:
    """Pieces on items of meetings that the user may read; before a piece is shown, those that the user uploaded."""
    rows = StudentWork.objects.filter(one_of(items_visible_to(user), "item")).exclude(item__meeting=None)
    return rows.filter(Q(state=StudentWork.State.SHOWN) | Q(uploaded_by=user))


def own_work(user: User) -> QuerySet[StudentWork]:
    """Pieces that the user uploaded, on items that they may still read."""
    return work_visible_to(user).filter(uploaded_by=user)
