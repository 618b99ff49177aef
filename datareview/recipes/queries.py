"""The list of remembered forms, and the one that a new file has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Q

from datareview.recipes.models import FileRecipe
from datareview.recipes.permissions import recipes_visible_to
from datareview.recognition.kinds import FileKind
from datareview.recognition.names import compact_name, header_fingerprint, renamed_mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from teams.directory.models import School, User

ROWS = 50  # of a page
MOST_WAYS = 5  # remembered ways to read a file that are tried on one of no known form
# The option with the order of day and month that files of a form showed. It decides only for files that come by
# themselves, and only if their own dates fit both ways: nobody is there to be asked.
USUAL_ORDER = "usual_order"
ALIKE = 0.6  # share of all columns of two headers that both have, from which they may be one form
# Options that were said of one file only: the next one is asked again.
OF_ONE_FILE = {
    "fixed_day",
    "date_order",
    "covers_from",
    "covers_until",
    "assessment",
    "title",
    "key",
    "people",
}
_NUMBERS = re.compile(r"[\W_]*\d[\d\W_]*")
_ENDING = re.compile(r"(?:\.[a-z]{2,4}){1,2}$", re.IGNORECASE)
_NAMELESS = re.compile(r"column \d+")  # as `teams.tables.headers` calls them
SORTS = {
    "used": ("-used_at", "-pk"),
    "name": ("name", "pk"),
    "kind": ("kind", "name", "pk"),
}


@dataclass(frozen=True, slots=True)
class RecipeRow:
    """A remembered form with how many columns and codes it matches."""

    recipe: FileRecipe
    columns: int
    codes: int


def recipes_of(user: User, school: School, wanted: dict[str, str]) -> tuple[Page[Any], list[RecipeRow]]:
    """What ``school`` remembers, filtered and sorted by ``wanted`` (the query string), and the rows of its page."""
    found = recipes_visible_to(user).filter(school=school).select_related("used_by")
    if wanted.get("kind") in FileKind.values:
        found = found.filter(kind=wanted["kind"])
    if text := wanted.get("q", "").strip():
        found = found.filter(Q(name__icontains=text) | Q(columns__icontains=text))
    found = found.order_by(*SORTS.get(wanted.get("sort", ""), SORTS["used"]))
    page = Paginator(found, ROWS).get_page(wanted.get("page"))
    rows = [
        RecipeRow(one, len(_matched(one.mapping)), sum(map(len, one.mapping.get("codes", {}).values())))
        for one in page
    ]
    return page, rows


def recipe_for(school: School, columns: Iterable[str], kind: str = "", name: str = "") -> FileRecipe | None:
    """The remembered form that a file with ``columns`` has, of ``kind`` if it is given; None if it has none.

    It has the same set of names, whatever their order and spelling, or all that are matched and most of the others.
    Of columns without names, the ``name`` of the file has to be the same, too.
    """
    columns = list(columns)
    recipes = FileRecipe.objects.filter(school=school)
    if kind:
        recipes = recipes.filter(kind=kind)
    fingerprint = form_fingerprint(columns, name)
    same = recipes.filter(fingerprint=fingerprint).order_by("-used_at", "-pk").first()
    if same or _are_nameless(columns):
        return same
    here = {compact_name(name) for name in columns}
    best: tuple[float, FileRecipe | None] = (ALIKE, None)
    for one in recipes.order_by("used_at", "pk"):
        there = {compact_name(name) for name in one.columns}
        share = len(here & there) / len(here | there) if there else 0.0
        matched = {compact_name(name) for name in _matched(one.mapping)}
        if share >= best[0] and matched and matched <= here:
            best = (share, one)
    return best[1]


def form_fingerprint(columns: list[str], name: str) -> str:
    """What files of one form have in common: the names of their columns, or that of the file if these have none."""
    return header_fingerprint([*columns, form_name(name)] if _are_nameless(columns) else columns)


def form_name(file: str) -> str:
    """A file's name without its ending and without dates and numbers: "Attendance 2026-11-24 (2).csv" is "Attendance".

    That of its set, as in "Night.zip: Attendance.csv", is left out, too.
    """
    file = file.rpartition(".zip: ")[2]
    return " ".join(_NUMBERS.sub(" ", _ENDING.sub("", file)).replace("_", " ").split())[:120]


def recipes_with_a_way(school: School, kind: str = "") -> list[FileRecipe]:
    """The last forms of whose files a person said how to read them, of ``kind`` if it is given."""
    recipes = FileRecipe.objects.filter(school=school).exclude(way={})
    return list((recipes.filter(kind=kind) if kind else recipes).order_by("-used_at", "-pk")[:MOST_WAYS])


def remembered(mapping: dict[str, Any]) -> dict[str, Any]:
    """A mapping without what was said of one file only."""
    options = {name: value for name, value in mapping.get("options", {}).items() if name not in OF_ONE_FILE}
    return {**mapping, "options": options}


def mapping_for(recipe: FileRecipe, columns: Iterable[str], guessed: Mapping[str, str]) -> dict[str, Any]:
    """The recipe's mapping with the names that its columns have in a file with ``columns``.

    A column that the recipe has never seen is taken for the field that it is ``guessed`` to be, if nothing else is.
    """
    columns = list(columns)
    mapping, seen = renamed_mapping(recipe.mapping, columns), {compact_name(name) for name in recipe.columns}
    new = {field: name for field, name in guessed.items() if compact_name(name) not in seen}
    return {**mapping, "columns": {**new, **mapping.get("columns", {})}}


def _are_nameless(columns: list[str]) -> bool:
    return all(_NAMELESS.fullmatch(name) for name in columns)


def _matched(mapping: dict[str, Any]) -> set[str]:
    """The columns that a mapping uses."""
    fields = {column for column in mapping.get("columns", {}).values() if column}
    days = {*mapping.get("days", {}).values()}
    return fields | days | {*mapping.get("measures", {})} | {*mapping.get("items", [])}
