"""Charts of Explore on agendas: the same question, about all students of a team or about those who were picked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.comparisons.charts.picked import picked_chart
from datareview.comparisons.choices import ChartKind, Question
from datareview.comparisons.queries.drawing import draw
from datareview.comparisons.queries.students import students_on_agenda
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection

    from datareview.charts.spec import Chart
    from datareview.records.models import Measure, Student
    from teams.directory.models import Team

TEXTS = ("kind", "before", "after", "by", "grade", "plan", "picked")  # kept with an exhibit, besides its rows
MOST_PICKED = 40


def pinned_chart(team: Team, measure: Measure | None = None, picked: str = "", **texts: str) -> Chart:
    """The chart of a question about the students of ``team``; ``texts`` are the question's other values.

    ``picked`` has the public ids of the students whom it is about, separated by spaces; without, it is about all.
    """
    question = _question(measure, texts)
    asked = students_on_agenda(team, question)
    if not picked:
        return draw(asked, question, user=None).chart
    wanted = set(picked.split())
    chosen = {pk: student for pk, student in asked.students.items() if str(student.uuid) in wanted}
    grades = {pk: student.grade for pk, student in chosen.items()}
    asked = replace(asked, students=chosen, grade_of=grades)
    drawing = draw(asked, replace(question, kind=ChartKind.LEVELS), user=None)
    return picked_chart(drawing.facts) if drawing.facts else drawing.chart


def pinned_title(team: Team, measure: Measure | None = None, picked: str = "", **texts: str) -> str:
    """The title of the exhibit in a list: the measure, the kind of chart or how many were picked, and the team."""
    kind = texts.get("kind", "")
    label = str(ChartKind(kind).label) if kind in ChartKind.values else ""
    if picked:
        many = len(picked.split())
        label = ngettext("%(n)d student", "%(n)d students", many) % {"n": many}
    return ": ".join(filter(None, [str(measure or ""), label, str(team)]))


def picked_parameters(team: Team, question: Question, students: Collection[Student]) -> dict[str, str]:
    """The parameters of an exhibit about ``students``; DomainError if they are none, too many or not all of the team."""
    if not students:
        raise DomainError(_("Select at least one student first."))
    if len(students) > MOST_PICKED:
        raise DomainError(_("Select at most %(most)s students for one item.") % {"most": MOST_PICKED})
    if not {student.pk for student in students} <= students_on_agenda(team, Question()).students.keys():
        raise DomainError(_("Some of these students are not the team’s. Choose a team that works with them."))
    kept = question.written(of="", show="", sort="", student="", kind="", by="", grade="", plan="")
    return {"team": str(team.uuid), "picked": " ".join(sorted(str(one.uuid) for one in students)), **kept}


def _question(measure: Measure | None, texts: dict[str, str]) -> Question:
    return Question.read({**texts, "measure": str(measure.uuid) if measure else ""})
