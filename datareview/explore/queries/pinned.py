"""Charts of Explore on agendas: the same question, about all students of a team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.explore.choices import ChartKind, Question
from datareview.explore.queries.drawing import draw
from datareview.explore.queries.students import students_on_agenda

if TYPE_CHECKING:
    from datareview.charts.spec import Chart
    from datareview.records.models import Measure
    from teams.directory.models import Team

TEXTS = ("kind", "before", "after", "by", "grade", "plan")  # of a question, kept with an exhibit


def pinned_chart(team: Team, measure: Measure | None = None, **texts: str) -> Chart:
    """The chart of a question about the students of ``team``; ``texts`` are the question's other values."""
    return draw(
        students_on_agenda(team, _question(measure, texts)), _question(measure, texts), user=None
    ).chart


def pinned_title(team: Team, measure: Measure | None = None, **texts: str) -> str:
    """The title of the exhibit in a list: the measure, the kind of chart and the team."""
    kind = texts.get("kind", "")
    label = str(ChartKind(kind).label) if kind in ChartKind.values else ""
    return ": ".join(filter(None, [str(measure or ""), label, str(team)]))


def _question(measure: Measure | None, texts: dict[str, str]) -> Question:
    return Question.read({**texts, "measure": str(measure.uuid) if measure else ""})
