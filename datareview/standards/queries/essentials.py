"""A team's essential standards of a school year, each with its checks so far and what is next."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from datareview.assessments.permissions import assessments_visible_to, may_make_assessments
from datareview.records.models import Assessment, AssessmentItem, Sitting, Standard
from datareview.standards.permissions import essentials_visible_to
from teams.directory.models import SchoolYear, Term

if TYPE_CHECKING:
    import datetime as dt

    from datareview.assessments.models import EssentialStandard
    from teams.directory.models import Team, User

MOST_STANDARDS = 1_500  # suggested while typing a code


@dataclass(frozen=True, slots=True)
class EssentialRow:
    """An essential standard with the team's checks so far and to come; ``entered`` are those whose answers are in.

    ``check_on`` is the planned day of the next check while no assessment is made for it; ``is_late``: it has passed.
    ``mastery`` is in percent.
    """

    essential: EssentialStandard
    past: list[Assessment]
    coming: list[Assessment]
    entered: frozenset[int]
    mastery: float
    check_on: dt.date | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class EssentialPage:
    """The essential standards of a team in ``year`` (None: the school has none yet)."""

    team: Team
    year: SchoolYear | None
    years: list[SchoolYear]
    rows: list[EssentialRow]
    may_edit: bool


def essential_page(user: User, team: Team, wanted: str) -> EssentialPage:
    """The page of ``team`` for the school year with the public id ``wanted``, or for the latest that began."""
    years = list(SchoolYear.objects.filter(school=team.school_id).order_by("-starts_on"))
    begun = [year for year in years if year.starts_on <= team.school.today()]
    chosen = [year for year in years if str(year.uuid) == wanted]
    year = next(iter([*chosen, *begun, *years]), None)
    return EssentialPage(
        team, year, years, _rows(user, team, year) if year else [], may_make_assessments(user, team)
    )


def terms_of(year: SchoolYear) -> list[Term]:
    """The terms of a school year, earliest first."""
    return list(year.terms.order_by("starts_on"))


def standards_to_choose(team: Team) -> list[Standard]:
    """The school's standards that are in use, by code."""
    rows = Standard.objects.filter(school=team.school_id, is_retired=False).order_by("code", "framework")
    return list(rows[:MOST_STANDARDS])


def _rows(user: User, team: Team, year: SchoolYear) -> list[EssentialRow]:
    today = team.school.today()
    essentials = essentials_visible_to(user).filter(team=team, year=year)
    found = list(essentials.select_related("standard", "term").order_by("taught_from", "standard__code"))
    of_standard = _checks(user, team, year, [one.standard_id for one in found])
    rows = []
    for one in found:
        checks = of_standard[one.standard_id]
        past = [check for check in checks if check.given_on <= today]
        coming = [check for check in checks if check.given_on > today]
        # The planned day is done with an assessment on that day or later.
        is_made = one.check_on is None or any(check.given_on >= one.check_on for check in checks)
        check_on = None if is_made else one.check_on
        entered = frozenset(check.pk for check in checks if check.is_in)  # type: ignore[attr-defined]  # annotated
        is_late = bool(check_on and check_on < today)
        rows.append(EssentialRow(one, past, coming, entered, 100 * one.mastery, check_on, is_late))
    return rows


def _checks(
    user: User, team: Team, year: SchoolYear, standards: list[int]
) -> defaultdict[int, list[Assessment]]:
    """The team's assessments of the year by standard, earliest first; ``is_in`` says whether somebody sat it."""
    rows = assessments_visible_to(user).filter(team=team, given_on__range=(year.starts_on, year.ends_on))
    sat = Sitting.objects.filter(assessment=OuterRef("pk"), is_absent=False)
    assessments = {one.pk: one for one in rows.annotate(is_in=Exists(sat)).order_by("given_on", "pk")}
    items = AssessmentItem.objects.filter(
        assessment__in=list(assessments), standard__in=standards, is_dropped=False
    )
    found: defaultdict[int, list[Assessment]] = defaultdict(list)
    pairs = set(items.values_list("standard_id", "assessment_id"))
    for pk, assessment in assessments.items():
        for standard in standards:
            if (standard, pk) in pairs:
                found[standard].append(assessment)
    return found
