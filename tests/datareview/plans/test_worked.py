"""What worked here, as it is kept for a month: no figure of few plans, and none that one more plan changed."""

from __future__ import annotations

import datetime as dt

import pytest

from datareview.outcomes.queries.answers import Asked
from datareview.outcomes.queries.asking import answer_of
from datareview.plans.models import Plan
from datareview.plans.queries.worked import Worked, released
from datareview.plans.services.worked import keep_worked
from tests.conftest import TODAY, make_plan, make_student

KEPT = Worked(plans=20, ended=12, met=6, judged=14, share=(0.8, 0.7, 0.9))


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (Worked(plans=21, ended=13, met=7, judged=15, share=(0.9, 0.8, 1.0)), KEPT),  # one more of each
        (
            Worked(plans=21, ended=17, met=10, judged=15, share=(0.9, 0.8, 1.0)),
            Worked(plans=20, ended=17, met=10, judged=14, share=(0.8, 0.7, 0.9)),
        ),
        (Worked(plans=8, ended=4, met=4), Worked(plans=8, ended=12, met=6, judged=14, share=(0.8, 0.7, 0.9))),
    ],
)
def test_a_figure_is_new_only_if_enough_plans_are(new, expected):
    assert released(new, KEPT) == expected


def test_of_few_plans_nothing_is_kept():
    assert released(Worked(plans=9, ended=9, met=9, phased=9, higher=9), Worked()) == Worked(plans=9)


def test_figures_are_kept_once_a_month_and_read_by_who_starts_plans(cast, settings):
    Plan.objects.all().delete()
    for number in range(12):
        _ended(cast, number)

    def read():
        asked = Asked(cast.sol, cast.school, TODAY - dt.timedelta(days=60), TODAY)
        return [row.cells[1:3] for table in answer_of(asked, "strategies").tables for row in table.rows]

    assert read() == []
    kept = keep_worked(cast.school)
    assert read() == [("12", "12 of 12")]
    for number in range(12, 18):
        _ended(cast, number)
    assert keep_worked(cast.school) == kept
    assert read() == [("12", "12 of 12")]
    settings.CLOCK_OFFSET += dt.timedelta(days=31)
    keep_worked(cast.school)
    assert read() == [("18", "18 of 18")]


def _ended(cast, number):
    student = make_student(cast.school, f"w{number}", "Kim", str(number), 4)
    plan = make_plan(student, cast.fluency, cast.strategy, cast.staff.sol, cast.team)
    Plan.objects.filter(pk=plan.pk).update(state="ended", outcome="met", ended_on=TODAY)
