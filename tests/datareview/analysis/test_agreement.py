"""Agreement of raters against published values and another implementation."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score

from datareview.analysis.agreement import rater_agreement

# Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, table 18.1: two raters, 100 people.
FLEISS = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
# SAS/STAT User's Guide, PROC FREQ, example "Computing Cochran … agreement": skin of 88 people by two dermatologists.
SKIN = [[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]]


def scores_of(table):
    rows = [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _one in range(n)]
    return pd.DataFrame(rows, columns=["first", "second"])


def test_kappa_of_the_published_tables():
    fleiss = rater_agreement(scores_of(FLEISS), power=0)
    assert (round(fleiss.exact, 2), round(fleiss.kappa, 2)) == (0.89, 0.68)
    skin = scores_of(SKIN)
    assert round(rater_agreement(skin, power=0).kappa, 4) == 0.3449
    assert round(rater_agreement(skin, power=1).kappa, 4) == 0.5082


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("power", "weights"), [(0, None), (1, "linear"), (2, "quadratic")])
def test_kappa_is_that_of_another_implementation(seed, power, weights):
    rng = np.random.default_rng(seed)
    first = rng.integers(0, 5, 30)
    second = np.clip(first + rng.integers(-1, 2, 30), 0, 4)
    found = rater_agreement(pd.DataFrame({"a": first, "b": second}), power=power)
    assert found.kappa == pytest.approx(cohen_kappa_score(first, second, labels=range(5), weights=weights))


def test_shares_are_over_all_pairs_of_people_and_kappa_is_their_mean():
    scores = pd.DataFrame({"a": [1, 2, 3, 4, 2], "b": [1, 2, 3, 4, 2], "c": [2, 2, 4, 4, 0]}, dtype=float)
    scores.loc[0, "c"] = np.nan
    found = rater_agreement(scores)
    assert (found.pieces, found.pairs, found.exact, found.adjacent) == (5, 13, 9 / 13, 11 / 13)
    assert (found.status, found.kappa) == ("ok", 1.0)


def test_too_few_pieces_or_one_level_only_have_no_kappa():
    few = rater_agreement(pd.DataFrame({"a": [1, 2, 3], "b": [1, 2, 4]}))
    assert (few.status, few.exact, few.adjacent, few.kappa) == ("insufficient_data", 2 / 3, 1.0, None)
    same = rater_agreement(pd.DataFrame({"a": [3] * 6, "b": [3] * 6}))
    assert (same.status, same.exact, same.kappa) == ("undefined_zero_variance", 1.0, None)
    nobody = rater_agreement(pd.DataFrame({"a": [1, 2]}))
    assert (nobody.status, nobody.pairs, nobody.exact, nobody.adjacent) == (
        "insufficient_data",
        0,
        None,
        None,
    )
