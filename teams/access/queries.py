"""The schools of a user, and what each role may do and see, in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from teams.access.permissions import ABILITIES, ABILITY_SENTENCES, roles_of
from teams.directory.models import Role, School, Staff

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from teams.directory.models import User


SESSION_KEY = "school"  # session key of the school that the pages show


def schools_of(user: User) -> QuerySet[School]:
    """The schools where the user works today, by name."""
    return School.objects.filter(pk__in=roles_of(user))


@dataclass(frozen=True, slots=True)
class RoleWords:
    """A role: how many have it, whose records it sees, what it may do, and what it may not."""

    value: str
    label: str
    people: int
    sees: str
    may: list[_StrPromise]
    may_not: list[_StrPromise]


def roles_in_words(school: School) -> list[RoleWords]:
    """Every role, as it is at ``school``."""
    rows = Staff.objects.active(school.today()).filter(school=school).order_by()
    people = Counter(role for pair in rows.values_list("role", "also") for role in pair if role)
    return [_in_words(role, people[role]) for role in Role]


def _in_words(role: Role, people: int) -> RoleWords:
    may = [ability for ability, roles in ABILITIES.items() if role in roles]
    if "see_all_students" in may:
        sees = _("The records of all students of the school.")
    else:
        sees = _(
            "The records of students in their own classes and teams, and of those whose plans they deliver."
        )
    return RoleWords(
        role.value,
        str(role.label),
        people,
        sees,
        [sentence for ability, sentence in ABILITY_SENTENCES.items() if ability in may],
        [sentence for ability, sentence in ABILITY_SENTENCES.items() if ability not in may],
    )
