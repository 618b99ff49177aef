"""Whose class it is, and which missing work a teacher may note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.sections.models import MissingWork
from datareview.sections.permissions import sections_taught_by
from teams.lib import clock

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from datareview.records.models import Section
    from teams.directory.models import User


def classes_today(user: User) -> QuerySet[Section]:
    """Sections that the user teaches today, also as a substitute."""
    return sections_taught_by(user, clock.server_day()).select_related("school")


def missing_work_of_classes(user: User) -> QuerySet[MissingWork]:
    """Missing work in sections that the user teaches today."""
    rows = MissingWork.objects.filter(enrollment__section__in=classes_today(user))
    return rows.select_related("enrollment__section__school", "enrollment__student")
