"""Pages on which one student is edited, and students who left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from datareview.flags.models import Candidate
from datareview.plans.models import Plan
from datareview.records.models import GroupName, Student
from datareview.records.queries.order import by_name
from datareview.sections.permissions import students_overseen_by

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from datareview.records.models import Guardian, Stay, Subgroup
    from teams.directory.models import School, User

A_PAGE = 50
LIVE = tuple(state for state in Candidate.LIVE if state != Candidate.State.PLAN)
PLANS = Q(plans__state__in=[Plan.State.DRAFT, Plan.State.ACTIVE])
CANDIDATES = Q(candidates__state__in=LIVE)


@dataclass(frozen=True, slots=True)
class StudentRecord:
    """Everything on the page where a student is edited."""

    guardians: list[Guardian]
    groups: list[Subgroup]
    stays: list[Stay]
    has_open_matters: bool


@dataclass(frozen=True, slots=True)
class OpenMatters:
    """What needs a decision after a student left."""

    plans: list[Plan]
    candidates: list[Candidate]


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group of the school's list, with the number of its present members."""

    name: GroupName
    members: int


def student_record(student: Student) -> StudentRecord:
    """The record of a student whom the user may edit."""
    matters = open_matters_of(student)
    return StudentRecord(
        guardians=list(student.guardians.all()),
        groups=list(student.subgroups.order_by("category", "starts_on", "pk")),
        stays=list(student.stays.all()),
        has_open_matters=bool(matters.plans or matters.candidates),
    )


def open_matters_of(student: Student) -> OpenMatters:
    """Plans and candidates of a student that nobody has ended or decided."""
    plans = student.plans.exclude(state=Plan.State.ENDED)
    return OpenMatters(
        plans=list(plans.select_related("strategy", "provider__user", "measure")),
        candidates=list(student.candidates.filter(state__in=LIVE)),
    )


def leavers_of(user: User, school: School, wanted: dict[str, str]) -> Page[Any]:
    """Students who left ``school``, those with open matters first; narrowed by ``wanted`` (the query string)."""
    rows = students_overseen_by(user).filter(school=school, status=Student.Status.LEFT)
    for word in wanted.get("q", "").split()[:4]:
        rows = rows.filter(
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(local_id__icontains=word)
        )
    counted: Any = rows.annotate(
        plan_count=Count("plans", filter=PLANS, distinct=True),
        candidate_count=Count("candidates", filter=CANDIDATES, distinct=True),
    )
    if wanted.get("show") == "open":
        counted = counted.filter(Q(plan_count__gt=0) | Q(candidate_count__gt=0))
    order = ["-left_on"] if wanted.get("sort") != "name" else []
    return Paginator(counted.order_by(*order, *by_name()), A_PAGE).get_page(wanted.get("page", 1))


def group_choices(school: School) -> QuerySet[GroupName]:
    """The school's list of groups, in order."""
    return GroupName.objects.filter(school=school).order_by("category", "group")


def group_lines(school: School) -> list[GroupLine]:
    """The school's list of groups with the number of present members of each."""
    counted = (
        Student.objects.filter(school=school, status=Student.Status.ACTIVE, subgroups__ends_on=None)
        .values("subgroups__category", "subgroups__group")
        .order_by()
        .annotate(many=Count("pk"))
    )
    many = {(row["subgroups__category"], row["subgroups__group"]): row["many"] for row in counted}
    return [GroupLine(row, many.get((row.category, row.group), 0)) for row in group_choices(school)]
