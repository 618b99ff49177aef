"""Charts to explore results with: what was chosen in an item, the check before against this one, and all of the year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.charts.spec import Chart, Line, Series, Table
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datareview.records.models import Assessment, Student
    from datareview.results.frames.items import ItemResult, OptionCount

WHOLE_SCALE = (0, 100)


@dataclass(frozen=True, slots=True)
class CheckScores:
    """The percent of the points that students (by primary key) earned in an assessment, all of whose items were entered."""

    assessment: Assessment
    scores: Mapping[int, float]


def item_chart(result: ItemResult) -> Chart | None:
    """How many students chose each option of an item; None if it has no options."""
    options = [one for one in result.options if one.label or one.n]
    if not options:
        return None
    number = formats.number(result.number)
    return Chart(
        title=_("Item %(item)s: what was chosen") % {"item": number},
        sentence=result.finding
        or _("%(right)s of %(all)s have item %(item)s right.")
        % {"right": formats.number(result.right), "all": formats.number(result.n), "item": number},
        y_label=_("students"),
        x_kind="category",
        series=[
            Series(
                kind="bars",
                name=_("Students"),
                x=[_option(one) for one in options],
                y=[one.n for one in options],
                labels=[_chosen(one) for one in options],
            )
        ],
        table=Table(
            columns=(_("Option"), _("Students"), _("Percent")),
            rows=tuple(
                (_option(one), one.n, round(100 * one.n / one.of) if one.of else None) for one in options
            ),
        ),
    )


def _option(one: OptionCount) -> str:
    return f"{one.label} ✓" if one.is_key else one.label or _("blank")


def _chosen(one: OptionCount) -> str:
    words = _("%(option)s: %(n)s of %(all)s") % {
        "option": _option(one),
        "n": formats.number(one.n),
        "all": formats.number(one.of),
    }
    return f"{words} – {one.text}" if one.text else words


def against_chart(
    before: CheckScores, now: CheckScores, students: Mapping[int, Student], *, is_again: bool
) -> Chart | None:
    """Each student's percent in the check before against this one; None if nobody sat both."""
    both = [(one, before.scores[pk], now.scores[pk]) for pk, one in students.items() if _sat(pk, before, now)]
    if not both:
        return None
    more = sum(after > first for _one, first, after in both)
    names = {"n": formats.number(more), "all": formats.number(len(both)), "check": before.assessment}
    caution = (
        _("Low scores rise more when a check is repeated, also without teaching.")
        if is_again
        else _("The two checks ask different items: compare who is far from the others, not the points.")
    )
    return Chart(
        title=ngettext(
            "%(n)s of %(all)s student has a larger share of the points than in %(check)s",
            "%(n)s of %(all)s students have a larger share of the points than in %(check)s",
            len(both),
        )
        % names,
        sentence=_("Each point is a student; above the line the share is larger than before.")
        + " "
        + caution,
        x_label=_("percent in %(check)s, %(day)s")
        % {"check": before.assessment, "day": formats.short_day(before.assessment.given_on)},
        y_label=_("percent now"),
        x_kind="number",
        series=[
            Series(
                kind="line", name=_("Same share"), x=WHOLE_SCALE, y=WHOLE_SCALE, role="quiet", dashed=True
            ),
            Series(
                kind="points",
                name=_("Students"),
                x=[first for _one, first, _after in both],
                y=[after for _one, _first, after in both],
                labels=[f"{one}: {_percent(first)} → {_percent(after)}" for one, first, after in both],
                links=[one.get_absolute_url() for one, _first, _after in both],
            ),
        ],
        y_range=WHOLE_SCALE,
        table=Table(
            columns=(_("Student"), _("Percent before"), _("Percent now")),
            rows=tuple((str(one), round(first), round(after)) for one, first, after in both),
            links=tuple((one.get_absolute_url(), "", "") for one, _first, _after in both),
        ),
    )


def time_chart(checks: Sequence[CheckScores], students: Mapping[int, Student], cut: float) -> Chart | None:
    """The percent of each student in each check, in order of their days; None with fewer than two checks.

    ``cut`` is the percent from which a student is secure in the last one.
    """
    import numpy as np

    if len(checks) < 2:
        return None
    names = {
        one.assessment.pk: f"{one.assessment} {formats.short_day(one.assessment.given_on)}" for one in checks
    }
    boxes = {
        one.assessment.pk: [float(q) for q in np.percentile(list(one.scores.values()), (25, 50, 75))]
        for one in checks
    }
    points = [(one, pk, value) for one in checks for pk, value in one.scores.items() if pk in students]
    last, first = (boxes[one.assessment.pk][1] for one in (checks[-1], checks[-2]))
    return Chart(
        title=_("Half of the students have %(now)s of the points or more now, %(before)s in the check before")
        % {"now": _percent(last), "before": _percent(first)},
        sentence=_("Each point is a student; a box is the middle half, its line the median.")
        + " "
        + _("The checks ask different items, so a change of all may be one of the test."),
        y_label=_("percent of the points"),
        x_kind="category",
        series=[
            Series(
                kind="box",
                name=_("Middle half"),
                x=[names[pk] for pk in boxes],
                y=[box[1] for box in boxes.values()],
                low=[box[0] for box in boxes.values()],
                high=[box[2] for box in boxes.values()],
                role="trend",
            ),
            Series(
                kind="strip",
                name=_("Students"),
                x=[names[one.assessment.pk] for one, _pk, _value in points],
                y=[value for _one, _pk, value in points],
                labels=[f"{students[pk]}: {_percent(value)}" for _one, pk, value in points],
                links=[students[pk].get_absolute_url() for _one, pk, _value in points],
            ),
        ],
        lines=[Line(axis="y", at=cut, label=_("secure"), role="benchmark")],
        y_range=WHOLE_SCALE,
        table=Table(
            columns=(_("Check"), _("Students"), _("Median percent")),
            rows=tuple(
                (names[one.assessment.pk], len(one.scores), round(boxes[one.assessment.pk][1]))
                for one in checks
            ),
        ),
    )


def _sat(pk: int, before: CheckScores, now: CheckScores) -> bool:
    return pk in before.scores and pk in now.scores


def _percent(value: float) -> str:
    return formats.percent(value, 0)
