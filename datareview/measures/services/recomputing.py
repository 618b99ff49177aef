"""Start a run after a change that trends and flags depend on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.records.models import Student
from datareview.runs.services.runs import request_run

if TYPE_CHECKING:
    from teams.directory.models import School, User


def recompute(school: School, *, actor: User) -> None:
    """Start a run of the whole school, unless it has no students yet."""
    if Student.objects.filter(school=school).exists():
        request_run(school, actor=actor)
