"""One student's scores over the windows, between the quartiles of the same grade at the school."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.charts.spec import Chart, Series, Table

if TYPE_CHECKING:
    from datareview.comparisons.charts.facts import ScoreFacts
    from datareview.comparisons.queries.windows import ScoreWindow
    from datareview.records.models import Student


@dataclass(frozen=True, slots=True)
class PeerPoint:
    """One window: the student's score, the quartiles of ``n`` peers, and how many of them scored lower."""

    window: ScoreWindow
    value: float | None
    quartiles: tuple[float, float, float] | None
    lower: int
    n: int


def among_peers(facts: ScoreFacts, student: Student, points: list[PeerPoint]) -> Chart:
    """Draw the student's line over the middle half and the median of the peers."""
    points = [point for point in points if point.value is not None or point.quartiles]
    names = [point.window.name for point in points]
    known = [point for point in points if point.quartiles]
    series = [
        Series(
            kind="band",
            name=_("Middle half of the grade"),
            x=[point.window.name for point in known],
            low=[point.quartiles[0] for point in known if point.quartiles],
            high=[point.quartiles[2] for point in known if point.quartiles],
            role="trend",
        ),
        Series(
            kind="line",
            name=_("Median"),
            x=names,
            y=[point.quartiles[1] if point.quartiles else None for point in points],
            role="expected",
            emphasis=True,
            labels=[*[""] * (len(names) - 1), _("median")],
        ),
        Series(
            kind="line",
            name=student.name,
            x=names,
            y=[point.value for point in points],
            role="accent",
            emphasis=True,
            labels=[*[""] * (len(names) - 1), student.name],
            links=[student.get_absolute_url()] * len(names),
        ),
    ]
    scored = [point for point in points if point.value is not None]
    return Chart(
        title=_title(facts, student, scored),
        sentence=_(
            "The band is the middle half of the grade, of all students of the school with a score in the window."
        ),
        y_label=facts.measure.unit or str(facts.measure),
        x_kind="category",
        series=series if names else [],
        source=facts.source(len(scored) and 1),
        table=Table(
            columns=(
                _("Window"),
                student.name,
                _("25th percentile"),
                _("Median"),
                _("75th percentile"),
                _("Students"),
            ),
            rows=tuple(
                (
                    point.window.name,
                    "–" if point.value is None else facts.number(point.value),
                    *(facts.number(one) for one in point.quartiles or ()),
                    *["–"] * (0 if point.quartiles else 3),
                    str(point.n) if point.quartiles else "–",
                )
                for point in points
            ),
        ),
    )


def _title(facts: ScoreFacts, student: Student, scored: list[PeerPoint]) -> str:
    if not scored:
        return _("%(who)s has no score on this measure") % {"who": student}
    last = scored[-1]
    figures = {
        "who": student,
        "value": facts.number(last.value or 0.0),
        "window": last.window.name_in_text,
        "lower": last.lower,
        "n": last.n,
    }
    if last.quartiles is None:
        return _("%(who)s: %(value)s in %(window)s; too few others to compare with") % figures
    return _("%(who)s: %(value)s in %(window)s, more than %(lower)d of %(n)d in the same grade") % figures
