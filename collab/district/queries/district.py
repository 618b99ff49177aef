"""A district's page: its schools with counts, and its administrators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q

from collab.district.permissions import administered_schools
from collab.meetings.models import Meeting
from datareview.records.models import Student
from teams.access.permissions import ABILITIES, can, districts_of, in_roles, roles_of
from teams.directory.models import School, Staff
from teams.invitations.models import Invitation
from teams.invitations.queries import has_signed_in, shown_address
from teams.lib import clock
from teams.names.columns import people_order

if TYPE_CHECKING:
    from teams.directory.models import District, User


@dataclass(frozen=True, slots=True)
class DistrictSchool:
    """A school of the district: counts, whether a team ever met, and whether the reader works there.

    ``waits`` says that none of its administrators has signed in; ``address`` is the link of the invitation that the reader
    sent, if they have to pass it on.
    """

    school: School
    people: int
    teams: int
    students: int
    has_met: bool
    is_own: bool
    waits: bool
    address: str


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
    schools = _with_counts(user)
    waiting = _waiting(schools, user)
    for school in schools:
        row = DistrictSchool(
            school=school,
            people=_count(school, "people"),
            teams=_count(school, "groups"),
            students=_count(school, "learners"),
            has_met=bool(_count(school, "has_met")),
            is_own=school.pk in own,
            waits=school.pk in waiting,
            address=waiting.get(school.pk, ""),
        )
        rows.setdefault(school.district_id or 0, []).append(row)
    return [
        DistrictPage(
            district,
            rows.get(district.pk, []),
            list(district.administrators.order_by(*people_order(), "email")),
        )
        for district in districts_of(user).prefetch_related("administrators")
    ]


def _waiting(schools: list[School], user: User) -> dict[int, str]:
    """Ids of schools whose administrators never signed in, with the link to pass on or an empty text."""
    rows = Staff.objects.active(clock.server_day()).filter(
        in_roles(ABILITIES["edit_people"]), school__in=schools
    )
    people = list(rows.select_related("user", "school"))
    settled = {staff.school_id for staff in people if has_signed_in(staff) or staff.user_id == user.pk}
    found = {staff.school_id: "" for staff in people if staff.school_id not in settled}
    sent = Invitation.objects.unanswered().filter(staff__school__in=found, staff__in=people, sent_by=user)
    for invitation in sent.select_related("staff__user"):
        found[invitation.staff.school_id] = shown_address(invitation) or found[invitation.staff.school_id]
    return found


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
