"""Risk ratios of many groups at once, against one at a time and by hand."""

import numpy as np
import pandas as pd
import pytest

from datareview.analysis.disproportion import Thresholds, is_significant, pool_years, risk_ratios
from datareview.analysis.equity import risk_ratio
from tests.properties import given, st

pytestmark = pytest.mark.kernel

# Computed by hand. North: 40 of 200 against 50 of 500 is 0.20 / 0.10. South's others are too few (9 of 90), so
# group a (20 of 100) is compared with all of group b in the state: (50 + 9) of (500 + 90) is 0.10.
COUNTS = pd.DataFrame(
    [("north", "a", 40, 200), ("north", "b", 50, 500), ("south", "a", 20, 100), ("south", "b", 9, 90)],
    columns=["district", "group", "cases", "n"],
)


def test_ratios_by_hand():
    out = risk_ratios(COUNTS).set_index(["district", "group"])
    assert out["ratio"].tolist() == pytest.approx([2.0, 0.5, 2.0, np.nan], nan_ok=True)
    assert out["method"].tolist() == ["risk_ratio", "risk_ratio", "alternate_risk_ratio", "risk_ratio"]
    assert out["status"].tolist() == ["ok", "ok", "ok", "not_calculated"]
    assert out["label"].tolist() == ["over", "under", "over", ""]
    assert out["other_n"].tolist() == pytest.approx([500, 200, 590, np.nan], nan_ok=True)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 200)), min_size=4, max_size=4))
def test_each_is_what_one_at_a_time_gives(pairs):
    rows = [(min(cases, n), n) for cases, n in pairs]
    frame = pd.DataFrame(rows, columns=["cases", "n"])
    frame["district"], frame["group"] = ["x", "x", "y", "y"], ["a", "b", "a", "b"]
    out = risk_ratios(frame)
    for place, (own, other, state) in enumerate(
        [(0, 1, (1, 3)), (1, 0, (0, 2)), (2, 3, (1, 3)), (3, 2, (0, 2))]
    ):
        both = tuple(rows[state[0]][k] + rows[state[1]][k] for k in (0, 1))
        one = risk_ratio(*rows[own], *rows[other], state=both)
        row = out.iloc[place]
        assert (row["status"], row["status"] == "ok") == (one.status, np.isfinite(row["ratio"]))
        if one.value is not None:
            assert row["method"] == one.method
            assert (row["ratio"], row["low"], row["high"]) == pytest.approx((one.value, one.low, one.high))


def test_one_district_alone_has_no_alternate_and_order_does_not_matter():
    alone = risk_ratios(COUNTS[COUNTS["district"] == "south"])
    assert set(alone["status"]) == {"not_calculated"}
    assert risk_ratios(COUNTS[::-1])[::-1].equals(risk_ratios(COUNTS))
    assert risk_ratios(COUNTS.iloc[:0]).empty


@pytest.mark.parametrize(
    ("cases", "label"),
    [(50, "under"), (51, "at risk of under"), (66, "at risk of under"), (67, ""), (150, ""), (151, "at risk"),
     (199, "at risk"), (200, "over"), (400, "over")],
)  # fmt: skip
def test_labels_begin_at_their_thresholds(cases, label):
    """Others: 100 of 1000, so the number of cases of 1000 is the ratio in percent."""
    frame = pd.DataFrame({"district": "x", "group": ["a", "b"], "cases": [cases, 100], "n": [1000, 1000]})
    assert risk_ratios(frame).loc[0, "label"] == label


def test_a_state_sets_its_own_thresholds_and_minima():
    strict = Thresholds(risk=1.2, over=1.4)
    frame = pd.DataFrame({"district": "x", "group": ["a", "b"], "cases": [13, 10], "n": [100, 100]})
    assert risk_ratios(frame, thresholds=strict).loc[0, "label"] == "at risk"
    assert risk_ratios(frame, min_cell=11)["status"].tolist() == ["not_calculated"] * 2
    assert risk_ratios(frame, min_n=101)["risk"].isna().all()


YEARS = pd.DataFrame(
    [(year, "x", "a", 4, 20) for year in (2021, 2022, 2023, 2024)] + [(2024, "x", "b", 30, 300)],
    columns=["year", "district", "group", "cases", "n"],
)


def test_up_to_three_years_are_pooled():
    out = pool_years(YEARS, until=2024)
    assert out.to_numpy().tolist() == [["x", "a", 12, 60, 3], ["x", "b", 30, 300, 1]]
    assert pool_years(YEARS, until=2024, years=1)["cases"].tolist() == [4, 30]
    assert risk_ratios(out).loc[0, "ratio"] == pytest.approx(2.0)
    with pytest.raises(ValueError, match="three years"):
        pool_years(YEARS, until=2024, years=4)


def test_significant_is_over_the_threshold_three_years_running():
    ratios = pd.DataFrame(
        {
            "district": "x",
            "group": list("aaabbbccc"),
            "year": [2022, 2023, 2024] * 3,
            "ratio": [3.1, 4, 3.01, 3.1, 3.0, 5, 9, np.nan, 9],
        }
    )
    out = is_significant(ratios, until=2024)
    assert out["years_over"].tolist() == [3, 1, 1]
    assert out["is_significant"].tolist() == [True, False, False]
    assert not is_significant(ratios, until=2025)["is_significant"].any()
    assert is_significant(ratios, until=2024, thresholds=Thresholds(years=1))["is_significant"].all()
