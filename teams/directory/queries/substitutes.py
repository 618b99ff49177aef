"""Who stands in for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from teams.directory.models import Substitution

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from teams.directory.models import Staff


def substitutions_for(staff_ids: Iterable[int], day: dt.date) -> list[Substitution]:
    """Substitutions in force on ``day`` for the people with these ids, with the names of both."""
    rows = Substitution.objects.active(day).filter(replaced__in=list(staff_ids))
    return list(rows.select_related("replaced__user", "substitute__user"))


def substitutions_with(staff: Staff) -> list[Substitution]:
    """Substitutions, now or later, in which ``staff`` is replaced or is the substitute."""
    rows = Substitution.objects.filter(Q(replaced=staff) | Q(substitute=staff))
    rows = rows.filter(ends_on__gte=staff.school.today())
    return list(rows.select_related("replaced__user", "substitute__user"))
