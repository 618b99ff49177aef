"""The coverage page: whom teams have spoken of, of a cohort; who was missed; and the share of each subgroup."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Paginator

from collab.coverage.queries.care import CareRow, care_of
from datareview.cohorts.queries import SCHOOL, SECTION, Cohort, cohort_of, cohorts_of
from datareview.records.models import Subgroup
from datareview.records.queries.order import by_name
from teams.access.permissions import can
from teams.access.prepared import many_ids

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from django.core.paginator import Page

    from teams.directory.models import School, User

A_PAGE = 50
MISSED, QUIET, NEVER = "missed", "quiet", "never"
SORTS = ("longest", "name", "flags")


@dataclass(frozen=True, slots=True)
class SubgroupCoverage:
    """How many of a subgroup's students were spoken of; both are None if they are hidden."""

    category: str
    group: str
    spoken: int | None
    students: int | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of a cohort: its rows on this page, counts, and subgroups; ``cohort`` is None without one."""

    cohort: Cohort | None
    cohorts: list[tuple[str, str, list[tuple[str, str]]]]
    page: Page[CareRow] | None
    total: int
    spoken: int
    missed: int
    quiet: int
    subgroups: list[SubgroupCoverage]


def coverage_of(user: User, school: School, wanted: Mapping[str, str]) -> Coverage:
    """The coverage of the cohort that ``wanted`` names, else the user's first, filtered and sorted by ``wanted``."""
    cohorts = [group for group in cohorts_of(user, school) if group[0] != SECTION]
    keys = [key for _kind, _name, rows in cohorts for key, _label in rows]
    default = SCHOOL if SCHOOL in keys else next(iter(keys), "")
    cohort = cohort_of(user, school, wanted.get("who") or default)
    if cohort is None:
        return Coverage(None, cohorts, None, 0, 0, 0, 0, [])
    rows = care_of(user, school, list(cohort.students.order_by(*by_name())))
    shown = [row for row in rows if _is_wanted(row, wanted.get("show", ""))]
    return Coverage(
        cohort=cohort,
        cohorts=cohorts,
        page=Paginator(_sorted(shown, wanted.get("sort", "")), A_PAGE).get_page(wanted.get("page", 1)),
        total=len(rows),
        spoken=sum(row.spoken_on is not None for row in rows),
        missed=sum(row.is_missed for row in rows),
        quiet=sum(row.is_quiet for row in rows),
        # Of the whole school alone: tables of several cohorts could be subtracted from each other.
        subgroups=_subgroups(rows, school.min_group_size)
        if cohort.key == SCHOOL and can(user, "see_all_students", school)
        else [],
    )


def _is_wanted(row: CareRow, show: str) -> bool:
    wanted = {MISSED: row.is_missed, QUIET: row.is_quiet, NEVER: row.spoken_on is None}
    return wanted.get(show, True)


def _sorted(rows: Sequence[CareRow], sort: str) -> list[CareRow]:
    """``rows``, which are in the order of names: those never spoken of first, unless another order is wanted."""
    if sort == "name":
        return list(rows)
    if sort == "flags":
        return sorted(rows, key=lambda row: -row.flags)
    return sorted(rows, key=lambda row: (row.spoken_on is not None, -(row.days or 0)))


def _subgroups(rows: Sequence[CareRow], least: int) -> list[SubgroupCoverage]:
    """Numbers of each subgroup, hidden where they are under ``least`` or would give such ones away."""
    from datareview.analysis.disclosure import Sum
    from datareview.analysis.suppression import suppress

    spoken = {row.student.pk: row.spoken_on is not None for row in rows}
    found = Subgroup.objects.filter(student__in=many_ids(list(spoken)), ends_on=None)
    counts: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for student, category, group in found.values_list("student", "category", "group"):
        counts[category][group][spoken[student]] += 1
    lines = []
    for category, groups in sorted(counts.items()):
        cells: dict[Hashable, int] = {}
        sums = []
        for group, (missed, talked) in groups.items():
            names = ((group, "no"), (group, "yes"), (group, "all"))
            cells |= dict(zip(names, (missed, talked, missed + talked), strict=True))
            sums.append(Sum(names[:2], names[2]))
        # The page shows how many of all students were spoken of; those in no group are one more part.
        rest = {0: len(rows) - sum(spoken.values()), 1: sum(spoken.values())}
        for place, name in ((0, "no"), (1, "yes")):
            total, known = rest[place], sum(pair[place] for pair in groups.values())
            cells |= {("", name): total - known, ("all", name): total}
            sums.append(Sum((*((group, name) for group in groups), ("", name)), ("all", name)))
        try:
            hidden = suppress(cells, sums, min_n=least, shown=[("all", "no"), ("all", "yes")])
        except ValueError:  # the totals give a small group away
            hidden = dict.fromkeys(cells, True)
        for group, (missed, talked) in sorted(groups.items()):
            is_hidden = hidden[group, "yes"] or hidden[group, "no"] or hidden[group, "all"]
            lines.append(
                SubgroupCoverage(
                    category,
                    group,
                    None if is_hidden else talked,
                    None if hidden[group, "all"] else missed + talked,
                )
            )
    return lines
