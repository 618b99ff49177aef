"""Published norms, against the page that prints them.

Every score was compared with the table at readnaturally.com/article/hasbrouck-tindal-oral-reading-fluency-chart
(2017 chart, Technical Report 1702).
"""

from __future__ import annotations

import pytest

from datareview.analysis.norms import HASBROUCK_TINDAL_2017, PERCENTILES, norm_growth

pytestmark = pytest.mark.kernel

# As printed: grade, then fall, winter, spring and the weekly improvement at the 90th to 10th percentile.
PRINTED = """
1 | – – – – – | 97 59 29 16 9 | 116 91 60 34 18 | 1.2 2.0 1.9 1.1 0.5
2 | 111 84 50 36 23 | 131 109 84 59 35 | 148 124 100 72 43 | 1.2 1.3 1.6 1.1 0.6
3 | 134 104 83 59 40 | 161 137 97 79 62 | 166 139 112 91 63 | 1.0 1.1 0.9 1.0 0.7
4 | 153 125 94 75 60 | 168 143 120 95 71 | 184 160 133 105 83 | 1.0 1.1 1.2 0.9 0.7
5 | 179 153 121 87 64 | 183 160 133 109 84 | 195 169 146 119 102 | 0.5 0.5 0.8 1.0 1.9
6 | 185 159 132 112 89 | 195 166 145 116 91 | 204 173 146 122 91 | 0.6 0.4 0.3 0.3 0.1
"""
MISPRINTS = {(1, 10): 0.5625, (5, 10): 1.1875, (6, 50): 0.4375}


def printed():
    for line in PRINTED.strip().splitlines():
        grade, *windows, growth = [part.split() for part in line.split("|")]
        yield int(grade[0]), dict(zip(("fall", "winter", "spring"), windows, strict=True)), growth


def test_every_score_is_the_printed_one():
    expected = {
        (grade, window): tuple(int(score) for score in scores)
        for grade, windows, _growth in printed()
        for window, scores in windows.items()
        if scores[0] != "–"
    }
    assert expected == HASBROUCK_TINDAL_2017


def test_growth_is_computed_and_the_three_misprinted_cells_are_known():
    for grade, _windows, cells in printed():
        for percentile, cell in zip(PERCENTILES, cells, strict=True):
            found = norm_growth(grade, percentile)
            if (grade, percentile) in MISPRINTS:
                assert found == MISPRINTS[grade, percentile]
                assert abs(found - float(cell)) > 0.05
            else:
                assert found == pytest.approx(float(cell), abs=0.0501)
    assert norm_growth(9, 50) is None
