"""The students in one group of a school's list, and those who are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Q

from datareview.records.models import Enrollment, Section, Student, Subgroup
from datareview.records.queries.order import by_name
from datareview.sections.permissions import students_overseen_by
from teams.lib.parameters import int_or_none, uuid_or_none

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from datareview.records.models import GroupName
    from teams.directory.models import School, User

A_PAGE = 50
OTHERS = "others"


@dataclass(frozen=True, slots=True)
class GroupMemberRow:
    """A student, and the present or coming membership of the group; or of another group of its category."""

    student: Student
    membership: Subgroup | None


def group_members(
    user: User, name: GroupName, wanted: dict[str, Any]
) -> tuple[Page[Student], list[GroupMemberRow]]:
    """A page of the students whom `listed_members` gives, each with what they are in of the category."""
    page = Paginator(listed_members(user, name, wanted), A_PAGE).get_page(wanted.get("page", 1))
    stored = Subgroup.objects.filter(student__in=list(page), category=name.category)
    if wanted.get("show") != OTHERS:
        stored = stored.filter(group=name.group)
    mine = {
        one.student_id: one for one in stored.filter(not_over(name.school.today())).order_by("-starts_on")
    }
    return page, [GroupMemberRow(one, mine.get(one.pk)) for one in page]


def listed_members(user: User, name: GroupName, wanted: dict[str, Any]) -> QuerySet[Student]:
    """Present students who are or will be in the group, or with "show" those who are not, filtered and sorted."""
    today = name.school.today()
    members = memberships_of(name, today).values("student")
    rows = students_overseen_by(user).filter(school=name.school, status=Student.Status.ACTIVE)
    rows = rows.exclude(pk__in=members) if wanted.get("show") == OTHERS else rows.filter(pk__in=members)
    if (grade := int_or_none(wanted.get("grade"))) is not None:
        rows = rows.filter(grade=grade)
    if section := uuid_or_none(wanted.get("section")):
        here = Enrollment.objects.on(today).filter(section__uuid=section)
        rows = rows.filter(pk__in=here.values("student"))
    for word in wanted.get("q", "").split()[:4]:
        rows = rows.filter(
            Q(first_name__icontains=word)
            | Q(preferred_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(local_id__icontains=word)
        )
    return rows.order_by(*(["grade"] if wanted.get("sort") == "grade" else []), *by_name(), "pk")


def sections_of_students(user: User, school: School) -> QuerySet[Section]:
    """Sections that students of ``school`` attend today, whom the user oversees; by name."""
    attended = Enrollment.objects.on(school.today()).filter(student__in=students_overseen_by(user))
    rows = Section.objects.filter(school=school, pk__in=attended.values("section"))
    return rows.select_related("school").order_by("name")


def memberships_of(name: GroupName, day: dt.date) -> QuerySet[Subgroup]:
    """Memberships of the group that are not over on ``day``."""
    rows = Subgroup.objects.filter(student__school=name.school_id, category=name.category, group=name.group)
    return rows.filter(not_over(day))


def memberships_in(name: GroupName, students: Iterable[Student]) -> list[Subgroup]:
    """The present or coming memberships of ``students`` in the group."""
    rows = memberships_of(name, name.school.today()).filter(student__in=[one.pk for one in students])
    return list(rows.select_related("student__school"))


def not_over(day: dt.date) -> Q:
    """Memberships that last until ``day`` at least, as a Q on Subgroup."""
    return Q(ends_on=None) | Q(ends_on__gte=day)
