"""Which parts of a total a reader can work out by subtraction, from the sums and the parts that the reader knows."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from datareview.analysis.door import door
from datareview.analysis.inputs import AS_IS, Count

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

Part = TypeVar("Part", bound=Hashable)

MIN_PART = 5  # a part with fewer students hides no other one beside it
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
