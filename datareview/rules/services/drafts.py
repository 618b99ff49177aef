"""Rules that are not stored yet: of a preset, or with the school's own conditions; and what they must fulfill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from datareview.flags.conditions import are_valid, measure_keys
from datareview.flags.cut_points import CUT_POINTS, EVERY_GRADE, are_ordered
from datareview.flags.models import Rule, Severity
from datareview.records.models import Domain, Measure
from datareview.rules.presets import presets
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from teams.directory.models import School

Grades = tuple[int, int]
KEY_LENGTH, NAME_LENGTH = 60, 120


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


def own_rule(school: School, *, conditions: Mapping[str, Any], grades: Grades, name: str = "") -> Rule:
    """The unsaved rule that adding these conditions would add."""
    rule = Rule(
        school=school,
        kind=Rule.Kind.CONDITIONS,
        name=name,
        parameters=dict(conditions),
        lowest_grade=grades[0],
        highest_grade=grades[1],
    )
    check_cut_points(rule, conditions)
    check_grades(grades)
    return rule


def check_cut_points(rule: Rule, cut_points: Mapping[str, Any]) -> None:
    """Refuse cut points that are not those of the kind of ``rule``, or not in order of severity."""
    kind = rule.kind
    if kind == Rule.Kind.CONDITIONS:
        _check_conditions(rule.school, cut_points)
        return
    if cut_points.keys() != {cut_point.name for cut_point in CUT_POINTS[kind]} or not are_ordered(
        kind, cut_points
    ):
        raise DomainError(_("Each cut point must be more serious than the one before it."))


def _check_conditions(school: School, conditions: Mapping[str, Any]) -> None:
    """Refuse conditions that are not complete, or that name a measure of another school."""
    keys = measure_keys(conditions)
    if not (
        are_valid(conditions)
        and conditions["domain"] in Domain.values
        and conditions["severity"] in Severity.values
    ):
        raise DomainError(_("A rule needs at least one condition, each with a number within its range."))
    if Measure.objects.filter(school=school, key__in=keys).count() < len(keys):
        raise DomainError(_("That measure belongs to another school."))


def check_grades(grades: Grades) -> None:
    """Refuse grades that a school cannot have, or in the wrong order."""
    if not EVERY_GRADE[0] <= grades[0] <= grades[1] <= EVERY_GRADE[1]:
        raise DomainError(_("The last grade must not be before the first."))
