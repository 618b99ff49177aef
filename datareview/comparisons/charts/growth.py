"""Growth against score: how much each student gained, beside the medians of the school."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils.translation import gettext as _

from datareview.charts.palette import level_role
from datareview.charts.spec import Chart, Line, Series, Table
from datareview.records.models.measures import AT
from teams.lib import formats

MOST_LISTED = 300  # students in the table of the chart; the page lists all of them beneath

if TYPE_CHECKING:
    from datareview.comparisons.charts.facts import ScoreFacts


@dataclass(frozen=True, slots=True)
class SchoolMedians:
    """Medians over ``n`` students of the same grades of the school, with a score in both windows."""

    n: int
    value: float
    change: float


def growth(facts: ScoreFacts, school: SchoolMedians | None) -> Chart:
    """Draw each student's newest score and change; lines at the school's medians, or the cohort's own without."""
    both, sign = facts.both, 1 if facts.measure.higher_is_better else -1
    names = (facts.before.name if facts.before else "", facts.after.name)
    if both.empty:
        sentence = _("Choose two windows in which this measure was taken.")
        return Chart(title=_("No one has a score in both windows"), sentence=sentence, source=facts.source(0))
    medians = school or SchoolMedians(
        len(both), float(both["after_value"].median()), float(both["change"].median())
    )
    slow = both[sign * both["change"] < sign * medians.change]
    behind, was_behind = both[both["after_level"] < AT], both[both["before_level"] < AT]
    figures = {
        "slow": len(slow),
        "all": len(both),
        "median": formats.signed(round(medians.change, facts.measure.decimals)),
        "behind": len(behind),
        "slow_behind": len(slow[slow["after_level"] < AT]),
        "was_behind": len(was_behind),
        "slow_was_behind": len(slow[slow["before_level"] < AT]),
        "n": medians.n,
        "before": facts.before.name_in_text if facts.before else "",
        "now": facts.after.name_in_text,
    }
    series = []
    for level, name in [*facts.measure.words_of_levels.items(), (None, _("No benchmark"))]:
        part = both[both["after_level"].isna()] if level is None else both[both["after_level"] == level]
        if part.empty:
            continue
        labels = [
            f"{facts.students[pk]}: {facts.number(now)} ({formats.signed(round(change, facts.measure.decimals))})"
            for pk, now, change in zip(part.index, part["after_value"], part["change"], strict=True)
        ]
        series.append(
            Series(
                kind="points",
                name=name,
                x=part["after_value"].tolist(),
                y=part["change"].tolist(),
                role="data" if level is None else level_role(level),
                labels=labels,
                links=[facts.students[pk].get_absolute_url() for pk in part.index],
            )
        )
    return Chart(
        title=_title(figures, is_school=school is not None),
        sentence=_sentence(facts, figures, is_school=school is not None),
        x_label=_("Score in %(window)s") % {"window": facts.after.name_in_text},
        y_label=_("change since %(window)s") % {"window": figures["before"]},
        x_kind="number",
        series=series,
        lines=[
            Line(axis="y", at=medians.change, label=_("median change"), role="benchmark"),
            Line(axis="x", at=medians.value, label=_("median score"), role="phase"),
        ],
        source=facts.source(len(both)),
        table=Table()
        if len(both) > MOST_LISTED
        else Table(
            columns=(_("Student"), *names, _("Change")),
            rows=tuple(
                (
                    str(facts.students[pk]),
                    facts.number(was),
                    facts.number(now),
                    formats.signed(round(now - was, facts.measure.decimals)),
                )
                for pk, was, now in zip(both.index, both["before_value"], both["after_value"], strict=True)
            ),
            links=tuple((facts.students[pk].get_absolute_url(), "", "", "") for pk in both.index),
        ),
    )


def _title(figures: dict[str, Any], *, is_school: bool) -> str:
    """How many of those below benchmark grew less than the median, else how many of all."""
    who = "behind" if figures["behind"] else "all"
    words = {
        ("behind", True): _(
            "%(slow_behind)d of %(behind)d below benchmark grew less than the school’s median of %(median)s"
        ),
        ("behind", False): _(
            "%(slow_behind)d of %(behind)d below benchmark grew less than the median of %(median)s"
        ),
        ("all", True): _("%(slow)d of %(all)d grew less than the school’s median of %(median)s"),
        ("all", False): _("%(slow)d of %(all)d grew less than the median of %(median)s"),
    }
    return words[who, is_school] % figures


def _sentence(facts: ScoreFacts, figures: dict[str, Any], *, is_school: bool) -> str:
    """What the lines are, how much of a change is error, and that the error in the newest score is in the change, too."""
    found = _("Each point is a student: the score in %(now)s, and the change since %(before)s.") % figures
    if is_school:
        found += (
            " " + _("The lines are the medians of %(n)d students of the same grades at the school.") % figures
        )
    if facts.measure.sem:
        error = formats.number(1.96 * np.sqrt(2) * facts.measure.sem, 0)
        found += " " + _("A change of less than %(error)s may be chance.") % {"error": error}
    if figures["behind"] and figures["was_behind"]:
        text = _(
            "A low score now goes with a small change by chance alone: of %(was_behind)d below benchmark in %(before)s, "
            "%(slow_was_behind)d grew less."
        )
        found += f" {text % figures}"
    return found
