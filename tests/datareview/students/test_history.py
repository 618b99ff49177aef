"""The history on a student's page: what happened on which day of the school."""

from __future__ import annotations

import datetime as dt

from datareview.flags.models import Candidate
from datareview.students.queries.student_page import student_page


def decided(cast, state, at):
    Candidate.objects.filter(pk=cast.candidate.pk).update(state=state, decided_at=at, decision_note="Why.")


def moments(cast):
    page = student_page(cast.cora, cast.maya)
    return [(moment.on, moment.what) for moment in page.history]


def test_a_decision_of_the_evening_is_of_that_day(cast):
    """10:30 PM in Chicago is the next day in UTC."""
    decided(cast, "watch", dt.datetime(2026, 11, 10, 22, 30, tzinfo=cast.school.tz))
    assert (dt.date(2026, 11, 10), "Decision") in moments(cast)


def test_the_decision_to_start_a_plan_is_the_plan(cast):
    cast.plan.candidate = cast.candidate
    cast.plan.save()
    decided(cast, "plan", dt.datetime(2026, 11, 10, 9, 30, tzinfo=cast.school.tz))
    assert [what for _on, what in moments(cast)] == ["Plan started"]
