"""Whose class it is, and which missing work a teacher may note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.records.models import Section, SectionTeacher
from datareview.sections.models import MissingWork
from teams.access.scope import scope_of
from teams.lib import clock

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def classes_today(user: User) -> QuerySet[Section]:
    """Sections that the user teaches today, also as a substitute."""
    scope = scope_of(user)
    staff = [*scope.employed_ids, *scope.replaced_ids]
    links = SectionTeacher.objects.on(clock.server_day()).filter(staff__in=staff)
    return (
        Section.objects.filter(pk__in=links.values("section")).select_related("school").order_by("name", "pk")
    )


def missing_work_of_classes(user: User) -> QuerySet[MissingWork]:
    """Missing work in sections that the user teaches today."""
    rows = MissingWork.objects.filter(enrollment__section__in=classes_today(user))
    return rows.select_related("enrollment__section__school", "enrollment__student")
