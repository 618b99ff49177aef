"""Students' points on one standard of an assessment."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from datareview.assessments.queries import ResponseFrame


def standard_points(frame: ResponseFrame, standard_id: int | None) -> pd.DataFrame:
    """Points of each student on one standard (None: on all items): the rows of `points_on` of the results."""
    from datareview.results.frames.standards import ALL_ITEMS, points_on

    return points_on(frame.items, frame.points, ALL_ITEMS if standard_id is None else standard_id)


def parts_of(students: int, seats: int | None) -> int:
    """Into how many groups to split one: as many as its seats need, at least two."""
    return max(2, -(-students // seats)) if seats else 2
