"""A school week with a schedule to search."""

from __future__ import annotations

import pytest

from tests.conftest import make_team
from tests.factories.timetables import make_periods, teach


@pytest.fixture
def week(cast):
    """Four periods a day; Ana and Tom are both free on Tuesday at ten; Ana is in a second team, with Sol."""
    cast.periods = make_periods(cast.school)
    teach(cast, cast.staff.ana, free=[(1, 3)])
    teach(cast, cast.staff.tom, free=[(1, 3), (2, 1)])
    cast.second = make_team(cast.school, "Intervention", 5, [cast.staff.sol, cast.staff.ana])
    return cast
