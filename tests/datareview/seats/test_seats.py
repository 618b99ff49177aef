"""The grid of seats: who meets when, what is free, what a move would cost, and who waits."""

from __future__ import annotations

import datetime as dt

import pytest

from datareview.flags.models import Candidate
from datareview.flags.services.candidates import decide_candidate
from datareview.plans.models import Plan
from datareview.seats.queries.grid import seat_grid, waiting_list
from teams.directory.models import Duty, Period
from tests.conftest import make_plan
from tests.factories.groups import make_group

FIRST, SECOND = (dt.time(9), dt.time(9, 40)), (dt.time(10), dt.time(10, 40))


@pytest.fixture
def bells(cast):
    """Two periods from Monday to Friday; Ana teaches reading in the second one on Mondays, where Maya sits."""
    made = {
        (place, day): Period.objects.create(
            school=cast.school,
            name=f"Period {place + 1}",
            cycle_day=day,
            starts_at=times[0],
            ends_at=times[1],
        )
        for place, times in enumerate((FIRST, SECOND))
        for day in range(5)
    }
    Duty.objects.create(staff=cast.staff.ana, period=made[1, 0], kind="teaching", label="Reading")
    Duty.objects.create(staff=cast.staff.sol, period=made[0, 2], kind="duty", label="Door")
    return made


def cells(cast, user=None, **wanted):
    """By provider and slot."""
    grid = seat_grid(user or cast.cora, cast.school, wanted)
    return grid, {
        (provider.user.first_name, slot.name): cell
        for slot, row in grid.rows
        for provider, cell in zip(grid.providers, row, strict=True)
    }


def test_a_cell_has_the_group_its_seats_and_the_lessons_its_members_miss(cast, bells):
    group = make_group(cast)  # Sol's, Mon Wed Fri at 10:10, one member of five
    grid, found = cells(cast)
    assert [one.user.first_name for one in grid.providers] == ["Sol", "Cora"]
    (sitting,) = found["Sol", "Period 2"].sittings
    assert (sitting.busy.group, sitting.free, sitting.missed, grid.free) == (group, 4, "Reading 1", 4)
    assert found["Sol", "Period 2"].free_days == "Tue, Thu"
    assert (found["Sol", "Period 1"].busy, found["Sol", "Period 1"].free_days) == (
        "Door: Wed",
        "Mon, Tue, Thu, Fri",
    )


def test_a_free_cell_starts_a_group_there(cast, bells, as_user):
    _grid, found = cells(cast)
    page = as_user(cast.cora).get(f"{found['Sol', 'Period 1'].start_url}&student={cast.jonas.uuid}")
    form = page.context["form"]
    assert str(form["provider"].value()) == str(cast.staff.sol.uuid)
    assert (form["time"].value(), form["weekdays"].value()) == ("09:00", ["0", "1", "3", "4"])


def test_a_move_says_what_it_would_meet_in_each_cell(cast, bells):
    group = make_group(cast)
    alone = make_plan(cast.jonas, cast.fluency, cast.strategy, cast.staff.tom, cast.team)
    Plan.objects.filter(pk=alone.pk).update(
        student=cast.maya, time=FIRST[0], weekdays=[4], strategy=_other(cast)
    )
    _grid, found = cells(cast, move=str(group.uuid))
    assert found["Sol", "Period 2"].is_here
    assert found["Sol", "Period 1"].clashes == ["Wed: Door", f"Fri: {cast.maya}, Drums"]
    assert found["Tom", "Period 1"].clashes == ["Fri: a plan alone"]
    assert found["Tom", "Period 2"].clashes == []
    assert found["Tom", "Period 2"].missed == "Reading 1"


def test_the_form_of_a_move_begins_with_the_cell(cast, bells, as_user):
    group = make_group(cast)
    _grid, found = cells(cast, move=str(group.uuid))
    form = as_user(cast.cora).get(found["Sol", "Period 1"].move_url).context["form"]
    assert (form["time"].value(), form["seen"].value()) == ("09:00", group.version)


def test_who_waits_longest_is_first_with_the_days(cast, settings):
    decide_candidate(cast.candidate, actor=cast.cora, state=Candidate.State.SEAT, note="Groups are full")
    settings.CLOCK_OFFSET += dt.timedelta(days=3)
    assert [(one.candidate.student, one.days) for one in waiting_list(cast.cora, cast.school)] == [
        (cast.maya, 3)
    ]
    assert waiting_list(cast.zed, cast.other_school) == []
    grid, _cells = cells(cast)
    assert grid.staffing.startswith("1 need")


def test_a_school_without_bells_has_a_page(cast, as_user):
    assert as_user(cast.cora).get("/plans/seats/").status_code == 200


def _other(cast):
    return cast.strategy.__class__.objects.create(school=cast.school, name="Drums", domain="academic")
