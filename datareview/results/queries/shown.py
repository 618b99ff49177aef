"""Which answers a page of results shows: those of one class, or of the team."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from datareview.assessments.queries import ResponseFrame
    from datareview.results.queries.classes import ClassState, TeamNumbers


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """The answers that are shown: those of one class, or of the team; ``by_student`` if names may be shown."""

    points: pd.DataFrame
    choices: pd.DataFrame
    by_student: bool
    given: int
    absent: int


def shown_answers(
    frame: ResponseFrame, chosen: ClassState | None, numbers: TeamNumbers, states: list[ClassState]
) -> Shown | None:
    """The answers of a class or of the team; None if the team's may not be shown."""
    if chosen:
        return part_of(frame, {chosen.section.pk}, by_student=True, with_rest=False)
    if numbers.counted is None and (any(one.entered for one in states)):
        return None
    all_open = all(one.is_open for one in states if one.entered)
    return team_part(frame, numbers, by_student=all_open)


def team_part(frame: ResponseFrame, numbers: TeamNumbers, *, by_student: bool) -> Shown:
    """The answers that the team's numbers are over."""
    source = frame if by_student else frame.for_team
    part = part_of(source, numbers.counted or frozenset(), by_student=by_student, with_rest=True)
    if numbers.counted is None:
        return part
    own = part.points.index[part.points.index.isin(numbers.students)]
    return replace(part, points=part.points.loc[own], choices=part.choices.loc[own])


def part_of(frame: ResponseFrame, classes: Collection[int], *, by_student: bool, with_rest: bool) -> Shown:
    """The answers of the students of ``classes``, also of those without a class if ``with_rest``."""
    mask = frame.section_of.isin(classes).fillna(value=False).to_numpy(bool)
    if with_rest:
        mask |= frame.section_of.isna().to_numpy(bool)
    own = frame.section_of.index[mask]
    sat = own[own.isin(frame.entered)]
    return Shown(
        frame.points.loc[sat],
        frame.choices.loc[sat],
        by_student=by_student,
        given=len(own),
        absent=int(own.isin(frame.absent).sum()),
    )
