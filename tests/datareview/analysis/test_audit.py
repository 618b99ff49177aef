"""Audits of a risk score by group."""

import numpy as np
import pytest

from datareview.analysis.audit import audit_score

pytestmark = pytest.mark.kernel


def scored(n=600, seed=2):
    rng = np.random.default_rng(seed)
    group = np.where(np.arange(n) % 3 == 0, "b", "a")
    score = rng.normal(0, 1, n)
    return score, (rng.random(n) < 1 / (1 + np.exp(1 - score))).astype(int), group


def test_an_audit_counts_each_group_against_all_others():
    score, y, group = scored()
    out = audit_score(score, y, group, threshold=0.5)
    own = group == "b"
    flagged = score >= 0.5
    row = out.loc["b"]
    assert (row["n"], row["positives"]) == (own.sum(), y[own].sum())
    assert row["flag_rate"] == pytest.approx(flagged[own].mean())
    assert row["found"] == pytest.approx(flagged[own & (y == 1)].mean())
    assert row["false_alarms"] == pytest.approx(flagged[own & (y == 0)].mean())
    assert row["precision"] == pytest.approx(y[own & flagged].mean())
    assert row["flag_ratio"] == pytest.approx(flagged[own].mean() / flagged[~own].mean())
    assert row["notice"] == ""


def test_an_audit_notices_a_group_that_is_flagged_more_or_found_less():
    score, y, group = scored()
    assert (
        audit_score(score + 1.2 * (group == "b"), y, group, threshold=0.5).loc["b", "notice"]
        == "flagged more"
    )
    assert (
        audit_score(score - 0.8 * (group == "b"), y, group, threshold=0.5).loc["b", "notice"] == "found less"
    )


def test_a_small_group_is_not_audited():
    score, y, group = scored(240)
    assert audit_score(score, y, group, threshold=0.5)["status"].to_dict() == {
        "a": "ok",
        "b": "insufficient_data",
    }
    assert audit_score([], [], [], threshold=0.5).empty


def test_an_audit_says_whether_probabilities_were_right_on_the_whole():
    score, y, group = scored()
    out = audit_score(score, y, group, threshold=0.5, probability=np.full(len(y), 0.5))
    assert out.loc["a", "said_less_seen"] == pytest.approx(0.5 - y[group == "a"].mean())


def test_a_group_whose_others_are_too_few_has_figures_and_no_ratios():
    score, y, _group = scored()
    few = np.where(np.arange(len(y)) < 90, "b", "a")
    row = audit_score(score, y, few, threshold=0.5).loc["a"]
    assert (row["status"], row["notice"]) == ("ok", "")
    assert np.isnan(row[["flag_ratio", "found_ratio"]].astype(float)).all()
    assert np.isfinite(row["auc"])


def test_a_group_alone_in_being_flagged_is_noticed():
    score, y, group = scored()
    row = audit_score(np.where(group == "b", score, -9), y, group, threshold=0.5).loc["b"]
    assert (np.isnan(row["flag_ratio"]), row["notice"]) == (True, "flagged more")


def test_order_and_missing_values_do_not_matter():
    score, y, group = scored()
    out = audit_score(score, y, group, threshold=0.5)
    assert audit_score(score[::-1], y[::-1], group[::-1], threshold=0.5).equals(out)
    more = audit_score([*score, np.nan, 1], [*y, 1, np.nan], [*group, "a", "a"], threshold=0.5)
    assert more.equals(out)
