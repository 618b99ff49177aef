"""What the student page shows of surveys, through a slot (`teams.lib.panels`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from datareview.survey_answers.queries.surveys import answers_of_student

if TYPE_CHECKING:
    from datareview.records.models import Student
    from teams.lib.requests import SchoolRequest


def student_panel(request: SchoolRequest, student: Student) -> str:
    """The answers about a student that the reader may read, and the talks; empty if there are none."""
    answers = list(answers_of_student(request.user, student)[:8])
    return (
        render_to_string("datareview/survey_answers/_student.html", {"answers": answers}, request)
        if answers
        else ""
    )
