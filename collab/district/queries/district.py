"""A district's page: its schools with counts, and its administrators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q

from collab.district.permissions import administered_schools
from collab.meetings.models import Meeting
from datareview.records.models import Student
from teams.access.permissions import can, districts_of, roles_of
from teams.directory.models import School, Staff
from teams.lib import clock

if TYPE_CHECKING:
    from teams.directory.models import District, User


@dataclass(frozen=True, slots=True)
class DistrictSchool:
    """A school of the district: counts, whether a team ever met, and whether the reader works there."""

    school: School
    people: int
    teams: int
    students: int
    has_met: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class DistrictPage:
    """A district with its schools and administrators, for one of them."""

    district: District
    rows: list[DistrictSchool]
    administrators: list[User]


def district_pages(user: User) -> list[DistrictPage]:
    """The districts that ``user`` administers."""
    own = roles_of(user)
    rows: dict[int, list[DistrictSchool]] = {}
    for school in _with_counts(user):
        row = DistrictSchool(
            school=school,
            people=_count(school, "people"),
            teams=_count(school, "groups"),
            students=_count(school, "learners"),
            has_met=bool(_count(school, "has_met")),
            is_own=school.pk in own,
        )
        rows.setdefault(school.district_id or 0, []).append(row)
    return [
        DistrictPage(
            district, rows.get(district.pk, []), list(district.administrators.order_by("last_name", "email"))
        )
        for district in districts_of(user).prefetch_related("administrators")
    ]


def _count(school: School, name: str) -> int:
    return int(getattr(school, f"of_{name}"))


def _with_counts(user: User) -> list[School]:
    """The schools with their counts, in one query."""
    day = clock.server_day()
    works = Q(staff__starts_on__lte=day) & (Q(staff__ends_on=None) | Q(staff__ends_on__gte=day))
    enrolled = Q(students__status=Student.Status.ACTIVE)
    met = Meeting.objects.filter(team__school=OuterRef("pk"), state=Meeting.State.CLOSED)
    schools = administered_schools(user).order_by("name")
    people = {row["pk"]: row["n"] for row in schools.values("pk").annotate(n=Count("staff", filter=works))}
    learners = {
        row["pk"]: row["n"] for row in schools.values("pk").annotate(n=Count("students", filter=enrolled))
    }
    groups = Count("teams", filter=Q(teams__is_active=True))
    found: list[School] = [*schools.annotate(of_groups=groups, of_has_met=Exists(met))]
    for school in found:
        school.of_people, school.of_learners = people[school.pk], learners[school.pk]  # type: ignore[attr-defined]
    return found


def may_found(user: User, school: School | None) -> bool:
    """Whether ``user`` may make the district of ``school``: its administrator, if it has none."""
    return school is not None and school.district_id is None and can(user, "edit_school", school)


def staff_of_district(district: District) -> set[int]:
    """Ids of users who work at a school of ``district`` today."""
    rows = Staff.objects.active(clock.server_day()).filter(school__district=district)
    return set(rows.values_list("user_id", flat=True))
