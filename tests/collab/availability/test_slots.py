"""Slots of a bell schedule: which exist, what they cost, and how they rank."""

from __future__ import annotations

import pytest

from collab.availability.slots import (
    DUTY,
    FREE,
    LONGEST_BREAK,
    LONGEST_OVERRUN,
    TEACHING,
    Bell,
    Slot,
    choices_of,
    folded,
    lost_so_far,
    slots_of,
    whole_periods,
)
from tests.properties import given, st

pytestmark = pytest.mark.kernel

# 8:00–8:45, 8:50–9:35, 9:40–10:25, lunch, 11:10–11:55
MONDAY = [Bell(1, 0, 480, 525), Bell(2, 0, 530, 575), Bell(3, 0, 580, 625), Bell(4, 0, 670, 715)]
ANA, TOM, GIL = 1, 2, 3


def starts(slots):
    return [(slot.starts, slot.periods) for slot in slots]


def test_a_meeting_shorter_than_a_period_begins_with_it():
    assert starts(slots_of(MONDAY, 40)) == [(480, (1,)), (530, (2,)), (580, (3,)), (670, (4,))]


def test_a_longer_one_continues_into_the_next_but_not_over_lunch():
    assert starts(slots_of(MONDAY, 60)) == [(480, (1, 2)), (530, (2, 3))]
    assert starts(slots_of(MONDAY, 145)) == [(480, (1, 2, 3))]


def test_a_meeting_may_run_into_the_break_after_its_bell():
    assert (670, (4,)) in starts(slots_of(MONDAY, 55))
    assert (670, (4,)) not in starts(slots_of(MONDAY, 56))


def test_whole_periods_last_from_bell_to_bell():
    assert [(slot.starts, slot.ends) for slot in whole_periods(MONDAY, 1)] == [
        (bell.starts, bell.ends) for bell in MONDAY
    ]
    assert [(slot.starts, slot.ends, slot.periods) for slot in whole_periods(MONDAY, 2)] == [
        (480, 575, (1, 2)),
        (530, 625, (2, 3)),
    ]
    assert [slot.periods for slot in whole_periods(MONDAY, 3)] == [(1, 2, 3)]
    assert whole_periods(MONDAY, 4) == []


def test_days_are_never_combined():
    late, early = Bell(1, 0, 900, 945), Bell(2, 1, 480, 525)
    assert slots_of([late, early], 60) == []


def test_periods_at_the_same_time_are_both_taken():
    first_lunch, lesson = Bell(1, 0, 700, 730), Bell(2, 0, 700, 745)
    assert starts(slots_of([first_lunch, lesson], 40)) == [(700, (1, 2)), (700, (2, 1))]


def test_a_slot_is_protected_when_all_its_periods_are():
    bells = [Bell(1, 0, 480, 525, "", True), Bell(2, 0, 530, 575)]
    assert [slot.is_protected for slot in slots_of(bells, 45)] == [True, False]
    assert [slot.is_protected for slot in slots_of(bells, 60)] == [False]


def test_protected_free_slots_come_first_then_free_ones_then_the_fewest_lessons():
    bells = [
        Bell(1, 0, 480, 525),
        Bell(2, 0, 530, 575),
        Bell(3, 0, 580, 625),
        Bell(4, 0, 670, 715, "", True),
    ]
    kinds = {(ANA, 1): TEACHING, (TOM, 1): TEACHING, (ANA, 2): TEACHING}
    found = choices_of(slots_of(bells, 40), [ANA, TOM], kinds)
    assert [choice.slot.periods[0] for choice in found] == [4, 3, 2, 1]
    assert [(choice.lessons, choice.covers) for choice in found] == [(0, 0), (0, 0), (1, 1), (2, 2)]


def test_a_protected_time_that_somebody_teaches_in_is_not_free():
    bells = [Bell(1, 0, 480, 525, "", True), Bell(2, 0, 530, 575)]
    found = choices_of(slots_of(bells, 40), [ANA], {(ANA, 1): TEACHING})
    assert [choice.slot.periods[0] for choice in found] == [2, 1]


def test_a_duty_costs_less_than_a_lesson_and_more_than_nothing():
    kinds = {(ANA, 1): TEACHING, (ANA, 2): DUTY, (ANA, 3): FREE}
    found = choices_of(slots_of(MONDAY[:3], 40), [ANA], kinds)
    assert [choice.slot.periods[0] for choice in found] == [3, 2, 1]


def test_people_who_lost_least_lose_next():
    kinds = {(ANA, 1): TEACHING, (TOM, 2): TEACHING}
    order = [
        [choice.slot.periods[0] for choice in choices_of(slots_of(MONDAY[:2], 40), [ANA, TOM], kinds, past=p)]
        for p in ({}, {ANA: 2, TOM: 1}, {ANA: 1, TOM: 2})
    ]
    assert order == [[1, 2], [2, 1], [1, 2]]


def test_a_clash_ranks_a_time_last():
    slots = slots_of(MONDAY, 40)
    found = choices_of(slots, [ANA, TOM], {}, busy={slots[0]: [TOM, GIL]})
    assert found[-1].clashes == (TOM,)
    assert not found[-1].is_free
    assert found[0].is_free


def test_lost_lessons_are_counted_by_overlap():
    kinds = {(ANA, 1): TEACHING, (ANA, 2): TEACHING, (TOM, 2): DUTY}
    held = [(0, 490, 540, [ANA, TOM]), (0, 530, 560, [ANA]), (1, 480, 525, [ANA]), (0, 525, 530, [ANA])]
    assert lost_so_far(held, MONDAY, kinds) == {ANA: 3}


bells_of_a_week = st.lists(
    st.tuples(st.integers(0, 4), st.integers(480, 900), st.integers(10, 90), st.booleans()), max_size=12
).map(lambda rows: [Bell(n, day, at, at + long, "", kept) for n, (day, at, long, kept) in enumerate(rows)])


@given(bells_of_a_week, st.integers(10, 240))
def test_a_slot_takes_every_period_it_runs_through_and_leaves_no_long_gap(bells, minutes):
    by_number = {bell.period: bell for bell in bells}
    for slot in slots_of(bells, minutes):
        taken = [by_number[number] for number in slot.periods]
        assert slot.ends - slot.starts == minutes
        assert taken[0].starts == slot.starts
        assert {bell.period for bell in bells if bell.day == slot.day and _meets(bell, slot)} == set(
            slot.periods
        )
        covered = {m for bell in taken for m in range(bell.starts, bell.ends)}
        gap = longest = 0
        for minute in range(slot.starts, slot.ends):
            gap = 0 if minute in covered else gap + 1
            longest = max(longest, gap)
        assert longest <= max(LONGEST_BREAK, LONGEST_OVERRUN)


@given(bells_of_a_week, st.integers(10, 120), st.randoms())
def test_the_order_of_rows_and_people_changes_nothing(bells, minutes, random):
    kinds = {
        (person, bell.period): random.choice([TEACHING, DUTY, FREE]) for person in (1, 2, 3) for bell in bells
    }
    shuffled = random.sample(bells, len(bells))
    one = choices_of(slots_of(bells, minutes), [1, 2, 3], kinds)
    other = choices_of(slots_of(shuffled, minutes), [3, 1, 2], kinds)
    assert [choice.slot for choice in one] == [choice.slot for choice in other]


@given(bells_of_a_week, st.integers(10, 120), st.randoms())
def test_no_choice_loses_more_lessons_than_one_after_it(bells, minutes, random):
    kinds = {(person, bell.period): random.choice([TEACHING, FREE]) for person in (1, 2) for bell in bells}
    found = [choice.lessons for choice in choices_of(slots_of(bells, minutes), [1, 2], kinds)]
    assert found == sorted(found)


def _meets(bell: Bell, slot: Slot) -> bool:
    return bell.starts < slot.ends and slot.starts < bell.ends


def test_a_weekday_with_several_cycle_days_takes_the_periods_of_all():
    """Two weeks of one day each: 8:00 in both, 9:00 protected in both, 10:00 only in the second."""
    bells = [
        Bell(1, 0, 480, 530),
        Bell(2, 0, 540, 590, "", True),
        Bell(3, 1, 480, 530),
        Bell(4, 1, 540, 590, "", True),
        Bell(5, 1, 600, 650, "", True),
    ]
    found = folded(slots_of(bells, 45), bells, [(0, 1)])
    assert [(slot.day, slot.starts, slot.periods, slot.is_protected) for slot in found] == [
        (0, 480, (1, 3), False),
        (0, 540, (2, 4), True),
        (0, 600, (5,), False),
    ]
    assert folded([], bells, [(0, 1)]) == []
