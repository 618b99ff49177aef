"""Whether scores were higher during a plan than before it: every index of the kernel, in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from datareview.outcomes.queries.answers import NONE, FindingTable, row
from datareview.plans.queries.points import recent_points
from datareview.records.models import Measure
from teams.lib import formats

if TYPE_CHECKING:
    from datareview.analysis.caseeffects import CaseEffects
    from datareview.analysis.phases import Effect
    from datareview.analysis.responses import ResponseRatio
    from datareview.outcomes.queries.answers import FindingRow
    from datareview.plans.models import Plan

BEFORE = dt.timedelta(weeks=12)
# Index of the kernel → its name, and what it says.
INDICES = {
    "nap": (
        gettext_lazy("NAP"),
        gettext_lazy("pairs of scores of which the later is better; half is chance"),
    ),
    "tau_bc": (gettext_lazy("Tau, without the trend before"), gettext_lazy("−1 to 1; 0 is no difference")),
    "tau": (gettext_lazy("Tau"), gettext_lazy("−1 to 1; 0 is no difference")),
    "pnd": (gettext_lazy("PND"), gettext_lazy("scores during that beat the best before")),
    "pem": (gettext_lazy("PEM"), gettext_lazy("scores during that beat the middle before; half is chance")),
    "pand": (gettext_lazy("PAND"), gettext_lazy("scores left when the overlap is taken away")),
    "ird": (gettext_lazy("IRD"), gettext_lazy("improvement rate during less that before")),
    "smd_within": (
        gettext_lazy("Standardized difference"),
        gettext_lazy("in standard deviations of the scores before"),
    ),
}
SHARES = {"pnd", "pem", "pand"}
STRENGTHS = {"strong": gettext_lazy("strong"), "medium": gettext_lazy("medium"), "weak": gettext_lazy("weak")}


@dataclass(frozen=True, slots=True)
class PlanEffects:
    """A plan, a sentence about its scores before and during, and the indices with their intervals."""

    plan: Plan
    finding: str
    tables: list[FindingTable]


def effects_of(plan: Plan) -> PlanEffects:
    """Compare scores of twelve weeks before the plan with those during it; three queries at most."""
    from datareview.analysis.caseeffects import effects

    measure, until = plan.measure, plan.ended_on or plan.student.school.today()
    points = recent_points(plan.student_id, measure, plan.starts_on - BEFORE, until)
    before = [(day.toordinal(), value) for day, value in points if day < plan.starts_on]
    during = [(day.toordinal(), value) for day, value in points if day >= plan.starts_on]
    scales: dict[str, str] = {
        Measure.DerivedFrom.ATTENDANCE: "percentage",
        Measure.DerivedFrom.INCIDENTS: "count",
        Measure.DerivedFrom.CHECKS: "percentage",
    }
    found = effects(
        [value for _day, value in before],
        [value for _day, value in during],
        days=([day for day, _value in before], [day for day, _value in during]),
        higher_is_better=measure.higher_is_better,
        scale=scales.get(measure.derived_from),
    )
    counts = _("Scores: %(before)s before the plan and %(during)s during it.") % {
        "before": formats.number(len(before)),
        "during": formats.number(len(during)),
    }
    if found.strength is None:
        few = _("Three before and five during are needed to compare them.")
        return PlanEffects(plan, f"{counts} {few}", [])
    words = _("%(index)s speaks for a %(strength)s difference.") % {
        "index": INDICES["nap"][0],
        "strength": STRENGTHS[found.strength],
    }
    if found.trend.is_marked:
        words = _("Scores were rising or falling before already: read Tau without that trend, not NAP.")
    columns = (_("Index"), _("Value"), _("95% interval"), _("What it says"))
    rows = [_row(key, found.effects[key]) for key in INDICES if key in found.effects]
    return PlanEffects(
        plan, f"{counts} {words}", [FindingTable(_("Before and during"), columns, rows + _ratios(found))]
    )


def _row(key: str, effect: Effect) -> FindingRow:
    name, says = INDICES[key]
    if effect.value is None:
        return row(str(name), None, None, str(says))
    interval = NONE
    if effect.low is not None and effect.high is not None:
        interval = _("%(low)s to %(high)s") % {
            "low": _figure(key, effect.low),
            "high": _figure(key, effect.high),
        }
    return row(str(name), _figure(key, effect.value), interval, str(says))


def _figure(key: str, value: float) -> str:
    return formats.percent(100 * value, 0) if key in SHARES else formats.fixed(value, 2)


def _ratios(found: CaseEffects) -> list[FindingRow]:
    """The change of the mean in percent, of counts and shares."""
    ratio: ResponseRatio | None = next(
        (one for one in found.responses.values() if one.percent is not None), None
    )
    if ratio is None or ratio.percent is None or ratio.percent_low is None or ratio.percent_high is None:
        return []
    ends = {"low": formats.signed(ratio.percent_low, 0), "high": formats.signed(ratio.percent_high, 0)}
    return [
        row(
            _("Change of the mean, percent"),
            formats.signed(ratio.percent, 0),
            _("%(low)s to %(high)s") % ends,
            _("how much more or less than before"),
        )
    ]
