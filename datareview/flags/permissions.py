"""Visibility of candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.flags.models import Candidate
from datareview.records.permissions import students_visible_to
from teams.access.conditions import one_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def candidates_visible_to(user: User) -> QuerySet[Candidate]:
    """Candidates of the students the user may see."""
    return Candidate.objects.filter(one_of(students_visible_to(user), "student"))
