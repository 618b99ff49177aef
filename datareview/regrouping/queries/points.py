"""Students' points on one standard of an assessment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.assessments.permissions import classes_open_to

if TYPE_CHECKING:
    import pandas as pd

    from datareview.assessments.queries import ResponseFrame
    from datareview.records.models import Assessment
    from teams.directory.models import User


def standard_points(frame: ResponseFrame, standard_id: int | None) -> pd.DataFrame:
    """Points of each student on one standard (None: on all items): the rows of `points_on` of the results."""
    from datareview.results.frames.standards import ALL_ITEMS, points_on

    return points_on(frame.items, frame.points, ALL_ITEMS if standard_id is None else standard_id)


def open_students(user: User, assessment: Assessment, frame: ResponseFrame) -> set[int]:
    """The students (primary keys) of classes that are open to the user, and those in no class, who are the team's."""
    sections = set(classes_open_to(user, assessment).values_list("pk", flat=True))
    is_open = frame.section_of.isin(sections) | frame.section_of.isna()
    return set(frame.section_of.index[is_open.fillna(value=False).to_numpy(bool)].tolist())


def parts_of(students: int, seats: int | None) -> int:
    """Into how many groups to split one: as many as its seats need, at least two."""
    return max(2, -(-students // seats)) if seats else 2
