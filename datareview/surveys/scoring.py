"""What the answers of one person add up to, and which of them ask for a talk."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

ENOUGH = 0.8  # share of the questions that a mean needs; a sum needs all


@dataclass(frozen=True, slots=True)
class QuestionScale:
    """A question with ``steps`` answers, counted from 0."""

    number: int
    steps: int
    is_reversed: bool = False
    alerts: Collection[int] = ()
    is_scored: bool = True

    def points(self, place: int) -> int:
        """The points of the answer at ``place``, 0 to ``steps`` - 1."""
        return self.steps - 1 - place if self.is_reversed else place


def score_of(scales: Sequence[QuestionScale], places: Mapping[int, int], *, is_sum: bool) -> float | None:
    """The sum of the points, or their mean counted from 1; None with too few answers.

    ``places`` maps the number of a question to the place of its answer.
    """
    scales = [one for one in scales if one.is_scored]
    answered = [scale.points(places[scale.number]) for scale in scales if scale.number in places]
    needed = len(scales) if is_sum else math.ceil(ENOUGH * len(scales))
    if not answered or len(answered) < needed:
        return None
    return float(sum(answered)) if is_sum else 1 + sum(answered) / len(answered)


def span_of(scales: Sequence[QuestionScale], *, is_sum: bool) -> tuple[float, float]:
    """The lowest and highest score."""
    scales = [one for one in scales if one.is_scored]
    most = sum(scale.steps - 1 for scale in scales)
    return (0, most) if is_sum else (1, max((scale.steps for scale in scales), default=1))


def alarming(scales: Sequence[QuestionScale], places: Mapping[int, int]) -> list[int]:
    """The numbers of the questions whose answers ask for a talk."""
    return [one.number for one in scales if places.get(one.number) in one.alerts]


def shown_counts(counts: Sequence[int], least: int) -> list[int | None]:
    """How often each answer was given; None where that would tell of fewer than ``least`` people.

    Answers of few are hidden, and so many others that those hidden are ``least`` or more together and two or more answers.
    All are hidden if all people, or all but some who can be counted, answered alike: then everyone's answer is known.
    """
    total = sum(counts)
    if total < least or max(counts, default=0) > total - least:
        return [None] * len(counts)
    order = sorted(range(len(counts)), key=lambda place: (counts[place], place))
    hidden = [place for place in order if counts[place] < least]
    rest = [place for place in order if counts[place] >= least]
    while hidden and rest and (len(hidden) < 2 or sum(counts[place] for place in hidden) < least):
        hidden.append(rest.pop(0))
    return [None if place in hidden else count for place, count in enumerate(counts)]
