"""Who stands in for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils.translation import gettext as _

from teams.directory.models import Substitution, User

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


def substitute_names(path: str) -> dict[str, F]:
    """Annotations with the names of the substitute of a relation to a substitution, for `substitute_of`."""
    user = f"{path}__substitute__user__"
    return {"substitute_first": F(f"{user}first_name"), "substitute_last": F(f"{user}last_name")}


def substitute_of(row: object) -> User | None:
    """The substitute with the names that `substitute_names` added to ``row``, as an unsaved user."""
    first, last = getattr(row, "substitute_first", None), getattr(row, "substitute_last", None)
    return User(first_name=first, last_name=last) if first is not None and last is not None else None


def standing_in(substitute: object, person: object) -> str:
    """Both names: "Ana Kaplan for Tom Sanders"."""
    return _("%(substitute)s for %(person)s") % {"substitute": substitute, "person": person}
