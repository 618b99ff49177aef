"""Options of multiple-choice items, against scipy's point-biserial and by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from datareview.analysis.distractors import distractor_table

pytestmark = pytest.mark.kernel


def choices(n=200, k=6, seed=8):
    rng = np.random.default_rng(seed)
    ability = rng.normal(0, 1, n)
    out = {}
    for item in range(k):
        knows = rng.random(n) < 1 / (1 + np.exp(-1.5 * (ability - (item - 2.5) / 2)))
        out[f"q{item}"] = np.where(knows, "A", rng.choice(["B", "C", "D"], n, p=[0.55, 0.3, 0.15]))
    return pd.DataFrame(out)


KEY = pd.Series("A", index=choices().columns)


def rests(answers, key):
    correct = answers.eq(key, axis=1).astype(float)
    return correct.sum(axis=1).to_numpy()[:, None] - correct.to_numpy()


def test_each_option_has_its_share_mean_and_correlation():
    answers = choices()
    found = distractor_table(answers, KEY)
    rest = rests(answers, KEY)
    for at, item in enumerate(answers):
        for option in "ABCD":
            row, chose = found.loc[item, option], (answers[item] == option).to_numpy()
            assert (row["n"], row["is_key"]) == (chose.sum(), option == "A")
            assert row["share"] == pytest.approx(chose.mean())
            assert row["mean_rest"] == pytest.approx(rest[chose, at].mean())
            assert row["r"] == pytest.approx(stats.pointbiserialr(chose, rest[:, at]).statistic)
    assert found.groupby("item")["share"].sum().to_numpy() == pytest.approx(1.0)
    assert not found["is_suspicious"].any()
    assert not found["review_first"].any()


def test_attali_and_fraenkel_compare_with_the_choosers_of_the_key_alone():
    answers = choices()
    plain, found = (
        distractor_table(answers, KEY),
        distractor_table(answers, KEY, convention="attali_fraenkel"),
    )
    rest = rests(answers, KEY)
    for at, item in enumerate(answers):
        some = answers[item].isin(["A", "C"]).to_numpy()
        expected = stats.pointbiserialr((answers[item] == "C")[some], rest[some, at]).statistic
        assert found.loc[(item, "C"), "r"] == pytest.approx(expected)
        assert found.loc[(item, "A"), "r"] == pytest.approx(plain.loc[(item, "A"), "r"])
        # Their formula: (M_D - M_DC) / S_DC sqrt(P_D / P_C).
        d, c = (answers[item] == "C").to_numpy(), (answers[item] == "A").to_numpy()
        both = rest[d | c, at]
        by_formula = (rest[d, at].mean() - both.mean()) / both.std() * np.sqrt(d.sum() / c.sum())
        assert found.loc[(item, "C"), "r"] == pytest.approx(by_formula)


def test_a_wrong_key_is_detected():
    wrong = KEY.copy()
    wrong["q2"] = "B"
    found = distractor_table(choices(), wrong).loc["q2"]
    assert found.loc["A", "is_suspicious"]
    assert found["review_first"].all()
    assert found.loc["B", "r"] < 0 < found.loc["A", "r"]
    assert not found.loc["C", "is_suspicious"]


def test_a_distractor_the_top_third_prefers_to_the_key_is_detected():
    # Twelve students whose rest scores are 3, 2, 1, 0 by threes, less one: the top four choose C.
    answers = pd.DataFrame({"q": list("CCCAAAAABBBB")})
    for at, right in enumerate([9, 6, 4]):
        answers[f"x{at}"] = ["A"] * right + ["B"] * (12 - right)
    found = distractor_table(answers, pd.Series("A", index=answers.columns)).loc["q"]
    assert found.loc["C", "top_share"] == pytest.approx(0.75)
    assert found.loc["A", "top_share"] == pytest.approx(0.25)
    assert found.loc["C", "is_suspicious"]
    assert not found["is_stable"].any()


def test_options_that_nobody_chose_are_not_working():
    found = distractor_table(choices(), KEY, options=["A", "B", "C", "D", "E"])
    assert found.xs("E", level="option")["not_working"].all()
    assert found.xs("E", level="option")["n"].sum() == 0
    assert found.xs("E", level="option")[["mean_rest", "r"]].isna().all(axis=None)
    assert not found.xs("A", level="option")["not_working"].any()
    shares = found.xs("D", level="option")
    assert (shares["not_working"] == (shares["share"] < 0.05)).all()


def test_blanks_are_a_row_of_their_own_and_never_a_distractor():
    answers = choices()
    answers.iloc[:4, 0] = [None, "", np.nan, " "]
    found = distractor_table(answers, KEY)
    assert found.loc[("q0", ""), "n"] == 4
    assert not found.xs("", level="option")[["is_key", "not_working", "is_suspicious"]].any(axis=None)


def test_labels_may_be_numbers():
    numbers = choices().replace({"A": 1.0, "B": 2.0, "C": 3.0, "D": 4.0}).astype(float)
    found = distractor_table(numbers, pd.Series(1, index=numbers.columns))
    letters = distractor_table(choices(), KEY)
    assert found["r"].to_numpy() == pytest.approx(letters["r"].to_numpy(), nan_ok=True)


def test_an_item_without_a_key_is_not_scored():
    answers = choices()
    answers.iloc[:5, 1] = None
    found = distractor_table(answers, KEY.drop("q1"))
    assert set(found.loc["q1", "status"]) == {"not_calculated"}
    assert found.loc["q1", ["share", "r"]].isna().all(axis=None)
    assert not found.loc["q1", ["is_key", "not_working", "is_suspicious", "review_first"]].any(axis=None)
    without = distractor_table(answers.drop(columns="q1"), KEY.drop("q1"))
    assert found.loc["q0", "r"].to_numpy() == pytest.approx(without.loc["q0", "r"].to_numpy(), nan_ok=True)


def test_row_order_does_not_matter():
    found = distractor_table(choices().sample(frac=1, random_state=2), KEY)
    pd.testing.assert_frame_equal(found, distractor_table(choices(), KEY))


def test_too_few_students_and_no_spread_are_statuses():
    few = distractor_table(choices().head(9), KEY)
    assert set(few["status"]) == {"insufficient_data"}
    assert few[["share", "mean_rest", "r", "top_share"]].isna().all(axis=None)
    assert not few[["not_working", "is_suspicious", "review_first"]].any(axis=None)
    assert set(distractor_table(choices().head(0), KEY)["n"]) == {0}
    same = pd.DataFrame({"a": ["A"] * 20, "b": ["A"] * 20})
    found = distractor_table(same, pd.Series("A", index=["a", "b"]))
    assert set(found["status"]) == {"undefined_zero_variance"}
    assert found["r"].isna().all()
