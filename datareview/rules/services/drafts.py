"""Rules that are not stored yet: of a preset, or with the school's own conditions; and what they must fulfill."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from datareview.flags.conditions import are_valid, measure_keys
from datareview.flags.cut_points import CUT_POINTS, EVERY_GRADE, are_ordered
from datareview.flags.models import Rule, Severity
from datareview.flags.queries.scorecards import are_valid_points
from datareview.records.models import Domain, Measure
from datareview.rules.presets import presets
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from teams.directory.models import School

Grades = tuple[int, int]
KEY_LENGTH, NAME_LENGTH = 60, 120
OF_A_MEASURE = (Rule.Kind.BENCHMARK, Rule.Kind.GROWTH)


def preset_rule(
    school: School, key: str, *, measure: Measure | None = None, grades: Grades | None = None
) -> Rule:
    """The unsaved rule that adopting the preset ``key`` would add."""
    preset = presets().get(key)
    if preset is None or preset.needs_measure != (measure is not None):
        raise DomainError(_("That preset doesn’t exist."))
    if measure and measure.school_id != school.pk:
        raise DomainError(_("That measure belongs to another school."))
    lowest, highest = grades or (preset.lowest_grade, preset.highest_grade)
    check_grades((lowest, highest))
    own_key = f"{key}-{measure.key}" if measure else key
    if measure and len(own_key) > KEY_LENGTH:
        own_key = f"{key}-{measure.pk}"
    return Rule(
        school=school,
        key=own_key,
        name=f"{preset.name}: {measure}"[:NAME_LENGTH] if measure else preset.name,
        kind=preset.kind,
        measure=measure,
        parameters=preset.parameters,
        source=preset.source,
        lowest_grade=lowest,
        highest_grade=highest,
    )


def own_rule(
    school: School,
    *,
    conditions: Mapping[str, Any],
    grades: Grades,
    name: str = "",
    kind: str = Rule.Kind.CONDITIONS,
) -> Rule:
    """The unsaved rule that adding these conditions, or a scorecard, would add."""
    rule = Rule(
        school=school,
        kind=kind,
        name=name,
        parameters=dict(conditions),
        lowest_grade=grades[0],
        highest_grade=grades[1],
    )
    check_cut_points(rule, conditions)
    check_grades(grades)
    return rule


def draft_of(rule: Rule, *, is_change: bool = False) -> str:
    """The settings of ``rule``, stored or not, as text for an address or a job; of a change without the rule's name."""
    name = (
        "" if is_change else rule.name
    )  # a name that people typed may be a student's, and belongs in no address
    kind = {"kind": rule.kind, "name": name, "measure": str(rule.measure.uuid) if rule.measure else ""}
    cut_points = rule.cut_points
    if (
        rule.kind == Rule.Kind.SCORECARD
    ):  # what it learned is too long for an address, and stays with the rule
        cut_points = {name: cut_points[name] for name in ("watch", "act")}
    return json.dumps(
        {"cut_points": cut_points, "grades": [rule.lowest_grade, rule.highest_grade], **kind},
        separators=(",", ":"),
    )


def read_draft(school: School, text: str, rule: Rule | None = None) -> Rule:
    """The unsaved rule of `draft_of`, with id 0: a change of the stored ``rule``, or a new one; without a text that one.

    Raises DomainError if a setting is missing or out of its range.
    """
    if not text and rule is None:
        raise DomainError(_("That rule doesn’t exist."))
    try:
        drafted = _drafted(school, text, rule)
        check_cut_points(drafted, drafted.parameters)
        check_grades((drafted.lowest_grade, drafted.highest_grade))
    except (ValueError, TypeError, KeyError, AttributeError):  # typed into the address
        raise DomainError(_("These settings can’t be read. Open the rule again.")) from None
    return drafted


def _drafted(school: School, text: str, rule: Rule | None) -> Rule:
    said: dict[str, Any] = json.loads(text) if text else {}
    cut_points = said.get("cut_points", rule.cut_points if rule else {})
    grades = said.get("grades", [rule.lowest_grade, rule.highest_grade] if rule else EVERY_GRADE)
    kind = rule.kind if rule else Rule.Kind(said["kind"])
    if kind == Rule.Kind.SCORECARD:
        if rule is None:
            raise ValueError(kind)
        cut_points = {**rule.cut_points, **{name: int(cut_points[name]) for name in ("watch", "act")}}
    measure = rule.measure if rule else None
    if rule is None and said.get("measure"):
        measure = school.measures.filter(uuid=UUID(said["measure"])).first()
    if kind in OF_A_MEASURE and measure is None:
        raise ValueError(kind)
    for cut_point in CUT_POINTS[kind]:
        if not cut_point.low <= cut_points[cut_point.name] <= cut_point.high:
            raise ValueError(cut_point.name)
    return Rule(
        pk=0,
        uuid=rule.uuid if rule else uuid4(),
        school=school,
        key=rule.key if rule else "",
        version=rule.version if rule else 1,
        name=rule.name if rule else str(said.get("name", ""))[:NAME_LENGTH],
        kind=kind,
        measure=measure,
        parameters=cut_points,
        lowest_grade=int(grades[0]),
        highest_grade=int(grades[1]),
        is_on=rule.is_on if rule else True,
    )


def check_cut_points(rule: Rule, cut_points: Mapping[str, Any]) -> None:
    """Refuse cut points that are not those of the kind of ``rule``, or not in order of severity."""
    kind = rule.kind
    if kind == Rule.Kind.CONDITIONS:
        _check_conditions(rule.school, cut_points)
        return
    if kind == Rule.Kind.SCORECARD:
        if not are_valid_points(cut_points):
            raise DomainError(_("Each cut point must be more serious than the one before it."))
        _check_measures(rule.school, cut_points)
        return
    if cut_points.keys() != {cut_point.name for cut_point in CUT_POINTS[kind]} or not are_ordered(
        kind, cut_points
    ):
        raise DomainError(_("Each cut point must be more serious than the one before it."))


def _check_conditions(school: School, conditions: Mapping[str, Any]) -> None:
    """Refuse conditions that are not complete, or that name a measure of another school."""
    if not (
        are_valid(conditions)
        and conditions["domain"] in Domain.values
        and conditions["severity"] in Severity.values
    ):
        raise DomainError(_("A rule needs at least one condition, each with a number within its range."))
    _check_measures(school, conditions)


def _check_measures(school: School, conditions: Mapping[str, Any]) -> None:
    keys = measure_keys(conditions)
    if Measure.objects.filter(school=school, key__in=keys).count() < len(keys):
        raise DomainError(_("That measure belongs to another school."))


def check_grades(grades: Grades) -> None:
    """Refuse grades that a school cannot have, or in the wrong order."""
    if not EVERY_GRADE[0] <= grades[0] <= grades[1] <= EVERY_GRADE[1]:
        raise DomainError(_("The last grade must not be before the first."))
