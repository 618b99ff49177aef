"""Who looked at which results, and how far the results of assessments are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import ngettext

from datareview.looks.frames import TeamSum
from datareview.looks.models import ResultsView
from teams.lib import formats

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from datareview.records.models import Assessment, Section
    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class Look:
    """When somebody last looked at the results of a class, or at the team's (``section`` is None).

    Without ``reader`` they were shown to everyone in a meeting.
    """

    reader: User | None
    section: Section | None
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Past:
    """Classes whose results a reader looked at, and over what the team's were shown, latest first."""

    classes: frozenset[int]
    sums: tuple[TeamSum, ...]


def looks_at(assessment: Assessment) -> list[Look]:
    """Who looked at which class's results, the latest first; each person and class once."""
    rows = ResultsView.objects.filter(assessment=assessment)
    latest: dict[tuple[int, int], Look] = {}
    for row in rows.select_related("reader", "section"):
        key = (row.reader_id or 0, row.section_id or 0)
        latest.setdefault(key, Look(row.reader, row.section, row.at))
    return list(latest.values())


def with_state(rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """``rows`` with ``sat_count``, the students of whom answers are in, and ``is_looked_at``."""
    looks = ResultsView.objects.filter(assessment=OuterRef("pk"))
    sat = Count("sittings", filter=Q(sittings__is_absent=False), distinct=True)
    return rows.annotate(sat_count=sat, is_looked_at=Exists(looks))


def state_in_words(row: Assessment) -> str:
    """How far the results of an assessment of `with_state` are, in a sentence."""
    count: int = row.sat_count  # type: ignore[attr-defined]
    values = {"day": formats.short_day(row.given_on), "n": formats.number(count)}
    if row.is_looked_at or not count:  # type: ignore[attr-defined]
        return (
            ngettext(
                "Given on %(day)s. %(n)s student is in.", "Given on %(day)s. %(n)s students are in.", count
            )
            % values
        )
    return (
        ngettext(
            "Given on %(day)s. %(n)s student is in, not looked at yet.",
            "Given on %(day)s. %(n)s students are in, not looked at yet.",
            count,
        )
        % values
    )


def past_of(user: User, assessment: Assessment) -> Past:
    """What ``user`` has seen of the results, also what everybody saw in a meeting."""
    rows = ResultsView.objects.filter(assessment=assessment).order_by("-at", "-pk")
    found = list(
        rows.filter(Q(reader=user) | Q(reader=None)).values_list("section_id", "counted", "students")
    )
    return Past(
        frozenset(section for section, _counted, _students in found if section),
        tuple(dict.fromkeys(sum_of(counted, students) for _section, counted, students in found if counted)),
    )


def sum_of(counted: Iterable[int], students: Iterable[int]) -> TeamSum:
    """A recorded sum."""
    return TeamSum(frozenset(counted), frozenset(students))
