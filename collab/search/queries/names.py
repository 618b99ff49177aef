"""Find students, people, teams and pages by a part of their names, limited to what the reader may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from collab.search.matching import parse_terms
from datareview.records.permissions import students_visible_to
from datareview.records.queries.families import guardians_by_student, guardians_named
from datareview.records.queries.order import by_name
from teams.access.permissions import can, teams_visible_to
from teams.directory.models import Staff
from teams.lib.tags.grades import grade
from teams.navigation import pages_open_to

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teams.access.permissions import Can
    from teams.directory.models import School, User

MOST, MOST_WORDS = 8, 4


@dataclass(frozen=True, slots=True)
class NamedHit:
    """Something with a name; ``url`` is empty if the reader can open no page about it."""

    title: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class NamedHits:
    """Hits of one kind, at most `MOST`; ``is_cut`` if there are more."""

    label: str
    hits: list[NamedHit]
    is_cut: bool


def find_names(user: User, school: School, abilities: Can, text: str) -> list[NamedHits]:
    """Students, people, teams and pages of ``school`` in whose names all words of ``text`` occur; none without words."""
    words = text.replace('"', " ").split()[:MOST_WORDS]
    if not words:
        return []
    found = [
        (_("Students"), _students(user, school, words)),
        (_("People"), _people(user, school, words)),
        (_("Teams"), _teams(user, school, words)),
        (_("Pages"), _pages(abilities, text)),
    ]
    return [NamedHits(label, hits[:MOST], len(hits) > MOST) for label, hits in found if hits]


def _all_in(words: Iterable[str], *fields: str) -> Q:
    """The condition that each word occurs in one of ``fields``."""
    condition = Q()
    for word in words:
        in_one = Q()
        for field in fields:
            in_one |= Q(**{f"{field}__icontains": word})
        condition &= in_one
    return condition


def _students(user: User, school: School, words: list[str]) -> list[NamedHit]:
    rows = students_visible_to(user).filter(school=school)
    for word in words:
        rows = rows.filter(
            _all_in([word], "first_name", "preferred_name", "last_name", "local_id") | guardians_named(word)
        )
    found = list(rows.order_by("status", *by_name())[: MOST + 1])  # "active" before "left"
    guardians = guardians_by_student(found, words)
    return [
        NamedHit(
            str(row),
            " · ".join(filter(None, [grade(row.grade), row.number, *guardians.get(row.pk, [])])),
            row.get_absolute_url(),
        )
        for row in found
    ]


def _people(user: User, school: School, words: list[str]) -> list[NamedHit]:
    by = _all_in(words, "user__first_name", "user__last_name", "user__email", "title")
    rows = Staff.objects.active(school.today()).filter(by, school=school).select_related("user")[: MOST + 1]
    opens = can(user, "edit_people", school)
    return [
        NamedHit(
            str(row.user),
            row.title or row.roles_in_words,
            f"{reverse('teams:person-list')}?{urlencode({'q': row.user.email})}" if opens else "",
        )
        for row in rows
    ]


def _teams(user: User, school: School, words: list[str]) -> list[NamedHit]:
    rows = teams_visible_to(user).filter(_all_in(words, "name", "subject"), school=school)[: MOST + 1]
    return [NamedHit(row.name, row.get_kind_display(), row.get_absolute_url()) for row in rows]


def _pages(abilities: Can, text: str) -> list[NamedHit]:
    terms = parse_terms(text)
    return [
        NamedHit(str(link.label), "", link.url)
        for link in pages_open_to(abilities)
        if terms.is_in(str(link.label))
    ]
