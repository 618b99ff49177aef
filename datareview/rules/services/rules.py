"""Adopt, add and change rules; every change is a new version, which can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from datareview.flags.conditions import as_facts, measure_keys
from datareview.flags.cut_points import cut_points_of
from datareview.flags.models import Flag, Rule
from datareview.flags.services.flags import restore_flags
from datareview.records.models import Measure
from datareview.rules.presets import presets
from datareview.rules.services.drafts import check_cut_points, check_grades, own_rule, preset_rule
from datareview.runs.services.runs import request_run
from teams.access.permissions import require_ability
from teams.audit.services import record_event, record_events
from teams.directory.models import School
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datareview.rules.services.drafts import Grades
    from teams.directory.models import User


def adopt_preset(
    school: School, key: str, *, actor: User, measure: Measure | None = None, grades: Grades | None = None
) -> Rule:
    """Add the preset ``key`` to the school's rules, for ``grades`` (default: those of its source), and start a run."""
    require_ability(actor, "edit_rules", school)
    rule = preset_rule(school, key, measure=measure, grades=grades)
    with transaction.atomic():
        School.objects.select_for_update(no_key=True).get(pk=school.pk)
        if Rule.objects.filter(school=school, key=rule.key).exists():
            raise DomainError(_("The school already has this rule."))
        _refuse_retired(rule)
        rule.save()
        version = presets()[key].version
        record_event(actor, "rule-adopted", rule, school=school, preset=f"{key}@{version}")
        request_run(school, actor=actor)
    return rule


def add_rule(
    school: School,
    *,
    actor: User,
    name: str,
    conditions: Mapping[str, Any],
    grades: Grades,
    kind: str = Rule.Kind.CONDITIONS,
) -> Rule:
    """Add a rule with the school's own ``conditions`` (`datareview.flags.conditions`), or a scorecard, and start a run."""
    require_ability(actor, "edit_rules", school)
    rule = own_rule(school, conditions=conditions, grades=grades, name=name, kind=kind)
    with transaction.atomic():
        School.objects.select_for_update(no_key=True).get(pk=school.pk)
        if Rule.objects.filter(school=school, name__iexact=name).exists():
            raise DomainError(_("The school already has a rule with this name."))
        _refuse_retired(rule)
        rule.key = f"own-{rule.uuid}"
        rule.save()
        record_event(actor, "rule-added", rule, school=school, after=as_facts(conditions))
        request_run(school, actor=actor)
    return rule


def revise_rule(
    rule: Rule,
    *,
    actor: User,
    cut_points: Mapping[str, Any],
    is_on: bool,
    grades: Grades | None = None,
) -> Rule:
    """Save cut points and grades (default: the same) as a new version, switch the rule on or off, and start a run.

    The cut points of a rule of the school's own are its conditions.

    Open flags move to the new version with their history, and the next run judges them by it.
    """
    require_ability(actor, "edit_rules", rule.school)
    grades = grades or (rule.lowest_grade, rule.highest_grade)
    check_cut_points(rule, cut_points)
    check_grades(grades)
    with transaction.atomic():
        School.objects.select_for_update(no_key=True).get(pk=rule.school_id)
        latest = _latest(rule)
        if latest.pk != rule.pk:
            raise DomainError(_("Someone changed this rule in the meantime. Review it again."))
        if is_on:
            _refuse_retired(latest, cut_points)
        is_same = cut_points_of(rule.kind, latest.parameters) == dict(cut_points)
        if is_same and grades == (latest.lowest_grade, latest.highest_grade):
            if latest.is_on != is_on:
                latest.is_on = latest.was_on = is_on  # undoing an earlier change keeps the switch
                latest.save(update_fields=["is_on", "was_on"])
                record_event(actor, "rule-switched", latest, school=rule.school, is_on=is_on)
                request_run(rule.school, actor=actor)
            return latest
        fresh = _next_version(latest, dict(cut_points), grades, is_on=is_on)
        record_event(
            actor,
            "rule-changed",
            fresh,
            school=rule.school,
            before=as_facts(latest.parameters),
            after=as_facts(cut_points),
        )
        request_run(rule.school, actor=actor)
    return fresh


def switch_rules(school: School, rules: Sequence[Rule], *, actor: User, is_on: bool) -> list[Rule]:
    """Switch rules of ``school`` on or off, all or none, and start one run. Returns those that were not so before."""
    require_ability(actor, "edit_rules", school)
    with transaction.atomic():
        School.objects.select_for_update(no_key=True).get(pk=school.pk)
        rows = Rule.objects.filter(school=school, pk__in=[rule.pk for rule in rules])
        changed = [rule for rule in rows if rule.is_on != is_on]
        for rule in changed:
            if _latest(rule).pk != rule.pk:
                raise DomainError(_("Someone changed “%(rule)s” in the meantime.") % {"rule": rule})
            if is_on:
                _refuse_retired(rule)
        if changed:
            pks = [rule.pk for rule in changed]
            rows.filter(pk__in=pks).update(
                is_on=is_on, was_on=is_on
            )  # undoing an earlier change keeps the switch
            record_events(actor, "rule-switched", changed, school=school, is_on=is_on)
            request_run(school, actor=actor)
    return changed


def undo_rule_change(rule: Rule, *, actor: User) -> Rule:
    """Return to the version before the last change, on or off as it was, and start a run.

    Flags and undecided candidates that appeared since are cleared, and those that resolved since are open again, unless
    the rule is off. Decided candidates stay.
    """
    require_ability(actor, "edit_rules", rule.school)
    with transaction.atomic():
        School.objects.select_for_update(no_key=True).get(pk=rule.school_id)
        latest = _latest(rule)
        if latest.pk != rule.pk:
            raise DomainError(_("Someone changed this rule in the meantime. Review it again."))
        before = Rule.objects.filter(school=rule.school_id, key=rule.key, version=latest.version - 1).first()
        if before is None:
            raise DomainError(_("This is the rule’s first version, so there is nothing to undo."))
        if latest.was_on:
            _refuse_retired(before)
        restore_flags(latest, since=latest.created_at, is_on=latest.was_on)
        grades = before.lowest_grade, before.highest_grade
        fresh = _next_version(latest, before.parameters, grades, is_on=latest.was_on)
        record_event(actor, "rule-change-undone", fresh, school=rule.school, version=latest.version)
        request_run(rule.school, actor=actor)
    return fresh


def _next_version(latest: Rule, parameters: dict[str, Any], grades: Grades, *, is_on: bool) -> Rule:
    """Store the next version of a rule, switch the last one off, and move its unresolved flags."""
    Rule.objects.filter(pk=latest.pk).update(is_on=False)
    fresh = Rule.objects.create(
        school=latest.school,
        key=latest.key,
        version=latest.version + 1,
        name=latest.name,
        kind=latest.kind,
        measure=latest.measure,
        parameters=parameters,
        source=latest.source,
        lowest_grade=grades[0],
        highest_grade=grades[1],
        is_on=is_on,
        was_on=latest.is_on,
    )
    Flag.objects.filter(rule=latest).exclude(state=Flag.State.RESOLVED).update(rule=fresh)
    return fresh


def _latest(rule: Rule) -> Rule:
    return Rule.objects.filter(school=rule.school_id, key=rule.key).latest("version")


def _refuse_retired(rule: Rule, cut_points: Mapping[str, Any] | None = None) -> None:
    """Refuse a rule that is on for a retired measure. The school is locked, so nobody retires it meanwhile."""
    keys = measure_keys(rule.parameters if cut_points is None else cut_points)
    judged = Measure.objects.filter(Q(pk=rule.measure_id) | Q(school=rule.school_id, key__in=keys))
    if measure := judged.exclude(retired_on=None).first():
        raise DomainError(_("“%(measure)s” is retired. Bring it back first.") % {"measure": measure})
