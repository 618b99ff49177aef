"""What the user has to do with teaching groups: those to teach today, and checks that are due again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q

from datareview.records.models import Assessment
from datareview.regrouping.models import RegroupedGroup, Regrouping
from teams.access.permissions import own_teams
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of
from teams.access.scope import scope_of

if TYPE_CHECKING:
    from collections.abc import Container

    from django.db.models import QuerySet

    from teams.directory.models import School, User

LASTING = dt.timedelta(days=42)  # of groups without a day on which they are checked again
SOON = dt.timedelta(days=2)
OVERDUE = dt.timedelta(days=28)


@dataclass(frozen=True, slots=True)
class GroupToTeach:
    """A group with its number of students; ``may_open`` if the reader is in the team of the assessment."""

    group: RegroupedGroup
    students: int
    may_open: bool


def groups_to_teach(
    user: User, school: School, today: dt.date, closed: Container[dt.date]
) -> list[GroupToTeach]:
    """Groups that the user teaches today, also as a substitute, by time; until their check, or for six weeks."""
    if today in closed:
        return []
    groups: list[Any] = prepared_rows(_own_groups, reader_of(user), school.pk, today, today - LASTING)
    teams = scope_of(user).team_ids
    return [
        GroupToTeach(group, group.students, group.regrouping.assessment.team_id in teams)
        for group in groups
        if today.weekday() in group.weekdays and group.students
    ]


def _own_groups(user: User, school_id: int, today: dt.date, since: dt.date) -> QuerySet[RegroupedGroup]:
    scope = scope_of(user)
    lasting = Q(regrouping__check_on__gte=today) | Q(
        regrouping__check_on=None, regrouping__assessment__given_on__gte=since
    )
    rows = RegroupedGroup.objects.filter(
        lasting,
        teacher__in=sorted({*scope.employed_ids, *scope.replaced_ids}),
        teacher__school=school_id,
        regrouping__assessment__deleted_at=None,
    )
    related = rows.select_related("regrouping__assessment", "regrouping__standard")
    return related.annotate(students=Count("places")).order_by("time", "pk")


def checks_to_repeat(user: User, school: School, today: dt.date) -> list[Regrouping]:
    """Groups of the user's teams whose check again is due in two days or was, and was not made, earliest first."""
    return prepared_rows(_due_again, reader_of(user), school.pk, today + SOON, today - OVERDUE)


def _due_again(user: User, school_id: int, until: dt.date, since: dt.date) -> QuerySet[Regrouping]:
    made = Assessment.objects.filter(again_of=OuterRef("assessment"), deleted_at=None)
    rows = Regrouping.objects.filter(
        ~Exists(made),
        assessment__team__in=own_teams(user).filter(school=school_id),
        assessment__deleted_at=None,
        check_on__lte=until,
        check_on__gte=since,
    )
    return rows.select_related("assessment__team", "standard").order_by("check_on", "pk")[:5]
