"""What applying a framework would change of the school's standards."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator

from datareview.frameworks.case import FrameworkItem, common_prefix, grade_word, grade_words
from datareview.frameworks.permissions import frameworks_visible_to
from datareview.records.models import Standard

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from datareview.frameworks.models import FrameworkFile
    from teams.directory.models import School, User

A_PAGE = 50
ALL_GRADES = "all"  # in place of a grade: items that name none
FIELDS = ("framework", "code", "statement", "grades", "subject", "identifier", "is_retired")


@dataclass(frozen=True, slots=True)
class FrameworkChoice:
    """Which items of a file are taken: of ``grades`` (numbers as texts, or `ALL_GRADES`) and of ``kinds``.

    With ``only_leaves``, only those that have nothing below them; ``prefix`` is left out before each code.
    """

    grades: tuple[str, ...]
    kinds: tuple[str, ...]
    prefix: str = ""
    only_leaves: bool = False


@dataclass(frozen=True, slots=True)
class ComparedStandard:
    """An item beside the school's standard (None: it would be added). ``state`` is new, changed, same or double."""

    item: FrameworkItem
    values: dict[str, Any]
    standard: Standard | None
    state: str

    @property
    def differences(self) -> list[tuple[str, str]]:
        """What the school has and what the file says, where they differ in words."""
        if self.standard is None:
            return []
        names = ("code", "statement", "grades", "subject", "framework")
        pairs = [(str(getattr(self.standard, name)), str(self.values[name])) for name in names]
        return [pair for pair in pairs if pair[0] != pair[1]]


@dataclass(frozen=True, slots=True)
class FrameworkPage:
    """A file, what is chosen of it, and how its items compare.

    ``missing`` counts the school's standards of this framework that are not among the chosen items; they stay.
    """

    file: FrameworkFile
    choice: FrameworkChoice
    grades: list[tuple[str, str]]
    kinds: list[tuple[str, str]]
    page: Page
    counts: dict[str, int]
    missing: int

    @property
    def seen(self) -> str:
        """What the reader sees that applying would change."""
        return seen_of(self.counts)


def framework_files(user: User, school: School) -> QuerySet[FrameworkFile]:
    """The files of ``school``, latest first, without their items."""
    rows = frameworks_visible_to(user).filter(school=school).select_related("uploaded_by")
    return rows.defer("items", "before").order_by("-created_at", "-pk")


def items_of(file: FrameworkFile) -> list[FrameworkItem]:
    """The items of a file."""
    names = [field.name for field in fields(FrameworkItem)]
    rows = [dict(zip(names, row, strict=True)) for row in file.items]
    return [FrameworkItem(**{**row, "grades": tuple(row["grades"])}) for row in rows]


def usual_choice(file: FrameworkFile) -> FrameworkChoice:
    """The items of the school's grades that are called standards, or all kinds; without what all codes begin with."""
    items, school = items_of(file), file.school
    kinds = {item.kind for item in items}
    named = {kind for kind in kinds if "standard" in kind.casefold() or "component" in kind.casefold()}
    there = {grade for item in items for grade in item.grades}
    taught = {grade for grade in there if school.lowest_grade <= grade <= school.highest_grade}
    grades = [str(grade) for grade in sorted(taught or there)]
    return FrameworkChoice(
        (*grades, ALL_GRADES), tuple(sorted(named or kinds)), common_prefix(item.code for item in items)
    )


def framework_page(file: FrameworkFile, choice: FrameworkChoice, number: str, show: str) -> FrameworkPage:
    """The page of a file as ``choice`` takes it; ``show`` is a state to show only those."""
    items = items_of(file)
    compared = compare(file, choice, items)
    counts = {
        state: sum(one.state == state for one in compared) for state in ("new", "changed", "same", "double")
    }
    shown = [one for one in compared if one.state == show] if show in counts else compared
    taken = {one.standard.pk for one in compared if one.standard}
    missing = (
        Standard.objects.filter(school=file.school, framework=file.title, is_retired=False)
        if file.title
        else []
    )
    grades = sorted({grade for item in items for grade in item.grades})
    kinds = sorted({item.kind for item in items})
    return FrameworkPage(
        file=file,
        choice=choice,
        grades=[
            *((str(grade), grade_word(grade)) for grade in grades),
            *([(ALL_GRADES, "–")] if any(not item.grades for item in items) else []),
        ],
        kinds=[(kind, kind or "–") for kind in kinds],
        page=Paginator(shown, A_PAGE).get_page(number),
        counts=counts,
        missing=sum(one.pk not in taken for one in missing),
    )


def seen_of(counts: dict[str, int]) -> str:
    """A text of what would be added and changed."""
    return f"{counts['new']}.{counts['changed']}"


def compare(
    file: FrameworkFile, choice: FrameworkChoice, items: Sequence[FrameworkItem]
) -> list[ComparedStandard]:
    """Compare the chosen items with the school's standards.

    The same standard is the one with the same identifier, or else the one with the same code that is of this framework or
    of none and has no identifier. A code that the school or the file has twice in this framework is "double" and left out.
    """
    stored = list(Standard.objects.filter(school=file.school).order_by("-framework", "pk"))
    by_id = {one.identifier: one for one in stored if one.identifier}
    by_code = _by_code(file, stored)
    taken_codes = {(one.framework, one.code.casefold()): one.pk for one in stored}
    found, used, codes = [], set[int](), set[str]()
    for item in items:
        if not _is_chosen(item, choice):
            continue
        values = _values(file, item, choice.prefix)
        code = values["code"].casefold()
        standard = by_id.get(item.identifier) or by_code.get(code)
        if item.is_old and standard is None:
            continue
        owner = taken_codes.get((file.title, code))
        is_double = code in codes or (owner is not None and owner != (standard.pk if standard else None))
        if is_double or (standard is not None and standard.pk in used):
            found.append(ComparedStandard(item, values, None, "double"))
            continue
        codes.add(code)
        if standard is None:
            found.append(ComparedStandard(item, values, None, "new"))
            continue
        used.add(standard.pk)
        is_same = all(getattr(standard, name) == values[name] for name in FIELDS)
        found.append(ComparedStandard(item, values, standard, "same" if is_same else "changed"))
    return found


def _by_code(file: FrameworkFile, stored: Iterable[Standard]) -> dict[str, Standard]:
    found: dict[str, Standard] = {}
    for one in stored:  # those of a framework come first
        if not one.identifier and one.framework in ("", file.title):
            found.setdefault(one.code.casefold(), one)
    return found


def _is_chosen(item: FrameworkItem, choice: FrameworkChoice) -> bool:
    grades = {str(grade) for grade in item.grades} or {ALL_GRADES}
    return (
        bool(grades & set(choice.grades))
        and item.kind in choice.kinds
        and (item.is_leaf or not choice.only_leaves)
    )


def _values(file: FrameworkFile, item: FrameworkItem, prefix: str) -> dict[str, Any]:
    return {
        "framework": file.title,
        "code": item.code.removeprefix(prefix) or item.code,
        "statement": item.statement,
        "grades": grade_words(item.grades)[:40],
        "subject": item.subject,
        "identifier": item.identifier,
        "is_retired": item.is_old,
    }
