"""Who may see and edit which sections, and who oversees students."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.records.models import Enrollment, Section, SectionTeacher, Student
from teams.access.permissions import schools_where
from teams.access.scope import scope_of

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

    from teams.directory.models import User


def students_overseen_by(user: User) -> QuerySet[Student]:
    """Students, also past ones, of schools where the user may see all students."""
    return Student.objects.filter(school__in=schools_where(user, "see_all_students")).select_related("school")


def sections_overseen_by(user: User) -> QuerySet[Section]:
    """Sections of schools where the user may see all students."""
    rows = Section.objects.filter(school__in=schools_where(user, "see_all_students"))
    return rows.select_related("school", "year", "term")


def sections_taught_by(user: User, day: dt.date) -> QuerySet[Section]:
    """Sections, by name, that the user teaches on ``day``, or a colleague whom the user replaces."""
    scope = scope_of(user)
    links = SectionTeacher.objects.on(day).filter(staff__in=[*scope.employed_ids, *scope.replaced_ids])
    return Section.objects.filter(pk__in=links.values("section")).order_by("name", "pk")


def editable_sections(user: User) -> QuerySet[Section]:
    """Sections of schools where the user may edit students."""
    rows = Section.objects.filter(school__in=schools_where(user, "edit_students"))
    return rows.select_related("school", "year", "term")


def editable_teachers(user: User) -> QuerySet[SectionTeacher]:
    """Teachers of the sections that the user may edit."""
    rows = SectionTeacher.objects.filter(section__in=editable_sections(user))
    return rows.select_related("section__school", "staff__user")


def editable_enrollments(user: User) -> QuerySet[Enrollment]:
    """Enrollments in the sections that the user may edit."""
    rows = Enrollment.objects.filter(section__in=editable_sections(user))
    return rows.select_related("section__school", "student")
