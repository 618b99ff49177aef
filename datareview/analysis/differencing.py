"""What a reader can work out by subtraction, from the sums and the parts that the reader knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from itertools import combinations
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from datareview.analysis.door import door
from datareview.analysis.inputs import AS_IS, Count

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

Part = TypeVar("Part", bound=Hashable)
Member = TypeVar("Member", bound=Hashable)

MIN_PART = 5  # a part with fewer students hides no other one beside it
MOST_FREE = 4  # dimensions in which sums over few members are looked for one by one
NOTHING = 1e-9


@door(sizes=Count(), known=AS_IS, sums=AS_IS, owners=AS_IS, min_part=Count())
def exposed_parts(
    sizes: Mapping[Part, int],
    known: Collection[Part],
    sums: Iterable[Collection[Part]],
    owners: Iterable[Collection[Part]] = (),
    *,
    min_part: int = MIN_PART,
) -> set[Part]:
    """Find the parts whose own total follows from what a reader knows.

    Parameters
    ----------
    sizes : mapping
        Name of each part (a class) → count of its students.
    known : collection
        Parts that the reader knows alone.
    sums : iterable of collections
        Sets of parts over which the reader has seen a sum, at any time. Unknown names are ignored.
    owners : iterable of collections
        Sets of parts of one person each (a teacher's classes): a sum over parts of one person alone is that person's.
    min_part : int
        Smaller parts are also looked at as if the reader knew them: what is left after them is then almost one part.

    Returns
    -------
    set
        Parts that are not ``known`` and follow, exactly or but for small parts, alone or as a sum of one person's.

    Notes
    -----
    A reader who knows the sums over sets of parts knows every linear combination of them. Part c follows if and only
    if its unit vector is in the row space of the sets' indicator vectors, that is, if all vectors of the null space
    are 0 at c. A sum over parts of one person follows if the row space has a vector that is 0 outside of them. This holds
    for sums of points and for counts, and so for means, because the sizes are known. It does not
    cover extreme sums: if nobody or everybody is counted, all parts are alike, and nothing tells one from another.

    References
    ----------
    Hundepool and others (2012), Statistical Disclosure Control, ch. 4.2.2 (dominance) and 4.2.5 (differencing).
    """
    names = sorted(sizes, key=str)
    at = {name: place for place, name in enumerate(names)}
    rows = [[at[name] for name in {*one} if name in at] for one in sums]
    alone = [at[name] for name in {*known} if name in at]
    small = [at[name] for name in names if sizes[name] < min_part]
    exact = _follows(len(names), rows, alone)
    nearly = _follows(len(names), rows, [*alone, *small])
    nearly[small] = False
    found = exact | nearly
    for places in {frozenset(at[name] for name in one if name in at) for one in owners}:
        own = sorted(places - {*alone})
        if len(own) > 1:
            found |= _sum_follows(
                len(names), rows, [*alone, *(place for place in small if place not in places)], own
            )
    return {name for name in names if found[at[name]]} - set(known)


@door(part_of=AS_IS, known=AS_IS, sums=AS_IS, owners=AS_IS, fewest=Count())
def exposed_members(
    part_of: Mapping[Member, Part | None],
    known: Collection[Member],
    sums: Iterable[Collection[Member]],
    owners: Iterable[Collection[Part]] = (),
    *,
    fewest: int = MIN_PART,
) -> set[Member]:
    """Find the members (students) whose sum over a few of them, or over those of one part or person, follows.

    Parameters
    ----------
    part_of : mapping
        Member → its part (a class); None if it is in none.
    known : collection
        Members that the reader knows alone.
    sums : iterable of collections
        Sets of members over which the reader has seen a sum, at any time.
    owners : iterable of collections
        Sets of parts of one person each. A single part is looked at as well.
    fewest : int
        A sum over fewer members than these, who are not ``known``, is one too many.

    Returns
    -------
    set
        Members of such sums.

    Notes
    -----
    Members of one part that are in the same sums cannot be told apart, so each such group is one unknown. As for
    `exposed_parts`, what follows is the row space of the sums. A sum over few members is a vector of it that is 0 on all but
    small groups; those with the fewest groups are found by setting all but one of the free dimensions to 0. With more
    than four free dimensions all their members are taken as exposed.

    References
    ----------
    Dinur and Nissim (2003), Revealing information while preserving privacy; Hundepool and others (2012), ch. 4.2.5.
    """
    unknown = [frozenset(one).intersection(part_of) - set(known) for one in sums]
    seen_in: dict[Member, list[int]] = defaultdict(list)
    for number, one in enumerate(unknown):
        for member in one:
            seen_in[member].append(number)
    groups: dict[tuple[Part | None, tuple[int, ...]], set[Member]] = defaultdict(set)
    for member, numbers in seen_in.items():
        groups[part_of[member], tuple(numbers)].add(member)
    rows: list[list[int]] = [[] for _one in unknown]
    for place, (_part, sums_of) in enumerate(groups):
        for number in sums_of:
            rows[number].append(place)
    sizes = np.array([len(one) for one in groups.values()])
    found = _few_follow(rows, sizes, fewest)
    parts = [part for part, _numbers in groups]
    for own in {frozenset([part]) for part in parts if part is not None} | {frozenset(one) for one in owners}:
        places = [place for place, part in enumerate(parts) if part in own]
        if places:
            found |= _sum_follows(len(sizes), rows, [], places)
    return {member for place, one in enumerate(groups.values()) if found[place] for member in one}


def _few_follow(rows: list[list[int]], sizes: np.ndarray, fewest: int) -> np.ndarray:
    """Mask of the groups in a vector of the row space that covers fewer than ``fewest`` members."""
    found = np.zeros(len(sizes), bool)
    small = np.flatnonzero(sizes < fewest)
    if not small.size or not rows:
        return found
    matrix = _indicators(len(sizes), rows, [])
    left, values, _right = np.linalg.svd(np.delete(matrix, small, axis=1))
    rank = int((values > NOTHING * max(matrix.shape)).sum())
    free = _independent(left[:, rank:].T @ matrix[:, small])
    if len(free) > MOST_FREE:
        found[small] = (np.abs(free) > NOTHING).any(axis=0)
        return found
    for zeros in combinations(range(small.size), max(len(free) - 1, 0)):
        for vector in _vanishing(free, list(zeros)):
            covered = small[np.abs(vector) > NOTHING]
            if covered.size and sizes[covered].sum() < fewest:
                found[covered] = True
    return found


def _independent(vectors: np.ndarray) -> np.ndarray:
    """An orthonormal basis of the span of the rows."""
    _left, values, right = np.linalg.svd(vectors, full_matrices=False)
    return np.asarray(right[values > NOTHING * max(vectors.shape)])


def _vanishing(basis: np.ndarray, places: list[int]) -> np.ndarray:
    """The vector of the span of ``basis`` that is 0 at ``places``, as a row; none if there are several."""
    _left, values, right = np.linalg.svd(basis[:, places].T)
    rank = int((values > NOTHING * max(basis.shape)).sum()) if places else 0
    kernel = right[rank:] if places else np.eye(len(basis))
    return kernel @ basis if len(kernel) == 1 else basis[:0]


def _follows(size: int, rows: list[list[int]], alone: list[int]) -> np.ndarray:
    """Mask of the unit vectors in the row space of indicator vectors."""
    matrix = _indicators(size, rows, alone)
    if not matrix.size:
        return np.zeros(size, bool)
    _left, values, right = np.linalg.svd(matrix)
    rank = int((values > NOTHING * max(matrix.shape)).sum())
    return np.asarray(np.abs(right[rank:]).sum(axis=0) < NOTHING)


def _sum_follows(size: int, rows: list[list[int]], alone: list[int], own: list[int]) -> np.ndarray:
    """Mask of the parts ``own`` that have a share in a vector of the row space that is 0 outside of ``own``."""
    matrix = _indicators(size, rows, alone)
    left, values, _right = np.linalg.svd(np.delete(matrix, own, axis=1))
    rank = int((values > NOTHING * max(matrix.shape)).sum())
    found = np.zeros(size, bool)
    found[own] = np.abs(left[:, rank:].T @ matrix[:, own]).sum(axis=0) > NOTHING
    return found


def _indicators(size: int, rows: list[list[int]], alone: list[int]) -> np.ndarray:
    matrix = np.zeros((len(rows) + len(alone), size))
    for number, places in enumerate([*rows, *([place] for place in alone)]):
        matrix[number, places] = 1.0
    return matrix
