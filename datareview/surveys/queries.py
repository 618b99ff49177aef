"""The scales of a survey's questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.surveys.scoring import QuestionScale

if TYPE_CHECKING:
    from datareview.surveys.models import Survey


def scales_of(survey: Survey) -> list[QuestionScale]:
    """The questions of ``survey`` that have a scale."""
    return [
        QuestionScale(one.number, len(one.labels), one.is_reversed, frozenset(one.alerts), one.is_scored)
        for one in survey.questions.all()
        if one.labels
    ]
