"""What plans of each strategy gained here, in words."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.outcomes.permissions import plans_counted_for
from datareview.outcomes.queries.answers import Finding, FindingTable, interval_in_words, row, too_few
from datareview.outcomes.queries.delivery import Minutes, deliveries
from datareview.plans.queries.worked import ENOUGH, what_worked, worked_of_month
from datareview.strategies.models import Strategy
from teams.lib import formats

if TYPE_CHECKING:
    from datareview.outcomes.queries.answers import Asked, FindingRow
    from datareview.plans.queries.worked import Interval, MonthWorked, Worked


def strategies_answer(asked: Asked) -> Finding:
    """Strategies with plans, by area: what they gained of the aim, beyond similar students, and how much was held.

    Who starts plans without seeing the school gets those kept for the month: others would tell students apart.
    """
    is_of_others = asked.is_provider
    month = worked_of_month(asked.school) if is_of_others else None
    if is_of_others:
        worked = month.rows if month else {}
    else:
        worked = what_worked(asked.school, asked.some(plans_counted_for(asked.user, asked.school)))
    held: dict[int, Minutes] = defaultdict(Minutes)
    if not is_of_others:
        for one in deliveries(asked):
            held[one.plan.strategy_id].add(one)
    areas: dict[str, list[FindingRow]] = defaultdict(list)
    found = [(one, worked[one.pk]) for one in _strategies(worked)]
    for strategy, what in found:
        areas[strategy.get_domain_display()].append(_row(strategy, what, held[strategy.pk]))
    many = sum(what.plans for what in worked.values())
    counted = ngettext("%(n)s plan", "%(n)s plans", many) % {"n": formats.number(many)}
    columns = (
        *(_("Strategy"), _("Plans"), _("Ended, goal met"), _("Gained of the aim")),
        *(_("Beyond similar students"), _("Scores clearly higher"), _("Minutes held")),
    )
    return Finding(
        "strategies",
        _in_words(found),
        _month_in_words(month, counted) if is_of_others else asked.scope_words(counted),
        [FindingTable(name, columns, rows) for name, rows in sorted(areas.items())],
        _notes(),
    )


def _month_in_words(month: MonthWorked | None, counted: str) -> str:
    if month is None:
        return _("The figures are counted on the first night, and then once a month.")
    words = _("%(n)s · whole school, all years, as of %(day)s; counted once a month")
    return words % {"n": counted, "day": formats.day(month.day)}


def _notes() -> list[str]:
    return [
        _(
            "Gained of the aim: what students gained by their last three scores, as a share of what the goal line asks by"
            " that day; 100% is on the line. With its 95% interval over the students."
        ),
        _(
            "Beyond similar students: the same gain less that of students of the grade without a plan on the measure, whose"
            " first score was within half a standard deviation. Above 0 they gained more. It is no trial: who gets a plan is"
            " no accident."
        ),
        _("Scores clearly higher: plans of which scores during the plan hardly overlap with those before."),
        _("Of fewer than %(n)s students no figure is stated, as a few say little about the next.")
        % {"n": ENOUGH},
    ]


def _strategies(worked: dict[int, Worked]) -> list[Strategy]:
    """The strategies, those that gained most of their aim first, then those of which too few is known, by name."""
    rows = Strategy.objects.filter(pk__in=worked).order_by("name", "pk")
    return sorted(rows, key=lambda one: -(worked[one.pk].share or (-1e9,))[0])


def _row(strategy: Strategy, what: Worked, held: Minutes) -> FindingRow:
    return row(
        strategy.name,
        what.plans,
        _of(what.met, what.ended, 1),
        _share(what.share, what.judged),
        _beyond(what.beyond, what.compared),
        _of(what.higher, what.phased, ENOUGH),
        held.share,
        url=strategy.get_absolute_url(),
    )


def _of(cases: int, n: int, least: int) -> str:
    if n < least:
        return too_few(n)
    return _("%(n)s of %(all)s") % {"n": formats.number(cases), "all": formats.number(n)}


def _share(share: Interval | None, n: int) -> str:
    if share is None:
        return too_few(n)
    return _("%(interval)s, n = %(n)s") % {"interval": interval_in_words(*share), "n": formats.number(n)}


def _beyond(beyond: Interval | None, n: int) -> str:
    if beyond is None:
        return too_few(n)
    middle, low, high = (formats.signed(round(100 * one)) for one in beyond)
    return _("%(middle)s points (%(low)s to %(high)s), n = %(n)s") % {
        "middle": middle, "low": low, "high": high, "n": formats.number(n),
    }  # fmt: skip


def _in_words(found: list[tuple[Strategy, Worked]]) -> str:
    known = [(one, what.share) for one, what in found if what.share]
    if not found:
        return _("No plan has been counted.")
    if not known:
        return _("Too few to say of any strategy: ten students with four weeks of scores are needed.")
    behind = [one for one, share in known if share[2] < 1]
    best = known[0]
    text = _("Plans with %(strategy)s gained most of their aim: %(share)s.") % {
        "strategy": best[0].name,
        "share": formats.percent(100 * best[1][0], 0),
    }
    if behind:
        text += " " + ngettext(
            "%(n)s strategy is clearly behind its goal line.",
            "%(n)s strategies are clearly behind their goal lines.",
            len(behind),
        ) % {"n": formats.number(len(behind))}
    return text
