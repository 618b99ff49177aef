"""Days since anyone spoke of, taught or wrote about each of many students; a constant number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, Count, F, Max, Min, Q, When

from collab.agendas.models import AgendaItem
from collab.agendas.permissions import items_visible_to
from datareview.anecdotes.permissions import anecdotes_readable_by
from datareview.flags.models import Flag
from datareview.plans.models import Plan
from datareview.progress.models import Review, Session
from datareview.regrouping.models import GroupedStudent
from datareview.trends.models import Trend
from teams.access.conditions import one_of
from teams.access.prepared import many_ids

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datareview.records.models import Student
    from teams.directory.models import School, User

AT_BENCHMARK = 3


@dataclass(frozen=True, slots=True)
class CareRow:
    """What was done for one student this year, as far as the reader may read it; days are the school's.

    ``spoken_on`` is the last held meeting with an item about the student; ``cared_on`` the last of that, a session, a
    review, a note or a teaching group. ``is_well`` says that every measure with a benchmark is at or above it.
    """

    student: Student
    spoken_on: dt.date | None
    cared_on: dt.date | None
    days: int | None
    flags: int
    has_plan: bool
    is_well: bool
    is_named: bool

    @property
    def is_missed(self) -> bool:
        """Flagged, without a plan, and never spoken of this year."""
        return bool(self.flags) and not self.has_plan and self.spoken_on is None

    @property
    def is_quiet(self) -> bool:
        """Doing well, and neither spoken of nor written about this year."""
        return self.is_well and not self.flags and self.spoken_on is None and not self.is_named


def care_of(user: User, school: School, students: Sequence[Student]) -> list[CareRow]:
    """A row for each of ``students`` of ``school``, whom the user may see, in their order."""
    ids, since, today = [one.pk for one in students], school.year_start(), school.today()
    spoken = _spoken(user, school, ids, since)
    notes = dict(
        anecdotes_readable_by(user)
        .filter(student__in=many_ids(ids), seen_on__gte=since)
        .order_by()
        .values_list("student")
        .annotate(last=Max("seen_on"))
    )
    others = [notes, *_taught(school, ids, since)]
    flags = dict(
        Flag.objects.filter(student__in=many_ids(ids), state=Flag.State.OPEN)
        .order_by()
        .values_list("student")
        .annotate(Count("pk"))
    )
    planned = set(Plan.objects.running().filter(student__in=many_ids(ids)).values_list("student", flat=True))
    worst = dict(
        Trend.objects.filter(student__in=many_ids(ids), benchmark_level__isnull=False)
        .order_by()
        .values_list("student")
        .annotate(Min("benchmark_level"))
    )
    rows = []
    for one in students:
        days = [found[one.pk] for found in (spoken, *others) if one.pk in found]
        last = spoken.get(one.pk)
        rows.append(
            CareRow(
                student=one,
                spoken_on=last,
                cared_on=max(days, default=None),
                days=(today - last).days if last else None,
                flags=flags.get(one.pk, 0),
                has_plan=one.pk in planned,
                is_well=worst.get(one.pk, 0) >= AT_BENCHMARK,
                is_named=one.pk in notes,
            )
        )
    return rows


def _spoken(user: User, school: School, ids: Sequence[int], since: dt.date) -> dict[int, dt.date]:
    """The day of the last held meeting with an item about each student."""
    about = Case(
        When(topic__candidate__isnull=False, then=F("topic__candidate__student")),
        default=F("topic__plan__student"),
    )
    items = AgendaItem.objects.filter(
        Q(topic__candidate__student__in=many_ids(ids)) | Q(topic__plan__student__in=many_ids(ids)),
        one_of(items_visible_to(user)),
        state=AgendaItem.State.DONE,
        meeting__starts_at__gte=school.at(since, dt.time.min),
    )
    rows = items.order_by().annotate(about=about).values_list("about").annotate(Max("meeting__starts_at"))
    return {student: at.astimezone(school.tz).date() for student, at in rows}


def _taught(school: School, ids: Sequence[int], since: dt.date) -> list[dict[int, dt.date]]:
    """The days of the last session held, of the last review, and of the last teaching group."""
    held = Session.objects.filter(
        plan__student__in=many_ids(ids), held_on__gte=since, result=Session.Result.HELD
    )
    reviews = Review.objects.standing().filter(
        plan__student__in=many_ids(ids), created_at__gte=school.at(since, dt.time.min)
    )
    groups = GroupedStudent.objects.filter(
        student__in=many_ids(ids),
        regrouping__created_at__gte=school.at(since, dt.time.min),
        regrouping__assessment__deleted_at=None,
    )
    return [
        dict(held.order_by().values_list("plan__student").annotate(Max("held_on"))),
        *(
            {pk: at.astimezone(school.tz).date() for pk, at in rows}
            for rows in (
                reviews.order_by().values_list("plan__student").annotate(Max("created_at")),
                groups.order_by().values_list("student").annotate(Max("regrouping__created_at")),
            )
        ),
    ]
