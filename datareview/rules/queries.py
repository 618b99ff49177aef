"""The rules of a school in words, and the presets it can adopt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from datareview.flags.conditions import DATA, MATCHES, OPERATORS, condition_code, conditions_in, measure_keys
from datareview.flags.models import Flag, Rule, Severity
from datareview.flags.queries.flags import data_label
from datareview.flags.queries.scorecards import outcome_in_words
from datareview.records.models import Benchmark, Measure
from datareview.rules.presets import Preset, presets
from teams.access.permissions import schools_where
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.db.models import QuerySet

    from teams.directory.models import School, User


A_PAGE = 50


@dataclass(frozen=True, slots=True)
class RuleRow:
    """The current version of a rule, in words, with the number of open flags."""

    rule: Rule
    words: str
    open_flags: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A preset that the school has not adopted, and the measures it can be adopted for.

    Measures that are not in ``with_benchmarks`` (ids) are judged only once they have benchmarks.
    """

    preset: Preset
    words: str
    measures: list[Measure]
    with_benchmarks: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class RulesPage:
    """A page of the school's rules, how many there are without filters, and available presets."""

    rows: list[RuleRow]
    page: Page[RuleRow]
    total: int
    offers: list[Offer]


def rules_visible_to(user: User) -> QuerySet[Rule]:
    """Rules of schools where the user may see rules."""
    return Rule.objects.filter(school_id__in=schools_where(user, "run_trends"))


def rules_page(user: User, school: School, wanted: Mapping[str, Any]) -> RulesPage:
    """The rules of ``school`` that ``wanted`` (the query string) asks for, and the presets it can adopt."""
    latest = _latest_rules(user, school)
    page = Paginator(_listed(latest, wanted), A_PAGE).get_page(wanted.get("page", 1))
    has_own = any("groups" in rule.parameters for rule in page)
    names = names_by_key(school) if has_own else {}
    rows = [RuleRow(rule, rule_in_words(rule, names), rule.open_flags) for rule in page]
    measures = list(Measure.objects.in_use().filter(school=school, derived_from="").order_by("name"))
    with_cuts = frozenset(Benchmark.objects.filter(measure__school=school).values_list("measure", flat=True))
    adopted, keys = {(rule.kind, rule.measure_id) for rule in latest}, {rule.key for rule in latest}
    offers = []
    for preset in presets().values():
        if preset.lowest_grade > school.highest_grade or preset.highest_grade < school.lowest_grade:
            continue
        left = [measure for measure in measures if (preset.kind, measure.pk) not in adopted]
        if left if preset.needs_measure else preset.key not in keys:
            measures_left = left if preset.needs_measure else []
            offers.append(Offer(preset, preset_in_words(preset), measures_left, with_cuts))
    return RulesPage(rows, page, len(latest), offers)


def listed_rules(user: User, school: School, wanted: Mapping[str, Any]) -> list[Rule]:
    """The rules that `rules_page` shows on all its pages."""
    return _listed(_latest_rules(user, school), wanted)


def _latest_rules(user: User, school: School) -> list[Any]:
    """The latest version of each rule of ``school``, with ``open_flags``."""
    is_open = Q(flags__state=Flag.State.OPEN)
    rules = rules_visible_to(user).filter(school=school).select_related("measure").order_by("key", "version")
    latest = {rule.key: rule for rule in rules.annotate(open_flags=Count("flags", filter=is_open))}
    return list(latest.values())


def _listed(rules: list[Any], wanted: Mapping[str, Any]) -> list[Any]:
    """Those of ``rules`` that ``wanted`` asks for, sorted by it."""
    states = {"on": [True], "off": [False]}.get(wanted.get("show", ""), [True, False])
    kind = wanted.get("kind") if wanted.get("kind") in Rule.Kind.values else ""
    words = wanted.get("q", "").casefold().split()
    found = [
        rule
        for rule in rules
        if rule.is_on in states and kind in ("", rule.kind) and all(word in _text_of(rule) for word in words)
    ]
    order = _SORTS.get(wanted.get("sort", ""), lambda rule: (not rule.is_on, rule.kind, rule.name))
    return sorted(found, key=order)


def _text_of(rule: Rule) -> str:
    return f"{rule.name} {rule.measure or ''}".casefold()


def change_in_words(rule: Rule) -> str:
    """What the last change of ``rule`` replaced, or "" for a first version."""
    before = Rule.objects.filter(school=rule.school_id, key=rule.key, version=rule.version - 1).first()
    return rule_in_words(before, names_by_key(rule.school)) if before else ""


def names_by_key(school: School) -> dict[str, str]:
    """The names of the measures of ``school``, by key, as `rule_in_words` needs them."""
    return dict(school.measures.values_list("key", "name"))


def measures_for_rules(school: School, rule: Rule | None = None) -> list[Measure]:
    """Measures that conditions can name: those in use, and those that ``rule`` names already."""
    keys = measure_keys(rule.parameters) if rule else set()
    return list(school.measures.filter(Q(retired_on=None) | Q(key__in=keys)).order_by("name"))


def rule_in_words(rule: Rule, names: Mapping[str, str] | None = None) -> str:
    """Sentences about when the rule is met, whom and when it judges, and when it clears.

    ``names`` has the names of measures by key, for the school's own conditions.
    """
    if rule.kind == Rule.Kind.CONDITIONS:
        words = _conditions(rule.cut_points, names or {})
    elif rule.kind == Rule.Kind.SCORECARD:
        words = _scorecard(rule.cut_points, names or {})
    else:
        words = _WORDS[rule.kind](rule.cut_points)
    if rule.is_for_every_grade:
        return words
    grades = _("Only grades %(low)d to %(high)d.") % {"low": rule.lowest_grade, "high": rule.highest_grade}
    return f"{words} {grades}"


def preset_in_words(preset: Preset) -> str:
    """What the rule of a preset flags, as a sentence."""
    probe = Rule(
        kind=preset.kind,
        parameters=preset.parameters,
        lowest_grade=preset.lowest_grade,
        highest_grade=preset.highest_grade,
    )
    return rule_in_words(probe)


def _figures(cut_points: dict[str, float], *percentages: str) -> dict[str, str]:
    """The cut points as text, those named in ``percentages`` with a percent sign."""
    return {
        name: formats.percent(value) if name in percentages else formats.number(value)
        for name, value in cut_points.items()
    }


def _attendance(cut_points: dict[str, float]) -> str:
    return _(
        "Watch from %(watch)s of days absent, act from %(act)s, urgent from %(severe)s; "
        "judged from %(min_days)s marked days; clears %(margin)s points below."
    ) % _figures(cut_points, "watch", "act", "severe")


def _behavior(cut_points: dict[str, float]) -> str:
    return _(
        "Watch from %(watch)s incidents in %(window)s school days, act from %(act)s, "
        "urgent from one suspension."
    ) % _figures(cut_points)


def _course(cut_points: dict[str, float]) -> str:
    return _(
        "Watch below %(watch)s in a core course or after a fall of %(drop)s points, act below %(act)s, "
        "urgent in two courses; clears %(margin)s points above."
    ) % _figures(cut_points, "watch", "act")


def _benchmark(cut_points: dict[str, float]) -> str:
    return _(
        "Watch at “below”, act at “well below”; within one error of the cut never more than watch; "
        "clears one error above the benchmark."
    )


def _growth(cut_points: dict[str, float]) -> str:
    return _(
        "Watch where growth is below what is expected with a chance of %(chance)s or more, act where it is as "
        "likely below %(share)s of it; at most %(wrong)s of the flags are expected to be wrong; judged from "
        "%(min_scores)s scores over %(min_weeks)s weeks."
    ) % _figures(cut_points, "chance", "share", "wrong")


def _conditions(settings: dict[str, Any], names: Mapping[str, str]) -> str:
    """The sentence of a rule with the school's own conditions; a group of several is in parentheses."""
    groups = [
        (group["match"], [condition_in_words(one, names) for one in group["conditions"]])
        for group in settings["groups"]
    ]
    if len(groups) == 1:
        ((match, parts),) = groups
    else:
        match = settings["match"]
        parts = [
            parts[0] if len(parts) == 1 else f"({MATCHES[inner]}: {'; '.join(parts)})"
            for inner, parts in groups
        ]
    severity = Severity(settings["severity"]).label
    if len(parts) == 1:
        return _("%(severity)s: %(condition)s.") % {"severity": severity, "condition": parts[0]}
    words = _("%(severity)s if %(match)s apply: %(conditions)s.")
    return words % {"severity": severity, "match": MATCHES[match], "conditions": "; ".join(parts)}


def _scorecard(settings: dict[str, Any], names: Mapping[str, str]) -> str:
    """When a scorecard is met, what it should foresee, its points, and whether it was right for others."""
    points = settings["card"]["points"]
    parts = [
        _("%(condition)s: %(points)d") % {"condition": condition_in_words(one, names), "points": many}
        for one in conditions_in(settings)
        if (many := points[condition_code(one)])
    ]
    words = _(
        "Watch from %(watch)d points, act from %(act)d. Should foresee: %(outcome)s. Points: %(points)s. %(record)s"
    )
    return words % {
        "watch": settings["watch"],
        "act": settings["act"],
        "outcome": outcome_in_words(settings["outcome"], names),
        "points": "; ".join(parts) or "–",
        "record": record_in_words(settings["record"]),
    }


def record_in_words(record: Mapping[str, Any]) -> str:
    """How right a scorecard was for students from whom it had not learned, in a sentence."""
    if record.get("auc") is None or not record["is_validated"]:
        return _("Not validated here: too few students to say how right it is.")
    words = (
        _("Of two students, one to whom it happened and one to whom it did not, the first had more points in "
          "%(auc)s of pairs (%(low)s to %(high)s; %(n)s students of a later year).")
        if record["how"] == "years"
        else _("Of two students, one to whom it happened and one to whom it did not, the first had more points in "
               "%(auc)s of pairs (%(low)s to %(high)s; %(n)s students held back, of the same year).")
    )  # fmt: skip
    figures = {name: formats.percent(100 * record[name], 0) for name in ("auc", "low", "high")}
    return words % {**figures, "n": formats.number(record["n"])}


def condition_in_words(condition: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """A condition with its cut point; ``names`` has the names of measures by key."""
    cut, key = condition["cut"], condition["measure"]
    return _("%(what)s %(operator)s %(cut)s") % {
        "what": data_label(condition["data"], names.get(key, key)),
        "operator": OPERATORS[condition["operator"]],
        "cut": formats.percent(cut) if DATA[condition["data"]].is_percent else formats.number(cut),
    }


_SORTS: dict[str, Callable[[Any], Any]] = {
    "name": lambda rule: rule.name.casefold(),
    "flags": lambda rule: (-rule.open_flags, rule.name.casefold()),
}
_WORDS: dict[str, Callable[[dict[str, float]], str]] = {
    Rule.Kind.ATTENDANCE: _attendance,
    Rule.Kind.BEHAVIOR: _behavior,
    Rule.Kind.COURSE: _course,
    Rule.Kind.BENCHMARK: _benchmark,
    Rule.Kind.GROWTH: _growth,
}
