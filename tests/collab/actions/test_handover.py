"""What someone who leaves has open, in lines that stay short."""

from __future__ import annotations

import pytest

from collab.actions.handover import short_list


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (1, "d1"),
        (4, "d1 · d2 · d3 · d4"),
        (5, "d1 · d2 · d3 · d4 and 1 more"),
        (27, "d1 · d2 · d3 · d4 and 23 more"),
    ],
)
def test_of_many_days_four_are_named_and_the_rest_counted(count, text):
    assert short_list([f"d{number}" for number in range(1, count + 1)]) == text
