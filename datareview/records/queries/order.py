"""The order of students in a list."""

from __future__ import annotations

from teams.lib.hidden_names import are_hidden


def by_name(prefix: str = "") -> list[str]:
    """Fields that order students, each after ``prefix``; while names are hidden the order tells none of them."""
    names = ["uuid"] if are_hidden() else ["last_name", "first_name", "local_id"]
    return [f"{prefix}{name}" for name in names]
