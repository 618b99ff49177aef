"""A student's latest result on each standard."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Exists, OuterRef, Subquery

from datareview.assessments.permissions import assessments_visible_to
from datareview.records.models import AssessmentItem, ItemResponse
from datareview.records.queries.mastery import items_in
from datareview.records.values import value_address
from datareview.results.frames.names import BAND_LEVELS, BAND_NAMES, standard_name
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of
from teams.lib import formats

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from datareview.records.models import Assessment, Standard, Student
    from teams.directory.models import User

FEWEST_ITEMS = 3  # to say whether a student is secure, as `analysis.mastery` does


@dataclass(frozen=True, slots=True)
class LatestOnStandard:
    """Points on a standard's items in the latest assessment in which all of them were entered, else in the latest.

    ``newer`` is a later assessment in which they are not all entered yet, or too few to judge. ``band`` is that of the
    groups; empty with fewer than three items, and unless all of them were entered. ``may_open`` says whether the reader
    may open the assessment's page; ``url`` is the page that says where it comes from.
    """

    standard: Standard
    assessment: Assessment
    got: float
    possible: float
    band: str
    may_open: bool
    url: str
    newer: Assessment | None = None

    @property
    def is_secure(self) -> bool:
        """Whether the student has mastered the standard."""
        return self.band == "secure"

    @property
    def band_name(self) -> str:
        """The band in words."""
        return str(BAND_NAMES[self.band])

    @property
    def level(self) -> int:
        """The band as a level, 1 to 4; 0 without one."""
        return BAND_LEVELS.get(self.band, 0)

    @property
    def name(self) -> str:
        """The standard in a few words."""
        return standard_name(self.standard)

    @property
    def points(self) -> tuple[str, str]:
        """The points earned and possible, as text."""
        return formats.number(self.got, 1), formats.number(self.possible, 1)


def latest_on_standards(user: User, student: Student) -> list[LatestOnStandard]:
    """The latest known result of ``student``, whom the user may see, on each standard; the newest first, in one query."""
    checks: dict[int, dict[int, list[Any]]] = {}
    for row in prepared_rows(_responses, reader_of(user), student.pk):
        checks.setdefault(row.item.standard_id or 0, {}).setdefault(row.item.assessment_id, []).append(row)
    return [_latest([_result(rows, student) for rows in own.values()]) for own in checks.values()]


def _latest(results: list[LatestOnStandard]) -> LatestOnStandard:
    """The newest of ``results``, newest first, that has a band; else the newest."""
    found = next((one for one in results if one.band), results[0])
    return found if found is results[0] else replace(found, newer=results[0].assessment)


def _responses(user: User, student_id: int) -> QuerySet[Any]:
    return (
        ItemResponse.objects.filter(
            student=student_id, item__is_dropped=False, item__assessment__deleted_at=None
        )
        .exclude(item__standard=None)
        .select_related("item__standard", "item__assessment")
        .annotate(
            may_open=Exists(assessments_visible_to(user).filter(pk=OuterRef("item__assessment"))),
            asked=Subquery(_asked()),
        )
        .order_by("-item__assessment__given_on", "-item__assessment", "item__number")
    )


def _asked() -> QuerySet[AssessmentItem, Any]:
    """How many items of the same assessment ask the same standard, as ``n``."""
    same = AssessmentItem.objects.filter(
        assessment=OuterRef("item__assessment"), standard=OuterRef("item__standard"), is_dropped=False
    )
    return same.order_by().values("assessment").annotate(n=items_in()).values("n")


def _result(rows: list[ItemResponse], student: Student) -> LatestOnStandard:
    from datareview.analysis.mastery import mastery_band

    first = rows[0]
    standard = cast("Standard", first.item.standard)
    got, possible = sum(row.points for row in rows), sum(row.item.max_points for row in rows)
    enough = FEWEST_ITEMS <= sum(row.item.parts for row in rows) == first.asked  # type: ignore[attr-defined]
    return LatestOnStandard(
        standard=standard,
        assessment=first.item.assessment,
        got=got,
        possible=possible,
        band=mastery_band(got / possible, cut=first.item.assessment.mastery) if enough else "",
        may_open=first.may_open,  # type: ignore[attr-defined]
        url=value_address(student.uuid, "standard", standard.pk),
    )
