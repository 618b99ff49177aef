"""Students' points on one standard of an assessment."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from datareview.assessments.queries import ResponseFrame


def standard_points(frame: ResponseFrame, standard_id: int | None) -> pd.DataFrame:
    """Points of each student on one standard (None: on all items), over the items that were entered.

    Returns
    -------
    DataFrame
        Indexed by student: ``got`` and ``possible`` (points), ``share`` (0 to 1); missing where nothing was entered.
    """
    import pandas as pd

    numbers = [item.number for item in frame.items if standard_id is None or item.standard_id == standard_id]
    most = pd.Series({item.number: item.max_points for item in frame.items}, dtype=float).reindex(numbers)
    points = frame.points.reindex(columns=numbers)
    entered = points.notna()
    possible = entered.mul(most, axis=1).sum(axis=1)
    got = points.sum(axis=1, min_count=1)
    return pd.DataFrame({"got": got, "possible": possible, "share": got / possible.where(possible > 0)})
