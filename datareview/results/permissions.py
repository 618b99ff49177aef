"""Who may open a class's results to the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from datareview.assessments.permissions import classes_of, may_see_assessment
from datareview.records.models import SectionTeacher
from teams.access.scope import scope_of
from teams.lib import clock

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from datareview.records.models import Assessment
    from teams.directory.models import User


def own_teaching(user: User, assessment: Assessment) -> QuerySet[SectionTeacher]:
    """The classes of an assessment that the user teaches, on its day or today, and may open; not as a substitute."""
    if not may_see_assessment(user, assessment):
        return SectionTeacher.objects.none()
    days = Q(pk__in=SectionTeacher.objects.dated(assessment.given_on).values("pk"))
    days |= Q(pk__in=SectionTeacher.objects.dated(clock.server_day()).values("pk"))
    rows = SectionTeacher.objects.filter(days, staff__in=scope_of(user).employed_ids)
    return rows.filter(section__in=classes_of(assessment).values("pk")).select_related("section", "staff")
