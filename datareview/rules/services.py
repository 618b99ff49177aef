"""Adopt, try out and change rules; every change is a new version."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.flags.cut_points import CUT_POINTS, are_ordered, cut_points_of
from datareview.flags.models import Flag, Rule, Severity
from datareview.rules.presets import presets
from datareview.runs.services.runs import request_run
from datareview.trends.models import TrendScope
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.directory.models import School
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datareview.records.models import Measure
    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class Trial:
    """Students who would meet a changed rule today, by severity, next to those who meet the current one."""

    watch: int
    act: int
    watch_now: int
    act_now: int
    students: int


def adopt_preset(school: School, key: str, *, actor: User, measure: Measure | None = None) -> Rule:
    """Add the preset ``key`` to the school's rules, and start a run."""
    require_ability(actor, "edit_rules", school)
    preset = presets().get(key)
    if preset is None or preset.needs_measure != (measure is not None):
        raise DomainError(_("That preset doesn’t exist."))
    if measure and measure.school_id != school.pk:
        raise DomainError(_("That measure belongs to another school."))
    own_key = f"{key}-{measure.key}" if measure else key
    with transaction.atomic():
        School.objects.select_for_update(no_key=True).get(pk=school.pk)
        if Rule.objects.filter(school=school, key=own_key).exists():
            raise DomainError(_("The school already has this rule."))
        rule = Rule.objects.create(
            school=school,
            key=own_key,
            name=f"{preset.name}: {measure}" if measure else preset.name,
            kind=preset.kind,
            measure=measure,
            parameters=preset.parameters,
            source=preset.source,
            lowest_grade=preset.lowest_grade,
            highest_grade=preset.highest_grade,
        )
        record_event(actor, "rule-adopted", rule, school=school, preset=f"{key}@{preset.version}")
        request_run(school, actor=actor)
    return rule


def revise_rule(rule: Rule, *, actor: User, cut_points: Mapping[str, float], is_on: bool) -> Rule:
    """Save the cut points as a new version, switch the rule on or off, and start a run.

    Open flags move to the new version with their history, and the next run judges them by it.
    """
    require_ability(actor, "edit_rules", rule.school)
    _check(rule.kind, cut_points)
    with transaction.atomic():
        School.objects.select_for_update(no_key=True).get(pk=rule.school_id)
        latest = _latest(rule)
        if latest.pk != rule.pk:
            raise DomainError(_("Someone changed this rule in the meantime. Review it again."))
        if cut_points_of(rule.kind, latest.parameters) == dict(cut_points):
            if latest.is_on != is_on:
                latest.is_on = is_on
                latest.save(update_fields=["is_on"])
                record_event(actor, "rule-switched", latest, school=rule.school, is_on=is_on)
                request_run(rule.school, actor=actor)
            return latest
        Rule.objects.filter(pk=latest.pk).update(is_on=False)
        fresh = Rule.objects.create(
            school=latest.school,
            key=latest.key,
            version=latest.version + 1,
            name=latest.name,
            kind=latest.kind,
            measure=latest.measure,
            parameters=dict(cut_points),
            source=latest.source,
            lowest_grade=latest.lowest_grade,
            highest_grade=latest.highest_grade,
            is_on=is_on,
        )
        Flag.objects.filter(rule=latest).exclude(state=Flag.State.RESOLVED).update(rule=fresh)
        record_event(
            actor, "rule-changed", fresh, school=rule.school, before=latest.parameters, after=dict(cut_points)
        )
        request_run(rule.school, actor=actor)
    return fresh


def try_rule(rule: Rule, *, actor: User, cut_points: Mapping[str, float]) -> Trial:
    """Judge students by the rule with other cut points, without writing."""
    require_ability(actor, "edit_rules", rule.school)
    _check(rule.kind, cut_points)
    from datareview.flags.services.judgements import judge_scope
    from datareview.trends.frames import read_scope
    from datareview.trends.services.trend_rows import trend_rows

    changed = Rule(
        pk=0, school=rule.school, kind=rule.kind, measure=rule.measure, parameters=dict(cut_points)
    )
    today, then, now, students = rule.school.today(), Counter[int](), Counter[int](), 0
    for scope in TrendScope.objects.filter(school=rule.school).select_related("school"):
        if not rule.covers(scope.grade):
            continue
        known = read_scope(scope, rule.school.year_start(today), today)
        judged = judge_scope([rule, changed], known, trend_rows(known))
        now.update(judgement.severity for judgement in judged[rule.pk].values())
        then.update(judgement.severity for judgement in judged[0].values())
        students += len(known.students)
    act = (Severity.ACT, Severity.SEVERE)
    return Trial(
        watch=then[Severity.WATCH],
        act=sum(then[level] for level in act),
        watch_now=now[Severity.WATCH],
        act_now=sum(now[level] for level in act),
        students=students,
    )


def _latest(rule: Rule) -> Rule:
    return Rule.objects.filter(school=rule.school_id, key=rule.key).latest("version")


def _check(kind: str, cut_points: Mapping[str, Any]) -> None:
    if cut_points.keys() != {cut_point.name for cut_point in CUT_POINTS[kind]} or not are_ordered(
        kind, cut_points
    ):
        raise DomainError(_("Each cut point must be more serious than the one before it."))
