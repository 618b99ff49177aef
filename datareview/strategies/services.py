"""Add, change, copy and retire strategies; adopt those that a school can start with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.records.models import Domain
from datareview.strategies.library import starting_strategies
from datareview.strategies.models import Strategy
from teams.access.permissions import require_ability
from teams.audit.services import record_event, record_events
from teams.directory.models import School
from teams.lib.errors import DomainError, StaleEdit
from teams.lib.versions import version_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from teams.directory.models import User

EDITED = (
    "name", "domain", "subject", "tier", "lowest_grade", "highest_grade", "for_whom", "what_to_do", "minutes",
    "sessions_per_week", "weeks", "group_size", "materials", "fidelity", "evidence_level", "evidence",
    "family_en", "family_es",
)  # fmt: skip
MOST_STEPS, MOST_CHECKS = 12, 6


@transaction.atomic
def adopt_strategies(school: School, keys: Collection[str] | None = None, *, actor: User) -> list[Strategy]:
    """Add starting strategies with these ``keys`` (None: all) to the bank of ``school``, in one insert.

    Those whose key or name the bank has already, also retired ones, are left out. Returns the added ones.
    """
    require_ability(actor, "edit_strategies", school)
    _lock(school)
    wanted = [row for row in starting_strategies() if keys is None or row["key"] in keys]
    rows = Strategy.objects.filter(school=school).values_list("key", "name")
    there = {text for row in rows for text in row if text}
    new = [row for row in wanted if not {row["key"], row["name"]} & there]
    added = Strategy.objects.bulk_create(Strategy(school=school, **row) for row in new)
    if added:
        record_event(actor, "adopted-strategies", school, school=school, strategies=len(added))
    return added


@transaction.atomic
def add_strategy(school: School, *, actor: User, **values: Any) -> Strategy:
    """Add a strategy of the school's own; ``values`` are the fields in `EDITED`."""
    require_ability(actor, "edit_strategies", school)
    _lock(school)
    strategy = Strategy(school=school, **values)
    _check(strategy)
    strategy.save()
    record_event(actor, "added-strategy", strategy, school=school)
    return strategy


@transaction.atomic
def change_strategy(strategy: Strategy, *, actor: User, seen: str | None = None, **values: Any) -> Strategy:
    """Change a strategy, also for the plans that use it.

    ``seen`` is the `strategy_fingerprint` that the actor started from; a different one raises `StaleEdit`. None
    overwrites whatever is there.
    """
    require_ability(actor, "edit_strategies", strategy.school)
    _lock(strategy.school)
    strategy = Strategy.objects.select_related("school").get(pk=strategy.pk)
    if seen is not None and seen != strategy_fingerprint(strategy):
        current = f"{strategy.name}: {strategy.what_to_do}"
        raise StaleEdit(_("Someone changed this strategy while you were writing."), current=current)
    for name, value in values.items():
        setattr(strategy, name, value)
    _check(strategy)
    strategy.save()
    record_event(actor, "changed-strategy", strategy, school=strategy.school)
    return strategy


@transaction.atomic
def copy_strategy(strategy: Strategy, *, actor: User) -> Strategy:
    """Copy a strategy under a new name, to be changed."""
    require_ability(actor, "edit_strategies", strategy.school)
    _lock(strategy.school)
    names = set(strategy.school.strategies.values_list("name", flat=True))
    suffixes = (f" ({number})" for number in range(2, len(names) + 3))
    longest = Strategy._meta.get_field("name").max_length or 0  # noqa: SLF001 (Django's documented Meta API)
    name = next(
        one for suffix in suffixes if (one := strategy.name[: longest - len(suffix)] + suffix) not in names
    )
    copy = Strategy(school=strategy.school, **{field: getattr(strategy, field) for field in EDITED})
    copy.name = name
    copy.save()
    record_event(actor, "copied-strategy", copy, school=copy.school, copied=str(strategy.uuid))
    return copy


@transaction.atomic
def retire_strategies(
    school: School, strategies: Iterable[Strategy], *, actor: User, is_retired: bool
) -> list[Strategy]:
    """Retire strategies of ``school``, or bring them back; returns those that were not so before.

    Plans that use one keep it; no new plan can choose it.
    """
    require_ability(actor, "edit_strategies", school)
    rows = Strategy.objects.filter(school=school, pk__in=[one.pk for one in strategies])
    changed = list(rows.exclude(is_retired=is_retired))
    rows.update(is_retired=is_retired)
    verb = "retired-strategy" if is_retired else "restored-strategy"
    record_events(actor, verb, changed, school=school)
    return changed


def strategy_fingerprint(strategy: Strategy) -> str:
    """A short hash of what can be edited, to detect concurrent edits."""
    return version_of(*(str(getattr(strategy, name)) for name in EDITED))


def _lock(school: School) -> None:
    School.objects.select_for_update(no_key=True).get(pk=school.pk)


def _check(strategy: Strategy) -> None:
    """Raise DomainError for a strategy that cannot be like this."""
    low, high = strategy.lowest_grade, strategy.highest_grade
    others = Strategy.objects.filter(school=strategy.school, name=strategy.name).exclude(pk=strategy.pk)
    problems = [
        (others.exists(), _("There is a strategy named %(name)s already.") % {"name": strategy.name}),
        (strategy.domain not in Domain, _("Choose a domain.")),
        (strategy.tier not in {1, 2, 3}, _("Choose tier 1, 2 or 3.")),
        (low is not None and high is not None and low > high, _("The last grade is before the first.")),
        (len(strategy.steps) > MOST_STEPS, _("Keep it to %(most)s steps or fewer.") % {"most": MOST_STEPS}),
        (
            len(strategy.checks) > MOST_CHECKS,
            _("Keep the checklist to %(most)s lines or fewer.") % {"most": MOST_CHECKS},
        ),
    ]
    if wrong := next((sentence for is_wrong, sentence in problems if is_wrong), ""):
        raise DomainError(wrong)
