"""The incidents of a student, and the words that a school uses for incidents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils.translation import ngettext

from datareview.incidents.permissions import may_edit
from datareview.records.models import Incident, Student
from datareview.records.queries.of_student import incidents_of
from datareview.records.values import value_address
from teams.access.permissions import can_at
from teams.lib import formats

if TYPE_CHECKING:
    from teams.directory.models import School, User

MOST_USUAL = 12
SHOWN = 5


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One incident, whether the reader may change it, and the page that says where it comes from."""

    incident: Incident
    may_edit: bool
    url: str

    @property
    def lasting(self) -> str:
        """How long the consequence lasts, in words; empty if nobody said."""
        days = self.incident.days
        if days is None:
            return ""
        words = ngettext("%(n)s school day", "%(n)s school days", 1 if days == 1 else 2)
        return words % {"n": formats.number(days)}


@dataclass(frozen=True, slots=True)
class IncidentRecord:
    """Incidents of a student this year, newest first: the latest, and the earlier ones."""

    latest: list[IncidentLine]
    earlier: list[IncidentLine]
    may_record: bool


@dataclass(frozen=True, slots=True)
class UsualWords:
    """The kinds and places that a school wrote most often this year, as suggestions."""

    kinds: list[str]
    places: list[str]


def incident_record_of(user: User, student: Student) -> IncidentRecord:
    """Incidents of ``student`` this year, whom the user may see."""
    school = student.school
    lines = [
        IncidentLine(one, may_edit(user, one, school.pk), value_address(student.uuid, "incident", one.pk))
        for one in incidents_of(student)
    ]
    is_here = student.status == Student.Status.ACTIVE
    return IncidentRecord(
        lines[:SHOWN], lines[SHOWN:], may_record=is_here and can_at(user, "record_incidents", school.pk)
    )


def usual_words(school: School) -> UsualWords:
    """What the school wrote most often this year."""
    return UsualWords(_most_often(school, "kind"), _most_often(school, "place"))


def _most_often(school: School, name: str) -> list[str]:
    rows = Incident.objects.filter(student__school=school, day__gte=school.year_start()).exclude(**{name: ""})
    counted = rows.values(name).annotate(many=Count("pk")).order_by("-many", name)
    return list(counted.values_list(name, flat=True)[:MOST_USUAL])
