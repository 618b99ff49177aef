"""Make, change and retire measures."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.flags.queries.rules import rules_judging
from datareview.measures.services.levels import check_levels, refuse_other_levels
from datareview.measures.services.recomputing import recompute
from datareview.plans.models import Plan
from datareview.records.models import Benchmark, Domain, Measure, Score
from datareview.records.models.measures import CUTS
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.directory.models import School
from teams.lib import formats
from teams.lib.errors import DomainError, StaleEdit
from teams.lib.versions import version_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from teams.directory.models import User

MOST_DECIMALS = 3
KEY_LENGTH = 60
# What trends and flags are computed from.
COMPUTED_FROM = ("scale_min", "scale_max", "higher_is_better", "sem")


@dataclass(frozen=True, slots=True)
class NewMeasure:
    """A measure as a school describes it; see `Measure`. Without a ``key`` it gets one made from its name."""

    name: str
    domain: str = Domain.ACADEMIC
    subject: str = ""
    kind: str = Measure.Kind.OTHER
    unit: str = ""
    scale_min: float = 0
    scale_max: float = 100
    higher_is_better: bool = True
    decimals: int = 1
    lowest_grade: int = -1
    highest_grade: int = 12
    sem: float | None = None
    sem_source: str = ""
    level_names: tuple[str, ...] = ()
    source: str = ""
    key: str = ""


@transaction.atomic
def make_measures(school: School, measures: Sequence[NewMeasure], *, actor: User) -> list[Measure]:
    """Add measures; three queries and two for each ten thousand rows. Nothing is kept if one of them is refused."""
    require_ability(actor, "edit_measures", school)
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    stored = list(Measure.objects.filter(school=school).values_list("name", "key"))
    names = {name.casefold() for name, _key in stored}
    keys = {key for _name, key in stored}
    rows = []
    for new in measures:
        _check(new, names)
        key = _free_key(new.key or slugify(new.name)[:KEY_LENGTH] or "measure", keys)
        names.add(new.name.strip().casefold())
        keys.add(key)
        rows.append(Measure(school=school, **{**_fields(new), "key": key}))
    made = Measure.objects.bulk_create(rows)
    for measure in made:
        record_event(actor, "added-measure", measure, school=school)
    return made


@transaction.atomic
def change_measure(measure: Measure, new: NewMeasure, *, actor: User, seen: str | None = None) -> Measure:
    """Change a measure, and start a run if trends or flags depend on what changed.

    ``seen`` is the `measure_fingerprint` that the actor started from; a different one raises StaleEdit. The scale must
    contain all scores and benchmarks. Direction and levels cannot change while the measure has benchmarks, and the
    direction also while rules that are on or plans use it. Of a derived measure only the name, unit, decimals, levels and
    source change.
    """
    School.objects.select_for_update(no_key=True).get(pk=measure.school_id)
    require_ability(actor, "edit_measures", measure.school)
    measure = lock_measure(measure)
    if seen is not None and seen != measure_fingerprint(measure):
        raise StaleEdit(_("Someone changed this measure while you were writing."), current=_in_short(measure))
    others = Measure.objects.filter(school=measure.school_id).exclude(pk=measure.pk)
    _check(new, {name.casefold() for name in others.values_list("name", flat=True)})
    fields = {name: value for name, value in _fields(new).items() if name != "key"}
    if measure.derived_from:
        kept = ("name", "unit", "decimals", "level_names", "source")
        fields = {name: fields[name] for name in kept}
    else:
        _refuse_scores_outside(measure, new)
        _refuse_other_direction(measure, new)
    refuse_other_levels(measure, new.level_names)
    changed = [name for name, value in fields.items() if getattr(measure, name) != value]
    if not changed:
        return measure
    for name in changed:
        setattr(measure, name, fields[name])
    measure.save(update_fields=changed)
    record_event(actor, "changed-measure", measure, school=measure.school, fields="+".join(changed))
    if set(changed) & set(COMPUTED_FROM):
        recompute(measure.school, actor=actor)
    return measure


@transaction.atomic
def retire_measure(measure: Measure, *, actor: User, retired: bool) -> Measure:
    """Retire a measure or bring it back. Refused while a rule that is on judges it; running plans keep it."""
    require_ability(actor, "edit_measures", measure.school)
    measure = lock_measure(measure)
    if measure.derived_from:
        raise DomainError(_("Every school has “%(measure)s”, so it can’t be retired.") % {"measure": measure})
    rules = rules_judging(measure)
    if retired and rules:
        raise DomainError(
            ngettext(
                "The rule %(rules)s judges “%(measure)s”. Switch it off first.",
                "The rules %(rules)s judge “%(measure)s”. Switch them off first.",
                len(rules),
            )
            % {"measure": measure, "rules": ", ".join(f"“{rule}”" for rule in rules)}
        )
    if retired == (measure.retired_on is not None):
        return measure
    measure.retired_on = measure.school.today() if retired else None
    measure.save(update_fields=["retired_on"])
    record_event(actor, "retired-measure" if retired else "restored-measure", measure, school=measure.school)
    return measure


@transaction.atomic
def retire_measures(measures: Sequence[Measure], *, actor: User, retired: bool) -> int:
    """Retire several measures or bring them back, all or none. Returns their number."""
    for measure in measures:
        retire_measure(measure, actor=actor, retired=retired)
    return len(measures)


@transaction.atomic
def add_derived_measures(school: School) -> list[Measure]:
    """Add the measures that are computed from daily attendance and incidents, unless the school has them."""
    sources = Measure.DerivedFrom
    rows = Measure.objects.filter(school=school).values_list("key", "derived_from")
    known, keys = {source for _key, source in rows}, {key for key, _source in rows}
    missing = []
    if sources.ATTENDANCE not in known:
        missing.append(
            Measure(
                school=school,
                key=_free_key("attendance", keys),
                name=_("Attendance"),
                domain=Domain.ATTENDANCE,
                derived_from=sources.ATTENDANCE,
                unit=_("% of days present"),
            )
        )
    if sources.INCIDENTS not in known:
        missing.append(
            Measure(
                school=school,
                key=_free_key("incidents", keys),
                name=_("Incidents"),
                domain=Domain.BEHAVIOR,
                derived_from=sources.INCIDENTS,
                unit=_("incidents a week"),
                scale_max=20,
                higher_is_better=False,
            )
        )
    return Measure.objects.bulk_create(missing)


def lock_measure(measure: Measure) -> Measure:
    """Lock the school, so that its rules stay as they are, then the measure; returns the stored measure."""
    School.objects.select_for_update(no_key=True).get(pk=measure.school_id)
    locked = Measure.objects.select_for_update(of=("self",), no_key=True).select_related("school")
    return locked.get(pk=measure.pk)


def measure_fingerprint(measure: Measure) -> str:
    """A short hash of the measure's description, to detect concurrent edits."""
    names = [name for name in NewMeasure.__dataclass_fields__ if name != "key"]
    return version_of(
        *(list(value) if isinstance(value, tuple) else value for value in _values(measure, names))
    )


def _values(measure: Measure, names: Sequence[str]) -> list[object]:
    return [getattr(measure, name) for name in names]


def _in_short(measure: Measure) -> str:
    """The facts of a measure in a line, for someone whose edit came second."""
    scale = f"{formats.number(measure.scale_min)}–{formats.number(measure.scale_max)}"
    facts = [measure.name, str(measure.get_domain_display()), f"{scale} {measure.unit}".strip()]
    return ", ".join(facts)


def _fields(new: NewMeasure) -> dict[str, object]:
    fields = asdict(new)
    texts = {name: value.strip() for name, value in fields.items() if isinstance(value, str)}
    return {**fields, **texts, "level_names": [name.strip() for name in new.level_names]}


def _free_key(key: str, taken: set[str]) -> str:
    """``key``, or with the first number that makes it new."""
    found, number = key, 2
    while found in taken:
        found = f"{key[: KEY_LENGTH - 4]}-{number}"
        number += 1
    return found


def _check(new: NewMeasure, names: set[str]) -> None:
    """Refuse a measure that contradicts itself, or whose name in ``names`` is taken."""
    name = new.name.strip()
    if not name:
        raise DomainError(_("Give the measure a name."))
    if name.casefold() in names:
        raise DomainError(_("A measure named “%(name)s” already exists.") % {"name": name})
    if not new.scale_min < new.scale_max:
        raise DomainError(_("The highest score must be above the lowest."))
    if new.sem is not None and not 0 < new.sem < new.scale_max - new.scale_min:
        raise DomainError(_("The standard error must be above 0 and smaller than the scale."))
    if not 0 <= new.decimals <= MOST_DECIMALS:
        raise DomainError(_("Show at most %(most)d decimals.") % {"most": MOST_DECIMALS})
    if new.lowest_grade > new.highest_grade:
        raise DomainError(_("The last grade must not be before the first."))
    check_levels([level.strip() for level in new.level_names])


def _refuse_scores_outside(measure: Measure, new: NewMeasure) -> None:
    """Refuse a scale that does not contain the measure's scores and benchmarks."""
    scale = formats.number(new.scale_min), formats.number(new.scale_max)
    outside = (
        Score.objects.filter(measure=measure).exclude(value__range=(new.scale_min, new.scale_max)).count()
    )
    if outside:
        raise DomainError(
            ngettext(
                "%(n)s score is outside %(low)s to %(high)s. Correct it, or choose a wider scale.",
                "%(n)s scores are outside %(low)s to %(high)s. Correct them, or choose a wider scale.",
                outside,
            )
            % {"n": formats.number(outside), "low": scale[0], "high": scale[1]}
        )
    beyond = Q()
    for cut in CUTS:
        beyond |= Q(**{f"{cut}__lt": new.scale_min}) | Q(**{f"{cut}__gt": new.scale_max})
    if Benchmark.objects.filter(beyond, measure=measure).exists():
        raise DomainError(
            _("A benchmark is outside %(low)s to %(high)s. Correct the benchmarks first.")
            % {"low": scale[0], "high": scale[1]}
        )


def _refuse_other_direction(measure: Measure, new: NewMeasure) -> None:
    """Refuse the other direction while benchmarks, rules that are on or plans that have not ended depend on it."""
    if new.higher_is_better == measure.higher_is_better:
        return
    if measure.benchmarks.exists():
        raise DomainError(_("With benchmarks, the direction can’t change. Empty the benchmarks first."))
    rules = rules_judging(measure)
    if rules:
        raise DomainError(
            ngettext(
                "The rule %(rules)s judges by this direction. Switch it off first.",
                "The rules %(rules)s judge by this direction. Switch them off first.",
                len(rules),
            )
            % {"rules": ", ".join(f"“{rule}”" for rule in rules)}
        )
    if plans := Plan.objects.filter(measure=measure).exclude(state=Plan.State.ENDED).count():
        raise DomainError(
            ngettext(
                "The goal of %(n)s plan depends on this direction. End the plan first, or add another measure.",
                "The goals of %(n)s plans depend on this direction. End the plans first, or add another measure.",
                plans,
            )
            % {"n": formats.number(plans)}
        )
