"""What answers add up to, and which numbers are shown: every small table, by counting."""

import itertools

import pytest

from datareview.surveys.scoring import QuestionScale, alarming, score_of, shown_counts, span_of

FOUR = [QuestionScale(number, 4) for number in range(1, 6)]


def test_a_sum_needs_all_answers_and_counts_from_zero():
    assert score_of(FOUR, dict.fromkeys(range(1, 6), 3), is_sum=True) == 15
    assert score_of(FOUR, dict.fromkeys(range(1, 5), 3), is_sum=True) is None
    assert span_of(FOUR, is_sum=True) == (0, 15)


def test_a_mean_needs_four_of_five_and_counts_from_one():
    assert score_of(FOUR, {1: 0, 2: 1, 3: 2, 4: 3}, is_sum=False) == 2.5
    assert score_of(FOUR, {1: 0, 2: 1, 3: 2}, is_sum=False) is None
    assert span_of(FOUR, is_sum=False) == (1, 4)


def test_reversed_and_unscored_questions():
    scales = [
        QuestionScale(1, 5, is_reversed=True),
        QuestionScale(2, 5),
        QuestionScale(3, 2, alerts=(1,), is_scored=False),
    ]
    assert score_of(scales, {1: 0, 2: 4, 3: 1}, is_sum=True) == 8
    assert alarming(scales, {1: 0, 2: 4, 3: 1}) == [3]
    assert alarming(scales, {1: 0, 2: 4}) == []


@pytest.mark.parametrize("least", [3, 5])
def test_no_answer_of_few_follows_from_what_is_shown(least):
    for counts in itertools.product(range(8), repeat=4):
        shown = shown_counts(counts, least)
        hidden = [count for count, one in zip(counts, shown, strict=True) if one is None]
        total = sum(counts)
        assert all(one is None or one >= least for one in shown)
        assert len(hidden) in (0, 4) or (sum(hidden) >= least and len(hidden) > 1)
        assert max(counts) < total or total == 0 or len(hidden) == 4
    assert shown_counts([10, 12, 9], 5) == [10, 12, 9]
    assert shown_counts([1, 12, 9], 5) == [None, 12, None]
