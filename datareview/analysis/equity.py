"""Compare outcomes between groups: risks, ratios, gaps. Group membership audits a number and never enters one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from datareview.analysis.door import Within, door
from datareview.analysis.inputs import Count, InputError, Level, Number
from datareview.analysis.schema import INSUFFICIENT, NOT_CALCULATED, OK, ZERO_VARIANCE

MIN_CELL, MIN_GROUP = 10, 30  # the largest minimums that 34 CFR 300.647(b)(1)(iv) presumes reasonable


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval and both sample sizes; the figure is None where ``status`` is not "ok"."""

    method: str
    status: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n_group: int = 0
    n_others: int = 0


@door(
    Within("cases", "n"),
    Within("other_cases", "other_n"),
    cases=Count(),
    n=Count(),
    other_cases=Count(),
    other_n=Count(),
    state=Count(),
    min_cell=Count(),
    min_n=Count(),
    level=Level(),
)
def risk_ratio(
    cases: int,
    n: int,
    other_cases: int,
    other_n: int,
    *,
    state: tuple[int, int] | None = None,
    min_cell: int = MIN_CELL,
    min_n: int = MIN_GROUP,
    level: float = 0.95,
) -> Estimate:
    """Risk of a group divided by the risk of all others in the district, or in the state if those are too few.

    Parameters
    ----------
    cases, n : int
        Students of the group with the outcome, and all students of the group.
    other_cases, other_n : int
        The same for all other students of the district.
    state : (int, int), optional
        Cases and students of all other groups in the state, for the alternate risk ratio.
    min_cell, min_n : int
        Minimum cases and students, for the group and for its comparison; set by the state.
    level : float
        Confidence level of the interval (on the log scale), 0 to 1.

    Returns
    -------
    Estimate
        ``method`` is "risk_ratio" or "alternate_risk_ratio". "not_calculated" if the group, or every comparison, is
        below a minimum. Never infinite: there is no ratio to a comparison without cases.

    References
    ----------
    34 CFR 300.646 and 300.647 (81 FR 92376); Katz and others (1978), Biometrics 34, 469 (interval).
    """
    if state and state[0] > state[1]:
        raise InputError(f"state: {state[0]} cases among {state[1]} students")
    refused = Estimate("risk_ratio", NOT_CALCULATED, n_group=n, n_others=other_n)
    if cases < max(min_cell, 1) or n < max(min_n, 1):
        return refused
    if other_cases >= max(min_cell, 1) and other_n >= max(min_n, 1):
        return _ratio("risk_ratio", (cases, n), (other_cases, other_n), level)
    if state and state[0] >= max(min_cell, 1) and state[1] >= max(min_n, 1):
        return _ratio("alternate_risk_ratio", (cases, n), state, level)
    return refused


def _ratio(method: str, group: tuple[int, int], others: tuple[int, int], level: float) -> Estimate:
    (a, n1), (b, n0) = group, others
    ratio = (a / n1) / (b / n0)
    spread = stats.norm.ppf(0.5 + level / 2) * np.sqrt(1 / a - 1 / n1 + 1 / b - 1 / n0)
    return Estimate(method, OK, ratio, float(ratio * np.exp(-spread)), float(ratio * np.exp(spread)), n1, n0)


@door(Within("cases", "n"), cases=Count(), n=Count(), level=Level())
def wilson_interval(cases: int, n: int, *, level: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval of a proportion, 0 to 1; (0, 1) if n is 0.

    Parameters
    ----------
    cases, n : int
        Students with the outcome, and all students; 0 or more.
    level : float
        Confidence level, 0 to 1.

    Returns
    -------
    (float, float)
        Lower and upper end.

    Notes
    -----
    (p + z²/2n -/+ z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n). Holds for small n and for p of 0 and 1.

    References
    ----------
    Wilson (1927), JASA 22, 209; Newcombe (1998), Stat. Med. 17, 857, method 3.
    """
    if n == 0:
        return 0.0, 1.0
    z, p = stats.norm.ppf(0.5 + level / 2), cases / n
    half = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    low, high = (p + z * z / (2 * n) - half) / scale, (p + z * z / (2 * n) + half) / scale
    return (0.0 if cases == 0 else float(low)), (1.0 if cases == n else float(high))


@door(
    Within("cases", "n"),
    Within("other_cases", "other_n"),
    cases=Count(),
    n=Count(),
    other_cases=Count(),
    other_n=Count(),
    level=Level(),
)
def difference_of_proportions(
    cases: int, n: int, other_cases: int, other_n: int, *, level: float = 0.95
) -> Estimate:
    """Difference of two independent proportions, with the hybrid score interval.

    Parameters
    ----------
    cases, n, other_cases, other_n : int
        Students with the outcome and all students, in the group and among the others.
    level : float
        Confidence level, 0 to 1.

    Returns
    -------
    Estimate
        Group minus others, -1 to 1; "insufficient_data" if a group is empty.

    Notes
    -----
    With Wilson's limits l, u: p - q - sqrt((p-l1)² + (u2-q)²) to p - q + sqrt((u1-p)² + (q-l2)²). Not for the same
    students measured twice.

    References
    ----------
    Newcombe (1998), Stat. Med. 17, 873, method 10.
    """
    if n == 0 or other_n == 0:
        return Estimate("newcombe_10", INSUFFICIENT, n_group=n, n_others=other_n)
    p, q = cases / n, other_cases / other_n
    (l1, u1), (l2, u2) = (
        wilson_interval(cases, n, level=level),
        wilson_interval(other_cases, other_n, level=level),
    )
    low = p - q - np.hypot(p - l1, u2 - q)
    high = p - q + np.hypot(u1 - p, q - l2)
    return Estimate("newcombe_10", OK, p - q, float(low), float(high), n, other_n)


@door(group=Number(), others=Number(), level=Level())
def difference_of_means(
    group: np.ndarray, others: np.ndarray, *, level: float = 0.95
) -> tuple[Estimate, Estimate]:
    """Difference of means with Welch's interval, and Hedges' g; missing values are left out.

    Parameters
    ----------
    group, others : array
        Scores, any unit.
    level : float
        Confidence level, 0 to 1.

    Returns
    -------
    (Estimate, Estimate)
        Difference in the scores' unit, and g in standard deviations, both group minus others. "insufficient_data"
        with fewer than two scores in a group, "undefined_zero_variance" if the scores have no spread.

    Notes
    -----
    t with the degrees of freedom of Welch and Satterthwaite; g = J d, J = 1 - 3 / (4 (n + m - 2) - 1), d by the
    pooled standard deviation, interval g -/+ z sqrt((n + m) / nm + g² / 2(n + m)). With skewed scores the intervals
    need more than about 15 students per group.

    References
    ----------
    Welch (1947), Biometrika 34, 28; Hedges (1981), J. Educ. Stat. 6, 107.
    """
    a, b = (np.asarray(part, np.float64) for part in (group, others))
    a, b = a[np.isfinite(a)], b[np.isfinite(b)]
    n, m = len(a), len(b)
    status = INSUFFICIENT if min(n, m) < 2 else ZERO_VARIANCE if np.ptp(a) == np.ptp(b) == 0 else OK
    if status != OK:
        return Estimate("welch", status, n_group=n, n_others=m), Estimate(
            "hedges_g", status, n_group=n, n_others=m
        )
    gap, va, vb = float(a.mean() - b.mean()), a.var(ddof=1) / n, b.var(ddof=1) / m
    df = (va + vb) ** 2 / (va**2 / (n - 1) + vb**2 / (m - 1))
    half = float(stats.t.ppf(0.5 + level / 2, df) * np.sqrt(va + vb))
    pooled = np.sqrt((va * n * (n - 1) + vb * m * (m - 1)) / (n + m - 2))
    g = float((1 - 3 / (4 * (n + m - 2) - 1)) * gap / pooled)
    spread = float(stats.norm.ppf(0.5 + level / 2) * np.sqrt((n + m) / (n * m) + g * g / (2 * (n + m))))
    return (
        Estimate("welch", OK, gap, gap - half, gap + half, n, m),
        Estimate("hedges_g", OK, g, g - spread, g + spread, n, m),
    )


@door(p=Number(0, 1), q=Number(0, 1, needed=True))
def benjamini_hochberg(p: np.ndarray, *, q: float = 0.10) -> np.ndarray:
    """Select the tests that are significant at a false discovery rate of ``q`` (Benjamini–Hochberg).

    Parameters
    ----------
    p : array
        p-values, 0 to 1; missing ones are never significant and do not count as tests.
    q : float
        False discovery rate, 0 to 1.

    Returns
    -------
    array of bool
        In the order of ``p``.

    Notes
    -----
    Selects all tests up to the largest i with p(i) <= i q / m. The tests must be independent or positively
    dependent.

    References
    ----------
    Benjamini & Hochberg (1995), J. R. Stat. Soc. B 57, 289.
    """
    values = np.asarray(p, np.float64)
    known = np.isfinite(values)
    order = np.sort(values[known])
    passing = np.flatnonzero(order <= q * np.arange(1, len(order) + 1) / max(len(order), 1))
    return known & (values <= (order[passing[-1]] if len(passing) else -1.0))
