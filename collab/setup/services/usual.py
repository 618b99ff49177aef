"""Begin with what most schools have: grades, days without school, bells, measures, rules and strategies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collab.setup.queries.usual import fits_grades, usual_offer
from datareview.case_rules.services import begin_case_rules
from datareview.measures.services.benchmarks import adopt_measures
from datareview.records.models import Measure
from datareview.rules.services.rules import adopt_preset
from datareview.strategies.services import adopt_strategies
from teams.access.permissions import require_ability
from teams.calendar.services import add_usual_days, copy_day, save_period
from teams.calendar.usual_bells import usual_bells
from teams.lib import formats
from teams.schools.queries import school_fingerprint
from teams.schools.services import change_school

if TYPE_CHECKING:
    from collections.abc import Collection

    from collab.setup.queries.usual import UsualOffer
    from datareview.rules.presets import Preset
    from teams.directory.models import School, User


@dataclass(frozen=True, slots=True)
class UsualChoice:
    """What to begin with. ``bells`` is a kind of `usual_bells`, or empty; measures and rules are keys of presets."""

    lowest_grade: int
    highest_grade: int
    holidays: bool = False
    bells: str = ""
    measures: Collection[str] = ()
    rules: Collection[str] = ()
    strategies: bool = False


@dataclass(frozen=True, slots=True)
class UsualAdded:
    """How many of each thing were added."""

    holidays: int
    periods: int
    measures: int
    rules: int
    strategies: int

    def __str__(self) -> str:
        """A sentence that says what was added."""
        counted = [
            (self.holidays, ngettext("%(n)s holiday", "%(n)s holidays", self.holidays)),
            (self.periods, ngettext("%(n)s period", "%(n)s periods", self.periods)),
            (self.measures, ngettext("%(n)s measure", "%(n)s measures", self.measures)),
            (self.rules, ngettext("%(n)s rule", "%(n)s rules", self.rules)),
            (self.strategies, ngettext("%(n)s strategy", "%(n)s strategies", self.strategies)),
        ]
        parts = [words % {"n": formats.number(n)} for n, words in counted if n]
        return _("Added: %(things)s.") % {"things": ", ".join(parts)} if parts else _("Saved.")


def adopt_usual(school: School, choice: UsualChoice, *, actor: User) -> UsualAdded:
    """Set the school's grades, then add what it lacks of what was chosen and fits them.

    Each part is a transaction of its own, so that others wait for none of them; a second call adds what a first one did
    not. A rule that judges the scores of a measure is added for every measure with benchmarks.
    """
    require_ability(actor, "edit_school", school)
    grades = {"lowest_grade": choice.lowest_grade, "highest_grade": choice.highest_grade}
    if any(getattr(school, name) != grade for name, grade in grades.items()):
        school = change_school(school, actor=actor, seen=school_fingerprint(school), **grades)
    offer = usual_offer(school)
    if not school.students.exists():
        begin_case_rules(school)
    if choice.holidays and offer.holidays:
        add_usual_days(school, actor=actor, holidays=offer.holidays)
    periods = _ring(school, choice.bells, actor) if choice.bells and offer.bells is not None else 0
    measures = [
        preset.key
        for preset in offer.measures
        if preset.key in choice.measures and fits_grades(school, *preset.grades)
    ]
    if measures:
        adopt_measures(school, measures, actor=actor)
    strategies = [
        row["key"]
        for row in offer.strategies
        if fits_grades(school, row.get("lowest_grade"), row.get("highest_grade"))
    ]
    return UsualAdded(
        holidays=len(offer.holidays) if choice.holidays else 0,
        periods=periods,
        measures=len(measures),
        rules=sum(_adopt_rule(school, preset, actor) for preset in _chosen_rules(school, offer, choice)),
        strategies=len(adopt_strategies(school, strategies, actor=actor)) if choice.strategies else 0,
    )


@transaction.atomic
def _ring(school: School, kind: str, actor: User) -> int:
    """Give every day of the cycle the usual periods. Returns their number."""
    day = usual_bells(kind)
    for period in day:
        save_period(
            school,
            actor=actor,
            cycle_day=0,
            name=period.name,
            starts_at=period.starts_at,
            ends_at=period.ends_at,
        )
    return len(day) + copy_day(school, actor=actor, source=0, targets=list(range(1, school.cycle_days))).made


def _chosen_rules(school: School, offer: UsualOffer, choice: UsualChoice) -> list[Preset]:
    return [
        preset
        for preset in offer.rules
        if preset.key in choice.rules and fits_grades(school, preset.lowest_grade, preset.highest_grade)
    ]


def _adopt_rule(school: School, preset: Preset, actor: User) -> int:
    """Adopt a rule, or one for each measure with benchmarks. Returns how many."""
    if not preset.needs_measure:
        adopt_preset(school, preset.key, actor=actor)
        return 1
    measures = Measure.objects.in_use().filter(school=school, benchmarks__isnull=False).distinct()
    for measure in measures:
        adopt_preset(school, preset.key, actor=actor, measure=measure)
    return len(measures)
