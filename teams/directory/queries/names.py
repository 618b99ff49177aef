"""Names of people, told apart where two share one."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from teams.directory.models import TeamMember
from teams.lib.hidden_names import hide_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teams.directory.models import Staff


def distinct_names(people: Iterable[Staff]) -> dict[int, str]:
    """Map staff ids to names. Where two of ``people`` share a name, the title follows it, else the teams, else the email."""
    rows = {one.pk: one for one in people}
    names = {pk: str(one) for pk, one in rows.items()}
    many = Counter(names.values())
    shared = [one for one in rows.values() if many[names[one.pk]] > 1]
    if not shared:
        return names
    teams = _teams_of(shared)
    details = {one.pk: (one.title, ", ".join(teams[one.pk])) for one in shared}
    taken = Counter((names[pk], detail) for pk, pair in details.items() for detail in set(pair))
    for one in shared:
        name = names[one.pk]
        own = (detail for detail in details[one.pk] if detail and taken[name, detail] == 1)
        names[one.pk] = f"{name}, {hide_names(next(own, one.user.email))}"
    return names


def _teams_of(people: Iterable[Staff]) -> dict[int, list[str]]:
    """Names of each person's teams, by staff id."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = TeamMember.objects.active().filter(staff__in=list(people)).order_by("team__name")
    for staff_id, name in rows.values_list("staff", "team__name"):
        found[staff_id].append(name)
    return found
