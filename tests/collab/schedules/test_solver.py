"""The solver against all plans of small schools; a large one is solved deterministically."""

from __future__ import annotations

import itertools

import pytest

from benchmarks.schedules import large_school
from collab.availability.slots import DUTY, FREE, TEACHING, Bell, Slot, slots_of
from collab.schedules.solver.problem import Cost, Need, Problem, cost_of
from collab.schedules.solver.reasons import Block, no_slot_reason
from collab.schedules.solver.search import solve
from tests.properties import given, settings, st

pytestmark = pytest.mark.kernel

PATIENCE = 600.0

TUE_3, TUE_4, WED_1 = Slot(1, 600, 645, (3,)), Slot(1, 660, 705, (4,)), Slot(2, 480, 525, (11,))
ANA, TOM, GIL, SOL = 1, 2, 3, 4


def need(team, *people):
    return Need(team, frozenset(people))


def is_possible(problem, places):
    """Whether nobody is in two places and every limit is kept, at each moment at which a slot starts."""
    placed = [(one, places[one.team]) for one in problem.needs if places[one.team] is not None]
    if any(place not in problem.options(one) for one, place in placed):
        return False
    for moment in problem.slots:
        here = [
            one
            for one, place in placed
            if problem.slots[place].day == moment.day
            and problem.slots[place].starts <= moment.starts < problem.slots[place].ends
        ]
        people = [person for one in here for person in one.people]
        if len(people) > len(set(people)) or 0 < problem.most_at_once < len(here):
            return False
    return True


def best_of_all(problem):
    """The lowest cost of all possible plans."""
    places = [None, *range(len(problem.slots))]
    teams = [one.team for one in problem.needs]
    plans = (dict(zip(teams, one, strict=True)) for one in itertools.product(places, repeat=len(teams)))
    return min(cost_of(problem, plan) for plan in plans if is_possible(problem, plan))


def test_nobody_is_double_booked():
    problem = Problem((need(1, ANA, TOM), need(2, ANA, SOL)), (TUE_3, TUE_4))
    plan = solve(problem)
    assert sorted(plan.places.values()) == [0, 1]
    assert plan.is_proven


def test_teams_without_shared_people_meet_at_once():
    problem = Problem((need(1, ANA), need(2, TOM)), (TUE_3,))
    assert solve(problem).places == {1: 0, 2: 0}


def test_at_most_so_many_teams_at_once():
    problem = Problem((need(1, ANA), need(2, TOM), need(3, GIL)), (TUE_3, TUE_4), most_at_once=2)
    assert sorted(solve(problem).places.values()) == [0, 0, 1]


def test_overlapping_slots_count_as_the_same_time():
    slots = (Slot(0, 480, 580, (1, 2)), Slot(0, 535, 635, (2, 3)), Slot(0, 590, 690, (3, 4)))
    problem = Problem((need(1, ANA), need(2, ANA)), slots)
    assert sorted(solve(problem).places.values()) == [0, 2]


def test_common_free_time_before_protected_time_before_early_time():
    kept = Slot(2, 480, 525, (11,), is_protected=True)
    problem = Problem((need(1, ANA),), (TUE_3, kept), {(ANA, 11): TEACHING})
    assert solve(problem).places == {1: 0}
    assert solve(Problem((need(1, ANA),), (TUE_3, kept))).places == {1: 1}
    assert solve(Problem((need(1, ANA),), (TUE_3, TUE_4))).places == {1: 0}


def test_a_duty_is_lost_before_a_lesson():
    problem = Problem((need(1, ANA),), (TUE_3, TUE_4), {(ANA, 3): TEACHING, (ANA, 4): DUTY})
    assert solve(problem).cost == Cost(0, 0, 1, 1, 0)


def test_people_who_lost_lessons_before_are_spared():
    kinds = {(ANA, 3): TEACHING, (TOM, 4): TEACHING}
    problem = Problem((need(1, ANA, TOM),), (TUE_3, TUE_4), kinds, past={ANA: 2, TOM: 1})
    assert solve(problem).places == {1: 1}


def test_the_same_person_does_not_lose_a_lesson_for_every_team():
    # each team costs a lesson of Ana or of its other member: not Ana twice
    kinds = {(ANA, 3): TEACHING, (ANA, 4): TEACHING, (TOM, 11): TEACHING, (GIL, 11): TEACHING}
    problem = Problem((need(1, ANA, TOM), need(2, ANA, GIL)), (TUE_3, TUE_4, WED_1), kinds)
    plan = solve(problem)
    assert plan.cost == Cost(0, 2, 0, 2, 0)
    assert 2 in plan.places.values()


def test_a_team_may_get_no_slot_and_the_reason_names_the_conflict():
    problem = Problem((need(1, ANA, TOM), need(2, ANA, SOL)), (TUE_3,))
    plan = solve(problem)
    assert plan.cost.unplaced == 1
    (lonely,) = (one for one in problem.needs if plan.places[one.team] is None)
    other = 3 - lonely.team
    assert no_slot_reason(problem, lonely, plan.places).blocks == (Block(0, other, (ANA,)),)


def test_the_reason_names_the_limit_when_too_many_meet_at_once():
    problem = Problem((need(1, ANA), need(2, TOM)), (TUE_3,), most_at_once=1)
    plan = solve(problem)
    (lonely,) = (one for one in problem.needs if plan.places[one.team] is None)
    assert no_slot_reason(problem, lonely, plan.places).blocks == (Block(0, 0, ()),)


def test_no_slot_too_much_cover_and_other_meetings_are_reasons():
    ana = need(1, ANA)
    assert no_slot_reason(Problem((ana,), ()), ana, {1: None}).kind == "none"
    costly = Problem((ana,), (TUE_3,), {(ANA, 3): TEACHING}, most_covers=0)
    assert solve(costly).places == {1: None}
    assert (no_slot_reason(costly, ana, {1: None}).kind, no_slot_reason(costly, ana, {1: None}).least) == (
        "cover",
        1,
    )
    taken = Problem((ana,), (TUE_3,), taken={ANA: [Slot(1, 590, 640, (3,))]})
    assert solve(taken).places == {1: None}
    assert no_slot_reason(taken, ana, {1: None}).blocks == (Block(0, 0, (ANA,)),)


def test_an_empty_problem_is_solved():
    assert solve(Problem((), (TUE_3,))).cost == Cost(0, 0, 0, 0, 0)
    assert solve(Problem((need(1),), ())).places == {1: None}


@st.composite
def small_schools(draw):
    """Up to four teams of four people, and up to four slots of three periods, two of which may overlap."""
    minutes = draw(st.sampled_from([40, 90]))
    bells = [Bell(n, n // 4, 480 + n % 4 * 50, 525 + n % 4 * 50, "", draw(st.booleans())) for n in range(5)]
    slots = tuple(slots_of(bells, minutes))[:4]
    needs = tuple(
        Need(team, frozenset(draw(st.sets(st.integers(1, 4), min_size=1, max_size=3))))
        for team in range(1, draw(st.integers(1, 4)) + 1)
    )
    kinds = {
        (person, bell.period): draw(st.sampled_from([TEACHING, TEACHING, DUTY, FREE]))
        for person in range(1, 5)
        for bell in bells
    }
    return Problem(
        needs,
        slots,
        kinds,
        past={person: draw(st.integers(0, 2)) for person in range(1, 5)},
        taken={1: list(slots[:1])} if draw(st.booleans()) else {},
        most_at_once=draw(st.integers(0, 2)),
        most_covers=draw(st.sampled_from([None, 1, 2])),
    )


@pytest.mark.sweep
@settings(max_examples=60)
@given(small_schools())
def test_no_plan_for_a_small_school_is_cheaper(problem):
    plan = solve(problem)
    assert plan.is_proven
    assert is_possible(problem, plan.places)
    assert plan.cost == best_of_all(problem)


@settings(max_examples=30)
@given(small_schools())
def test_every_unplaced_team_is_blocked_at_each_of_its_slots(problem):
    plan = solve(problem)
    for one in problem.needs:
        if plan.places[one.team] is None:
            reason = no_slot_reason(problem, one, plan.places)
            if reason.kind == "blocked":
                assert {block.slot for block in reason.blocks} == set(problem.options(one))
                assert all(block.team or problem.most_at_once for block in reason.blocks)


@settings(max_examples=20)
@given(small_schools(), st.randoms())
def test_the_order_of_teams_changes_nothing(problem, shuffle):
    needs = list(problem.needs)
    shuffle.shuffle(needs)
    other = Problem(
        tuple(needs),
        problem.slots,
        problem.kinds,
        problem.past,
        problem.taken,
        problem.most_at_once,
        problem.most_covers,
    )
    assert solve(other) == solve(problem)


@pytest.mark.sweep
def test_a_large_school_is_solved_deterministically():
    problem = large_school()
    plan = solve(problem, seconds=PATIENCE)  # so that the work limit ends the search, not time
    assert is_possible(problem, plan.places)
    assert plan.cost.unplaced == 0
    assert solve(problem, seconds=PATIENCE) == plan
