"""Word-sized charts."""

import datetime as dt
import xml.etree.ElementTree as ET

from datareview.charts.sparkline import sparkline

DAYS = [dt.date(2026, 9, 7) + dt.timedelta(weeks=week) for week in (0, 1, 2, 6)]


def test_it_says_its_values():
    drawn = ET.fromstring(sparkline([62, None, 64, 68.5], DAYS, benchmark=80, unit="words"))
    assert drawn.attrib["aria-label"] == "3 values, from 62 to 68.5 words; benchmark 80"


def test_it_breaks_at_a_gap():
    path = ET.fromstring(sparkline([1, 2, 3, 4], DAYS)).find("path")
    assert path is not None
    assert path.attrib["d"].count("M") == 2


def test_one_value_is_a_point():
    assert "<circle" in sparkline([5], DAYS[:1])


def test_no_value_is_a_dash():
    assert "–" in sparkline([None, float("nan")], DAYS[:2])
