"""The school's standards, and where each is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from datareview.assessments.permissions import assessments_visible_to
from datareview.privacy.choices import choice_key
from datareview.records.models import Assessment, AssessmentItem, Standard
from datareview.standards.permissions import essentials_visible_to, standards_visible_to
from teams.access.permissions import can

if TYPE_CHECKING:
    from datareview.assessments.models import EssentialStandard
    from teams.directory.models import School, User

A_PAGE = 50
MOST_USES = 50


@dataclass(frozen=True, slots=True)
class StandardList:
    """A page of standards, each with ``used`` (number of the school's assessments), and subjects to filter by, by key."""

    page: Page
    total: int
    subjects: dict[str, str]
    may_edit: bool


@dataclass(frozen=True, slots=True)
class StandardUses:
    """The assessments and teams' plans that refer to a standard and that the reader may see."""

    assessments: list[Assessment]
    essentials: list[EssentialStandard]


def school_standards(user: User, school: School, wanted: dict[str, str]) -> StandardList:
    """Standards of ``school``, filtered by ``wanted`` (the query string)."""
    visible = standards_visible_to(user).filter(school=school)
    subjects = visible.exclude(subject="").values_list("subject", flat=True).distinct().order_by("subject")
    rows = visible.filter(is_retired=wanted.get("show") == "retired")
    for word in wanted.get("q", "").split()[:6]:
        rows = rows.filter(
            Q(code__icontains=word) | Q(statement__icontains=word) | Q(framework__icontains=word)
        )
    by_key = {choice_key(name): name for name in subjects}
    if subject := by_key.get(wanted.get("subject", "")):
        rows = rows.filter(subject=subject)
    order = ("framework", "code", "pk") if wanted.get("sort") == "framework" else ("code", "pk")
    return StandardList(
        page=Paginator(_with_uses(rows).order_by(*order), A_PAGE).get_page(wanted.get("page")),
        total=visible.count(),
        subjects=by_key,
        may_edit=can(user, "edit_standards", school),
    )


def standard_uses(user: User, standard: Standard) -> StandardUses:
    """Where ``standard`` is used."""
    items = AssessmentItem.objects.filter(standard=standard)
    assessments = (
        assessments_visible_to(user).filter(pk__in=items.values("assessment")).select_related("team")
    )
    essentials = essentials_visible_to(user).filter(standard=standard).select_related("team", "year")
    return StandardUses(list(assessments[:MOST_USES]), list(essentials[:MOST_USES]))


def _with_uses(rows: Any) -> Any:
    items = AssessmentItem.objects.filter(standard=OuterRef("pk"), assessment__deleted_at=None)
    counted = items.order_by().values("standard").annotate(n=Count("assessment", distinct=True)).values("n")
    return rows.annotate(used=Coalesce(Subquery(counted), 0))
