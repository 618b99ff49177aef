"""Published norms as versioned data. One set is never mixed with another."""

from __future__ import annotations

from datareview.analysis.door import door
from datareview.analysis.inputs import AS_IS, Number

PERCENTILES = (90, 75, 50, 25, 10)
WEEKS_OF_YEAR = 32  # from fall to spring, as counted by the source
WEEKS_OF_HALF = 16  # from winter to spring

# Words correct per minute at the 90th, 75th, 50th, 25th and 10th percentile.
_Row = tuple[int, int, int, int, int]
HASBROUCK_TINDAL_2017: dict[tuple[int, str], _Row] = {
    (1, "winter"): (97, 59, 29, 16, 9),
    (1, "spring"): (116, 91, 60, 34, 18),
    (2, "fall"): (111, 84, 50, 36, 23),
    (2, "winter"): (131, 109, 84, 59, 35),
    (2, "spring"): (148, 124, 100, 72, 43),
    (3, "fall"): (134, 104, 83, 59, 40),
    (3, "winter"): (161, 137, 97, 79, 62),
    (3, "spring"): (166, 139, 112, 91, 63),
    (4, "fall"): (153, 125, 94, 75, 60),
    (4, "winter"): (168, 143, 120, 95, 71),
    (4, "spring"): (184, 160, 133, 105, 83),
    (5, "fall"): (179, 153, 121, 87, 64),
    (5, "winter"): (183, 160, 133, 109, 84),
    (5, "spring"): (195, 169, 146, 119, 102),
    (6, "fall"): (185, 159, 132, 112, 89),
    (6, "winter"): (195, 166, 145, 116, 91),
    (6, "spring"): (204, 173, 146, 122, 91),
}
# The 2006 norms differ and go up to grade 8. A set keeps its key forever; a new set gets a new key.
NORM_SETS = {"hasbrouck-tindal-2017": HASBROUCK_TINDAL_2017}
SOURCE = "Hasbrouck & Tindal (2017), Behavioral Research and Teaching, Technical Report 1702"
BANDS = ("<10", "10-24", "25-49", "50-74", "75-89", ">=90")


@door(grade=Number(), percentile=AS_IS, norms=AS_IS)
def norm_growth(grade: int, percentile: int, *, norms: str = "hasbrouck-tindal-2017") -> float | None:
    """Words per week gained over the year at one percentile, computed from the scores; None without norms.

    Parameters
    ----------
    grade : int
        1 to 6.
    percentile : int
        90, 75, 50, 25 or 10.
    norms : str
        Key of `NORM_SETS`.

    Notes
    -----
    (spring - fall) / 32, in grade 1 (spring - winter) / 16. The column printed beside the scores is not used, since
    three of its cells do not follow this rule (grade 1 at 10: 0.5 for 0.56; grade 5 at 10: 1.9 for 1.19; grade 6 at
    50: 0.3 for 0.44). Growth is faster before winter than after it: do not compare a half year with this.

    References
    ----------
    Hasbrouck & Tindal (2017), BRT Technical Report 1702.
    """
    table, at = NORM_SETS[norms], PERCENTILES.index(percentile)
    spring, fall, winter = (table.get((grade, name)) for name in ("spring", "fall", "winter"))
    if spring is None:
        return None
    if fall is not None:
        return (spring[at] - fall[at]) / WEEKS_OF_YEAR
    return (spring[at] - winter[at]) / WEEKS_OF_HALF if winter is not None else None
