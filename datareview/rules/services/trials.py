"""What a new or changed rule would do today, without writing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from datareview.flags.models import Candidate, Flag, Rule, Severity
from datareview.records.permissions import students_visible_to
from datareview.records.queries.order import by_name
from datareview.rules.services.drafts import check_cut_points, check_grades
from datareview.trends.models import TrendScope
from teams.access.permissions import require_ability

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from datareview.flags.queries.flags import Judgement
    from datareview.records.models import Student
    from datareview.rules.services.drafts import Grades
    from teams.directory.models import School, User

ACT = (Severity.ACT, Severity.SEVERE)


@dataclass(frozen=True, slots=True)
class Trial:
    """Students who would meet a new or changed rule today, by severity, next to those who meet the current one.

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


def try_rule(
    rule: Rule, *, actor: User, cut_points: Mapping[str, Any], grades: Grades | None = None
) -> Trial:
    """Judge students by the rule with other cut points and grades, without writing."""
    require_ability(actor, "edit_rules", rule.school)
    grades = grades or (rule.lowest_grade, rule.highest_grade)
    check_cut_points(rule, cut_points)
    check_grades(grades)
    changed = Rule(
        pk=0,
        school=rule.school,
        kind=rule.kind,
        measure=rule.measure,
        parameters=dict(cut_points),
        lowest_grade=grades[0],
        highest_grade=grades[1],
    )
    return _trial(rule, changed, actor)


def try_new_rule(rule: Rule, *, actor: User) -> Trial:
    """Judge students by an unsaved ``rule``, without writing; all who meet it are ``added``."""
    require_ability(actor, "edit_rules", rule.school)
    rule.pk = 0
    return _trial(None, rule, actor)


def _trial(rule: Rule | None, changed: Rule, actor: User) -> Trial:
    now, then, before, students = _judge_both(rule, changed)
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
        **_candidates(rule, changed.school, then, before),
    )


def _judge_both(
    rule: Rule | None, changed: Rule
) -> tuple[dict[int, Judgement], dict[int, Judgement], dict[int, int], int]:
    """Judgements of today by ``rule``, if any, and by ``changed``, its severities a week ago, and the number of students.

    Each judges its own grades.
    """
    from datareview.judgements.judges import judge_scope
    from datareview.runs.services.compute import WEEK
    from datareview.trends.frames.scope import read_scope
    from datareview.trends.services.trend_rows import trend_rows

    now: dict[int, Judgement] = {}
    then: dict[int, Judgement] = {}
    before: dict[int, int] = {}
    school = changed.school
    students, today = 0, school.today()
    for scope in TrendScope.objects.filter(school=school).select_related("school"):
        chosen = [one for one in (rule, changed) if one and one.covers(scope.grade)]
        if not chosen:
            continue
        known = read_scope(scope, school.year_start(today), today)
        judged = judge_scope(chosen, known, trend_rows(known))
        now |= judged.get(rule.pk, {}) if rule else {}
        then |= judged.get(changed.pk or 0, {})
        students += len(known.students)
        if changed in chosen:
            earlier = known.as_of(known.until - WEEK)
            severities = judge_scope([changed], earlier, trend_rows(earlier))[changed.pk or 0]
            before |= {pk: one.severity for pk, one in severities.items()}
    return now, then, before, students


def _candidates(
    rule: Rule | None, school: School, then: Mapping[int, Judgement], before: Mapping[int, int]
) -> dict[str, int]:
    """Numbers of candidates that the next run would raise, clear and keep, as far as this rule decides it.

    As in a run, a flag opens if the rule held a week ago, too, or is urgent, and an open one stays within the margin; who
    was decided to need no action is not raised again by the same flag.
    """
    flags = {one.student_id: one for one in Flag.objects.filter(rule=rule, state=Flag.State.OPEN)}
    acting = {
        (pk, one.domain): severity
        for pk, one in then.items()
        if (severity := _held(one, flags.get(pk), before.get(pk, 0))) in ACT
    }
    live = Candidate.objects.filter(student__school=school, state__in=Candidate.LIVE)
    known = set(live.values_list("student", "domain"))
    settled = Candidate.objects.filter(
        student__school=school, state=Candidate.State.NO_ACTION, flags__in=flags.values()
    )
    known |= {
        (one.student_id, one.domain)
        for one in settled
        if acting.get((one.student_id, one.domain), 0) <= one.severity
    }
    others = Flag.objects.filter(
        student__school=school, state=Flag.State.OPEN, severity__gte=Severity.ACT
    ).exclude(rule=rule)
    held = set(acting) | set(others.values_list("student", "domain"))
    own = live.filter(flags__rule=rule, flags__state=Flag.State.OPEN).distinct()
    lost = [state for student, domain, state in _states(own) if (student, domain) not in held]
    undecided = lost.count(Candidate.State.NEW)
    return {"raised": len(set(acting) - known), "cleared": undecided, "kept": len(lost) - undecided}


def _held(judgement: Judgement, flag: Flag | None, before: int) -> int:
    """The severity of the student's flag after the next run; 0 if none is open."""
    stays = judgement.stays(flag.severity, before) if flag else 0
    opens = flag or before or judgement.severity == Severity.SEVERE
    return max(judgement.severity if opens else 0, stays)


def _states(candidates: Iterable[Candidate]) -> list[tuple[int, str, str]]:
    return [(one.student_id, one.domain, one.state) for one in candidates]
