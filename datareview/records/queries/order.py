"""Order of students in lists, and their names where one is chosen."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from teams.lib.hidden_names import are_hidden
from teams.lib.tags.grades import grade as grade_name
from teams.names.columns import NameOrder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datareview.records.models import Student


def by_name(prefix: str = "") -> list[str | NameOrder]:
    """Fields for ``order_by``, with ``prefix``; while names are hidden, the order does not depend on names."""
    if are_hidden():
        return [f"{prefix}uuid"]
    return [NameOrder(f"{prefix}last_name"), NameOrder(f"{prefix}first_name"), f"{prefix}local_id"]


def named_apart(students: Sequence[Student], *, with_grade: bool = True) -> list[tuple[str, str]]:
    """Choices (uuid, name and grade) of ``students``; those that still read alike have their number as well."""
    names = [
        f"{one}, {grade_name(one.grade)}" if with_grade and one.grade is not None else str(one)
        for one in students
    ]
    often = Counter(names)
    return [
        (str(one.uuid), f"{name}, {one.local_id}" if often[name] > 1 else name)
        for one, name in zip(students, names, strict=True)
    ]


# The columns of a student in long lists: name, number, order, page and grade.
LISTED = ("uuid", "school", "local_id", "first_name", "last_name", "preferred_name", "grade")
