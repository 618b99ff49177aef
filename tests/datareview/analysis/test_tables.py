"""Rates coded for publication."""

import pytest

from datareview.analysis.tables import code_rate

pytestmark = pytest.mark.kernel


@pytest.mark.parametrize(
    ("cases", "n", "said"),
    [
        (5, 9, ("suppressed", None, "")),
        (9, 10, ("ok", 90.0, ">=")),
        (1, 10, ("ok", 10.0, "<=")),
        (5, 10, ("ok", 50.0, "")),
        (20, 21, ("ok", 95.0, ">=")),
        (19, 21, ("ok", 90.0, "")),
        (1, 21, ("ok", 5.0, "<=")),
        (98, 100, ("ok", 98.0, ">=")),
        (2, 41, ("ok", 5.0, "")),
        (0, 41, ("ok", 2.0, "<=")),
        (1000, 1000, ("ok", 99.0, ">=")),
        (11, 1000, ("ok", 1.0, "")),
        (11, 10, ("suppressed", None, "")),
        (0, 0, ("suppressed", None, "")),
    ],
)
def test_rates_at_their_ends_are_coded_by_the_size_of_the_group(cases, n, said):
    assert code_rate(cases, n) == said


def test_a_school_may_code_wider_ends():
    """From 41 to 49 students only one count lies within 2 % of the end."""
    assert sum(code_rate(cases, 45)[2] == ">=" for cases in range(46)) == 1
    wider = ((10, 20, 10), (21, 49, 5), (50, 100, 2), (101, None, 1))
    assert sum(code_rate(cases, 45, coded=wider)[2] == ">=" for cases in range(46)) == 3
    for n in range(50, 500):
        assert sum(code_rate(cases, n, coded=wider)[2] == ">=" for cases in range(n - 9, n + 1)) >= 2
