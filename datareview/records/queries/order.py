"""Order of students in lists."""

from __future__ import annotations

from teams.lib.hidden_names import are_hidden


def by_name(prefix: str = "") -> list[str]:
    """Fields for ``order_by``, with ``prefix``; while names are hidden, the order does not depend on names."""
    names = ["uuid"] if are_hidden() else ["last_name", "first_name", "local_id"]
    return [f"{prefix}{name}" for name in names]


# The columns of a student in long lists: name, number, order, page and grade.
LISTED = ("uuid", "local_id", "first_name", "last_name", "preferred_name", "grade")
