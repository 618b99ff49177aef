"""Pages of imports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Min

from datareview.imports.models import Import
from datareview.imports.permissions import imports_visible_to
from teams.jobs.services.jobs import with_progress

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import School, User
    from teams.jobs.models import Job


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Problems of one kind: their number, first position and value."""

    code: str
    column: str
    message: str
    severity: str
    many: int
    first_row: int | None
    value: str


@dataclass(frozen=True, slots=True)
class ImportPage:
    """Everything on the page of one import."""

    row: Import
    job: Job | None
    problems: list[ProblemGroup]
    twin: Import | None
    is_busy: bool


def imports_of(user: User, school: School) -> QuerySet[Import]:
    """Imports of ``school``, newest first."""
    return imports_visible_to(user).filter(school=school).select_related("uploaded_by", "job").order_by("-pk")


def import_page(row: Import) -> ImportPage:
    """The page of one import, which the user may see."""
    twin = Import.objects.filter(school=row.school, digest=row.digest, state=Import.State.APPLIED).exclude(
        pk=row.pk
    )
    row.state = row.standing
    busy = row.state in row.BEFORE
    return ImportPage(
        row=row,
        job=with_progress(row.job) if row.job and (busy or row.job.state == "failed") else None,
        problems=_problem_groups(row),
        twin=twin.order_by("-pk").first(),
        is_busy=busy,
    )


def _problem_groups(row: Import) -> list[ProblemGroup]:
    groups = row.problems.values("code", "column", "message", "severity").annotate(
        many=Count("pk"), first=Min("row")
    )
    totals = {(code, column, message): many for code, column, message, many in row.counts.get("kinds", [])}
    problems = []
    for group in groups.order_by("severity", "-many"):
        first = row.problems.filter(code=group["code"], column=group["column"], row=group["first"]).first()
        many = totals.get((group["code"], group["column"], group["message"]), group["many"])
        problems.append(
            ProblemGroup(
                group["code"],
                group["column"],
                group["message"],
                group["severity"],
                many,
                group["first"],
                first.value if first else "",
            )
        )
    return problems
