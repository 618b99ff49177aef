"""A student in one or two sentences, computed from measures, attendance, incidents and plans.

Only what the rules of the other parts of the page say is said: a direction needs six scores over six weeks, a change of
absences or a weekday a test, and a level the benchmark of the score's own window.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.students.queries.attendance import on_a_weekday
from datareview.students.queries.domains import UNKNOWN, DomainView
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datareview.students.queries.attendance import AttendanceRecord
    from datareview.students.queries.support import PlanView

MOST_MEASURES = 2
BENCHMARK, ABOVE = 3, 4


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence about the student; ``is_news`` if it needs attention."""

    text: str
    is_news: bool = False


def status_of(
    views: Sequence[DomainView],
    attendance: AttendanceRecord,
    lately: int,
    plans: Sequence[PlanView],
    *,
    is_whole: bool,
) -> list[Sentence]:
    """Sentences about a student: learning, attendance, ``lately`` incidents in four weeks, plans.

    All measures are spoken of only if ``views`` are of all of them (``is_whole``).
    """
    found = [*_learning(views, plans, is_whole=is_whole), *_attendance(attendance)]
    if lately:
        words = ngettext(
            "%(n)d incident in the last four weeks.", "%(n)d incidents in the last four weeks.", lately
        )
        found.append(Sentence(words % {"n": lately}, is_news=True))
    found += [_plan(view) for view in plans]
    return found or [Sentence(_("No scores or attendance yet this year."))]


def strengths_of(views: Sequence[DomainView], attendance: AttendanceRecord) -> list[str]:
    """What goes well by the data: measures above benchmark, measures that improve, and firm attendance."""
    found = []
    for view in views:
        figures = {"measure": view.measure, "value": view.value, "unit": view.unit, "level": view.level_name}
        if (view.level or 0) >= ABOVE and not view.is_bad:
            found.append(_("%(measure)s: %(value)s %(unit)s, %(level)s") % figures)
        elif view.is_good and not view.measure.derived_from:
            found.append(_("%(measure)s improves: now %(value)s %(unit)s") % figures)
    if attendance.is_firm:
        words = ngettext("Here on %(n)s of %(days)d day", "Here on %(n)s of %(days)d days", attendance.days)
        here = formats.number(attendance.days - attendance.absent, 1)
        found.append(words % {"n": here, "days": attendance.days})
    return found


def _learning(views: Sequence[DomainView], plans: Sequence[PlanView], *, is_whole: bool) -> list[Sentence]:
    """The measures of plans and those below benchmark first; one sentence if all is well."""
    academic = [view for view in views if view.is_academic]
    judged = [view for view in academic if view.level is not None]
    if (
        is_whole
        and len(judged) > 1
        and all((view.level or 0) >= BENCHMARK and not view.is_bad for view in judged)
    ):
        if len(judged) == 2:
            return [Sentence(_("At or above benchmark in both measures."))]
        return [Sentence(_("At or above benchmark in all %(n)d measures.") % {"n": len(judged)})]
    planned = {one.plan.measure_id for one in plans}
    names = _names(academic)

    def urgency(view: DomainView) -> tuple[bool, int, bool]:
        level = BENCHMARK if view.level is None else view.level
        return view.measure.pk not in planned, level, not view.is_bad

    found = [(view, _measure(view, names[view.measure.pk])) for view in sorted(academic, key=urgency)]
    said = [(view, words) for view, words in found if words][:MOST_MEASURES]
    sentences = [
        Sentence(words, is_news=view.is_bad or (view.level is not None and view.level < BENCHMARK))
        for view, words in said
    ]
    strong = next(
        (view for view in academic if (view.level or 0) >= ABOVE and view not in [v for v, _w in said]), None
    )
    if strong:
        sentences.append(Sentence(_("%(measure)s is a strength.") % {"measure": names[strong.measure.pk]}))
    return sentences


def _names(views: Sequence[DomainView]) -> dict[int, str]:
    """By measure, its subject if no other measure has that, else its name."""
    subjects = Counter(view.measure.subject.strip().lower() for view in views)
    return {
        view.measure.pk: capfirst(subject)
        if (subject := view.measure.subject.strip()) and subjects[subject.lower()] == 1
        else str(view.measure)
        for view in views
    }


def _measure(view: DomainView, name: str) -> str:
    figures = {
        "measure": name,
        "day": formats.short_day(view.below_since) if view.below_since else "",
    }
    if view.level is None:
        return _direction(view) % figures
    if view.level >= BENCHMARK:
        if view.is_bad:
            return _("%(measure)s is at benchmark, but getting worse.") % figures
        words = (
            _("%(measure)s is a strength.") if (view.level or 0) >= ABOVE else _("%(measure)s is on track.")
        )
        return words % figures
    if view.below_since:
        return _("%(measure)s has been below benchmark since %(day)s.") % figures
    if view.is_good:
        return _("%(measure)s is below benchmark and improving.") % figures
    if view.is_bad:
        return _("%(measure)s is below benchmark and getting worse.") % figures
    if view.direction == UNKNOWN:
        return _("%(measure)s is below benchmark; too few scores for a trend.") % figures
    return _("%(measure)s is below benchmark, without clear growth.") % figures


def _direction(view: DomainView) -> str:
    if view.is_good:
        return _("%(measure)s is improving.")
    return _("%(measure)s is getting worse.") if view.is_bad else ""


def _attendance(record: AttendanceRecord) -> list[Sentence]:
    found = []
    if record.change:
        change = record.change
        words = (
            _(
                "Absences have risen since %(day)s: %(after)d of %(days)d days, before that %(before)d of %(all)d."
            )
            if change.is_rise
            else _(
                "Absences have fallen since %(day)s: %(after)d of %(days)d days, before that %(before)d of %(all)d."
            )
        )
        figures = {"day": formats.short_day(change.since), "after": change.after[0], "days": change.after[1]}
        before = {"before": change.before[0], "all": change.before[1]}
        found.append(Sentence(words % (figures | before), is_news=change.is_rise))
    elif record.is_chronic:
        words = _("Absent on %(n)s of %(days)d days (%(share)s).")
        share = formats.percent(record.percent_absent, 0)
        found.append(
            Sentence(words % {"n": record.missed, "days": record.days, "share": share}, is_news=True)
        )
    if record.weekday:
        found.append(Sentence(on_a_weekday(record.weekday) + ".", is_news=True))
    if not found and record.is_firm:
        found.append(Sentence(_("Attendance is steady.")))
    return found


def _plan(view: PlanView) -> Sentence:
    label = view.progress.delivery or view.progress.label
    words = _("Plan, %(strategy)s: %(verdict)s.")
    figures = {"strategy": view.plan.strategy, "verdict": label.lower()}
    return Sentence(words % figures, is_news=view.progress.tone == "act")
