"""The bank of strategies, and who uses one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import Q

from datareview.records.models import Domain, Measure
from datareview.records.permissions import students_visible_to
from datareview.strategies.library import starting_strategies
from datareview.strategies.models import Strategy
from datareview.strategies.permissions import strategies_visible_to
from teams.access.conditions import one_of
from teams.access.permissions import can
from teams.lib.parameters import int_or_none

if TYPE_CHECKING:
    from typing import Any

    from django.db.models import QuerySet

    from teams.directory.models import School, User

A_PAGE = 25
FOUND_IN = ("name", "subject", "for_whom", "what_to_do", "materials", "evidence")


@dataclass(frozen=True, slots=True)
class Bank:
    """A page of strategies, and whether the reader may edit them."""

    page: Page
    total: int
    may_edit: bool


@dataclass(frozen=True, slots=True)
class StrategyPage:
    """A strategy with the running plans that use it and that the reader may see."""

    strategy: Strategy
    plans: list[Any]
    may_edit: bool


def bank_of(user: User, school: School, wanted: dict[str, Any]) -> Bank:
    """Strategies of ``school``, filtered by ``wanted`` (the query string)."""
    return Bank(
        page=Paginator(listed_strategies(user, school, wanted), A_PAGE).get_page(wanted.get("page", 1)),
        total=strategies_visible_to(user).filter(school=school).count(),
        may_edit=can(user, "edit_strategies", school),
    )


def listed_strategies(user: User, school: School, wanted: dict[str, Any]) -> QuerySet[Strategy]:
    """The strategies that `bank_of` shows on all its pages."""
    rows = strategies_visible_to(user).filter(_narrowed(wanted), school=school)
    return rows.order_by(*_order(wanted))


def strategy_page(user: User, strategy: Strategy) -> StrategyPage:
    """The page of ``strategy``."""
    plans = strategy.plans.filter(one_of(students_visible_to(user), "student"), state="active")
    return StrategyPage(
        strategy=strategy,
        plans=list(plans.select_related("student", "provider__user").order_by("review_on", "pk")),
        may_edit=can(user, "edit_strategies", strategy.school),
    )


def strategies_to_adopt(school: School) -> list[tuple[str, list[dict[str, Any]]]]:
    """Starting strategies that ``school`` does not have yet, by domain in words."""
    rows = Strategy.objects.filter(school=school).values_list("key", "name")
    there = {text for row in rows for text in row}
    left = [row for row in starting_strategies() if not {row["key"], row["name"]} & there]
    groups = [(str(domain.label), [row for row in left if row["domain"] == domain]) for domain in Domain]
    return [(label, found) for label, found in groups if found]


def subjects_in_use(school: School) -> list[str]:
    """The subjects of the school's measures and strategies."""
    found = {
        *Measure.objects.filter(school=school).values_list("subject", flat=True),
        *Strategy.objects.filter(school=school).values_list("subject", flat=True),
    }
    return sorted(found - {""})


def _narrowed(wanted: dict[str, str]) -> Q:
    found = Q(is_retired=wanted.get("show") == "retired")
    if wanted.get("domain") in Domain:
        found &= Q(domain=wanted["domain"])
    if (tier := int_or_none(wanted.get("tier"))) is not None:
        found &= Q(tier=tier)
    if (grade := int_or_none(wanted.get("grade"))) is not None:
        found &= Q(lowest_grade=None) | Q(lowest_grade__lte=grade)
        found &= Q(highest_grade=None) | Q(highest_grade__gte=grade)
    if wanted.get("evidence") in set(Strategy.Evidence.values) - {""}:
        found &= Q(evidence_level=wanted["evidence"])
    for word in wanted.get("q", "").split()[:4]:
        in_one = Q()
        for name in FOUND_IN:
            in_one |= Q(**{f"{name}__icontains": word})
        found &= in_one
    return found


def _order(wanted: dict[str, str]) -> tuple[str, ...]:
    orders = {"name": ("name",), "tier": ("tier", "name"), "minutes": ("minutes", "name")}
    return (*orders.get(wanted.get("sort", ""), ("domain", "name")), "pk")
