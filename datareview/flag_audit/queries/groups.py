"""Flags by group of students: how often, how soon they are answered, which needs they show; released for a whole term.

A group's figures are counts of students, so that what is shown can be protected as in `datareview.gaps`. Groups audit
flags, and are never an input to one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from datareview.flag_audit.queries.record import SOON, FlagRecord
from datareview.gaps.cells import EVERYONE, RowCount, RowKey, hidden_rows
from datareview.gaps.queries.release import groups_on
from datareview.records.models import Student
from datareview.records.queries.stays import enrolled_on, stays_of
from teams.directory.models import SchoolYear, Term

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from datareview.records.queries.stays import Span
    from teams.directory.models import School


class Whole(NamedTuple):
    """A term, or a year without terms, that can be released once it is over."""

    uuid: UUID
    name: str
    since: dt.date
    until: dt.date


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """Counts of students of a group: all, flagged, of these with a decision soon, with a need, of these flagged.

    All but the names are None where the row is hidden; ``soon`` and ``shown`` also where a group of the category is too
    small for them. ``notice`` is that of the kernel's audit, or "".
    """

    category: str
    group: str
    n: int | None = None
    flagged: int | None = None
    soon: int | None = None
    needs: int | None = None
    shown: int | None = None
    notice: str = ""


def wholes_of(school: School) -> list[Whole]:
    """Terms of the school that are over, and years without terms, with students at their end; the newest first.

    They share no day.
    """
    stays = [span for spans in stays_of(school.students.all()).values() for span in spans]
    today = school.today()
    terms = Term.objects.filter(year__school=school, ends_on__lt=today).select_related("year")
    found = [
        Whole(term.uuid, f"{term.name}, {term.year.name}", term.starts_on, term.ends_on) for term in terms
    ]
    years = SchoolYear.objects.filter(school=school, ends_on__lt=today, terms=None)
    found += [Whole(year.uuid, year.name, year.starts_on, year.ends_on) for year in years]
    kept = [one for one in found if any(_covers(span, one.until) for span in stays)]
    return sorted(kept, key=lambda one: one.since, reverse=True)


def _covers(span: Span, day: dt.date) -> bool:
    first, last = span
    return (first is None or first <= day) and (last is None or last >= day)


def figures_by_group(school: School, since: dt.date, until: dt.date, least: int) -> list[GroupFigures]:
    """Figures of all students and of each group, without what must be hidden; a constant number of queries.

    Students are those enrolled at the end; groups are those of that day.
    """
    enrolled = Student.objects.filter(enrolled_on(until), school=school)
    students = list(enrolled.order_by("pk").values_list("pk", flat=True))
    record = FlagRecord(school, since, until)
    flagged: set[int] = set()
    soon: set[int] = set()
    for one in record.fates:
        if not one.is_raised:  # it only watches: there is nothing to decide
            continue
        flagged.add(one.student)
        if one.days is not None and one.days <= SOON:
            soon.add(one.student)
    shown = {student for student, _domain in record.confirmed}
    needs = shown | {student for student, _domain in record.found_by_people}
    groups = groups_on(students, until)
    categories = sorted({category for theirs in groups.values() for category in theirs})
    inside: dict[RowKey, set[int]] = defaultdict(set)
    for pk in students:
        for category, group in [(EVERYONE, ""), *((one, groups[pk].get(one, "")) for one in categories)]:
            inside[RowKey(None, category, group)].add(pk)
    counts = {
        "flagged": _counts(inside, flagged),
        "needs": _counts(inside, needs),
        "soon": _counts(inside, soon, flagged),
        "shown": _counts(inside, shown, needs),
    }
    hidden = hidden_rows(counts["flagged"], least) | hidden_rows(counts["needs"], least)
    # Shares of parts of a group are shown of a whole category or not at all: what is flagged of each group is known.
    partly = hidden | hidden_rows(counts["soon"], least) | hidden_rows(counts["shown"], least)
    closed = {key.category for key in partly}
    notices = _notices(students, groups, categories, flagged, needs)
    found = []
    for key in sorted(inside, key=lambda key: (key.category, not key.group, key.group)):
        if key in hidden:
            found.append(GroupFigures(key.category, key.group))
            continue
        is_open = key.category not in closed
        found.append(
            GroupFigures(
                *(key.category, key.group, len(inside[key]), counts["flagged"][key].at),
                *(counts["soon"][key].at if is_open else None, counts["needs"][key].at),
                *(counts["shown"][key].at if is_open else None,),
                notices.get((key.category, key.group), "") if is_open else "",
            )
        )
    return found


def _counts(
    inside: Mapping[RowKey, set[int]], cases: set[int], among: set[int] | None = None
) -> dict[RowKey, RowCount]:
    """Of each row, its students (``among`` some) and how many of these are ``cases``."""
    return {
        key: RowCount(len(theirs & among if among is not None else theirs), len(theirs & cases))
        for key, theirs in inside.items()
    }


def _notices(
    students: list[int],
    groups: Mapping[int, Mapping[str, str]],
    categories: Iterable[str],
    flagged: set[int],
    needs: set[int],
) -> dict[tuple[str, str], str]:
    """The audit's notice about each group of each category, "" without one."""
    import numpy as np

    from datareview.analysis.audit import audit_score

    score = np.array([pk in flagged for pk in students], float)
    outcome = np.array([pk in needs for pk in students], float)
    found = {}
    for category in categories:
        of = np.array([groups[pk].get(category) for pk in students], object)
        for name, audited in audit_score(score, outcome, of, threshold=1.0).iterrows():
            found[category, str(name)] = str(audited["notice"])
    return found


def figures_to_keep(figures: Iterable[GroupFigures]) -> list[dict[str, Any]]:
    """The figures as a release keeps them."""
    return [asdict(one) for one in figures]
