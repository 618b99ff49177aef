"""Adopt, try out and change rules; every change is a new version, which can be undone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.flags.cut_points import CUT_POINTS, EVERY_GRADE, are_ordered, cut_points_of
from datareview.flags.models import Candidate, Flag, Rule, Severity
from datareview.flags.services.flags import LIVE, restore_flags
from datareview.records.models import Measure
from datareview.records.permissions import students_visible_to
from datareview.records.queries.order import by_name
from datareview.rules.presets import presets
from datareview.runs.services.runs import request_run
from datareview.trends.models import TrendScope
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.directory.models import School
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from datareview.flags.queries.flags import Judgement
    from datareview.records.models import Student
    from teams.directory.models import User

Grades = tuple[int, int]
ACT = (Severity.ACT, Severity.SEVERE)
KEY_LENGTH, NAME_LENGTH = 60, 120


@dataclass(frozen=True, slots=True)
class Trial:
    """Students who would meet a changed rule today, by severity, next to those who meet the current one.

    ``added`` and ``removed`` are students whom the actor may see, and ``unnamed`` the number of other ones. ``raised``
    is the number of new candidates, ``cleared`` that of undecided ones without another reason, and ``kept`` that of
    decided ones, which stay.
    """

    watch: int
    act: int
    watch_now: int
    act_now: int
    students: int
    added: list[Student] = field(default_factory=list)
    removed: list[Student] = field(default_factory=list)
    unnamed: int = 0
    raised: int = 0
    cleared: int = 0
    kept: int = 0


def adopt_preset(
    school: School, key: str, *, actor: User, measure: Measure | None = None, grades: Grades | None = None
) -> Rule:
    """Add the preset ``key`` to the school's rules, for ``grades`` (default: those of its source), and start a run."""
    require_ability(actor, "edit_rules", school)
    preset = presets().get(key)
    if preset is None or preset.needs_measure != (measure is not None):
        raise DomainError(_("That preset doesn’t exist."))
    if measure and measure.school_id != school.pk:
        raise DomainError(_("That measure belongs to another school."))
    lowest, highest = grades or (preset.lowest_grade, preset.highest_grade)
    _check_grades((lowest, highest))
    own_key = f"{key}-{measure.key}" if measure else key
    if measure and len(own_key) > KEY_LENGTH:
        own_key = f"{key}-{measure.pk}"
    with transaction.atomic():
        School.objects.select_for_update(no_key=True).get(pk=school.pk)
        if Rule.objects.filter(school=school, key=own_key).exists():
            raise DomainError(_("The school already has this rule."))
        _refuse_retired(measure)
        rule = Rule.objects.create(
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
        record_event(actor, "rule-adopted", rule, school=school, preset=f"{key}@{preset.version}")
        request_run(school, actor=actor)
    return rule


def revise_rule(
    rule: Rule,
    *,
    actor: User,
    cut_points: Mapping[str, float],
    is_on: bool,
    grades: Grades | None = None,
) -> Rule:
    """Save cut points and grades (default: the same) as a new version, switch the rule on or off, and start a run.

    Open flags move to the new version with their history, and the next run judges them by it.
    """
    require_ability(actor, "edit_rules", rule.school)
    grades = grades or (rule.lowest_grade, rule.highest_grade)
    _check(rule.kind, cut_points)
    _check_grades(grades)
    with transaction.atomic():
        School.objects.select_for_update(no_key=True).get(pk=rule.school_id)
        latest = _latest(rule)
        if latest.pk != rule.pk:
            raise DomainError(_("Someone changed this rule in the meantime. Review it again."))
        if is_on:
            _refuse_retired(latest.measure)
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
            actor, "rule-changed", fresh, school=rule.school, before=latest.parameters, after=dict(cut_points)
        )
        request_run(rule.school, actor=actor)
    return fresh


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
            _refuse_retired(latest.measure)
        restore_flags(latest, since=latest.created_at, is_on=latest.was_on)
        grades = before.lowest_grade, before.highest_grade
        fresh = _next_version(latest, before.parameters, grades, is_on=latest.was_on)
        record_event(actor, "rule-change-undone", fresh, school=rule.school, version=latest.version)
        request_run(rule.school, actor=actor)
    return fresh


def try_rule(
    rule: Rule, *, actor: User, cut_points: Mapping[str, float], grades: Grades | None = None
) -> Trial:
    """Judge students by the rule with other cut points and grades, without writing."""
    require_ability(actor, "edit_rules", rule.school)
    grades = grades or (rule.lowest_grade, rule.highest_grade)
    _check(rule.kind, cut_points)
    _check_grades(grades)
    changed = Rule(
        pk=0,
        school=rule.school,
        kind=rule.kind,
        measure=rule.measure,
        parameters=dict(cut_points),
        lowest_grade=grades[0],
        highest_grade=grades[1],
    )
    now, then, students = _judge_both(rule, changed)
    many_now = Counter(judgement.severity for judgement in now.values())
    many_then = Counter(judgement.severity for judgement in then.values())
    met_now = {pk for pk, judgement in now.items() if judgement.severity}
    met_then = {pk for pk, judgement in then.items() if judgement.severity}
    visible = students_visible_to(actor).filter(pk__in=met_now ^ met_then).order_by(*by_name())
    named = list(visible)
    return Trial(
        watch=many_then[Severity.WATCH],
        act=sum(many_then[level] for level in ACT),
        watch_now=many_now[Severity.WATCH],
        act_now=sum(many_now[level] for level in ACT),
        students=students,
        added=[student for student in named if student.pk in met_then],
        removed=[student for student in named if student.pk in met_now],
        unnamed=len(met_now ^ met_then) - len(named),
        **_candidates(rule, then),
    )


def _judge_both(rule: Rule, changed: Rule) -> tuple[dict[int, Judgement], dict[int, Judgement], int]:
    """Judgements of today by ``rule`` and by ``changed``, each of its own grades, and the number of students."""
    from datareview.flags.services.judgements import judge_scope
    from datareview.trends.frames import read_scope
    from datareview.trends.services.trend_rows import trend_rows

    now: dict[int, Judgement] = {}
    then: dict[int, Judgement] = {}
    students, today = 0, rule.school.today()
    for scope in TrendScope.objects.filter(school=rule.school).select_related("school"):
        chosen = [one for one in (rule, changed) if one.covers(scope.grade)]
        if not chosen:
            continue
        known = read_scope(scope, rule.school.year_start(today), today)
        judged = judge_scope(chosen, known, trend_rows(known))
        now |= judged.get(rule.pk, {})
        then |= judged.get(changed.pk or 0, {})
        students += len(known.students)
    return now, then, students


def _candidates(rule: Rule, then: Mapping[int, Judgement]) -> dict[str, int]:
    """Numbers of candidates that a change would raise, clear and keep, as far as this rule decides it."""
    acting = {(pk, one.domain) for pk, one in then.items() if one.severity in ACT}
    live = Candidate.objects.filter(student__school=rule.school, state__in=LIVE)
    known = set(live.values_list("student", "domain"))
    others = Flag.objects.filter(
        student__school=rule.school, state=Flag.State.OPEN, severity__gte=Severity.ACT
    ).exclude(rule=rule)
    held = acting | set(others.values_list("student", "domain"))
    own = live.filter(flags__rule=rule, flags__state=Flag.State.OPEN).distinct()
    lost = [state for student, domain, state in _states(own) if (student, domain) not in held]
    undecided = lost.count(Candidate.State.NEW)
    return {"raised": len(acting - known), "cleared": undecided, "kept": len(lost) - undecided}


def _states(candidates: Iterable[Candidate]) -> list[tuple[int, str, str]]:
    return [(one.student_id, one.domain, one.state) for one in candidates]


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


def _refuse_retired(measure: Measure | None) -> None:
    """Refuse a rule that is on for a retired measure. The school is locked, so nobody retires it meanwhile."""
    if measure and Measure.objects.filter(pk=measure.pk).exclude(retired_on=None).exists():
        raise DomainError(_("“%(measure)s” is retired. Bring it back first.") % {"measure": measure})


def _check(kind: str, cut_points: Mapping[str, Any]) -> None:
    if cut_points.keys() != {cut_point.name for cut_point in CUT_POINTS[kind]} or not are_ordered(
        kind, cut_points
    ):
        raise DomainError(_("Each cut point must be more serious than the one before it."))


def _check_grades(grades: Grades) -> None:
    if not EVERY_GRADE[0] <= grades[0] <= grades[1] <= EVERY_GRADE[1]:
        raise DomainError(_("The last grade must not be before the first."))
