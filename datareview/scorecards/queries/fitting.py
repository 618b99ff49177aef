"""Learn a scorecard from earlier years and test it on students from whom it has not learned."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from datareview.replays.queries.groups import audited_groups, members_on

if TYPE_CHECKING:
    import pandas as pd

    from datareview.analysis.scorecard import Scorecard
    from datareview.analysis.validation import Validation
    from datareview.scorecards.queries.history import YearHistory
    from teams.directory.models import School

FOLDS, SEED = 5, 21
USUAL_SHARE = 0.15  # of the students, where a school says no number of seats
LEAST_ACT = 2  # points


@dataclass(frozen=True, slots=True)
class _Tested:
    """Students of the test: their score and probability by a card that did not learn from them."""

    score: np.ndarray
    probability: np.ndarray
    happened: np.ndarray
    validation: Validation


def learn_scorecard(
    school: School, settings: dict[str, Any], history: list[YearHistory], *, seats: int | None
) -> dict[str, Any]:
    """The settings of a rule with what was learned: ``card``, ``record``, and where to watch and act.

    With several years the last one tests what those before it taught; with one, each fifth of its students tests what the
    others taught, and the record says that no later year was tested.
    """
    import pandas as pd

    from datareview.analysis.scorecard import fit_scorecard
    from datareview.analysis.validation import split_by_year

    if not history:
        card = fit_scorecard(pd.DataFrame(columns=_codes(settings), dtype=float), pd.Series(dtype=float))
        return {**settings, "card": _stored(card), "record": _no_record(), "watch": 1, "act": LEAST_ACT}
    indicators = pd.concat([one.indicators for one in history], ignore_index=True)
    happened = pd.concat([one.happened for one in history], ignore_index=True)
    years = np.repeat([one.landmark.since.year for one in history], [len(one.happened) for one in history])
    students = np.concatenate([one.happened.index.to_numpy() for one in history])
    if len(history) > 1:
        learns, tests = split_by_year(years, first_tested=history[-1].landmark.since.year)
    else:
        learns = tests = np.ones(len(years), bool)
    card = fit_scorecard(indicators[learns], happened[learns], version=_span(history, years[learns]))
    many = len(students[tests])
    capacity = max(min(seats or round(USUAL_SHARE * many), many), 1)
    how = "years" if len(history) > 1 else "folds"
    if how == "years":
        tested = _test(card, indicators[tests], happened[tests], capacity, history)
    else:
        tested = _held_back(indicators, happened, capacity, history)
    totals = card.total(indicators[tests]).to_numpy()
    watch, act = cut_points_for(totals, capacity)
    record = _record(how, card, tested, history, years[learns])
    record["bands"] = _by_band(card, totals, happened[tests].to_numpy()) if how == "years" else []
    record["groups"], record["hidden"] = _by_group(
        school, history[-1], students[tests], totals >= act, happened[tests].to_numpy()
    )
    return {**settings, "card": _stored(card), "record": record, "watch": watch, "act": act}


def _stored(card: Scorecard) -> dict[str, Any]:
    """The card as it comes back from the database, lists and all."""
    stored: dict[str, Any] = json.loads(json.dumps(card.to_json()))
    return stored


def _codes(settings: dict[str, Any]) -> list[str]:
    from datareview.flags.conditions import condition_code, conditions_in

    return [condition_code(one) for one in conditions_in(settings)]


def _no_record() -> dict[str, Any]:
    return {
        "how": "none",
        "n": 0,
        "is_validated": False,
        "auc": None,
        "groups": [],
        "hidden": [],
        "bands": [],
    }


def _span(history: list[YearHistory], years: np.ndarray) -> str:
    """The terms that taught, as a version of the card."""
    names = [one.landmark.name for one in history if one.landmark.since.year in years]
    return "; ".join(names)


def _test(
    card: Scorecard, indicators: pd.DataFrame, happened: pd.Series, capacity: int, history: list[YearHistory]
) -> _Tested:
    years = [one.landmark.since.year for one in history]
    score, probability = card.total(indicators).to_numpy(float), card.rate(indicators).to_numpy()
    return _tested(score, probability, happened.to_numpy(), capacity, history[-1], years[:-1])


def _held_back(
    indicators: pd.DataFrame, happened: pd.Series, capacity: int, history: list[YearHistory]
) -> _Tested:
    """Each fifth of the students by a card of the others. Totals of two cards differ, so places within a fifth count."""
    import pandas as pd

    from datareview.analysis.banding import place_within
    from datareview.analysis.scorecard import fit_scorecard

    fold = np.random.default_rng(SEED).permutation(len(happened)) % FOLDS
    score, probability = np.full((2, len(happened)), np.nan)
    for number in range(FOLDS):
        out = fold == number
        card = fit_scorecard(indicators[~out], happened[~out])
        totals = card.total(indicators[out]).to_numpy()
        places = place_within(pd.DataFrame({"assessment": number, "score": totals}), min_n=1)
        score[out], probability[out] = places.to_numpy(), card.rate(indicators[out]).to_numpy()
    return _tested(score, probability, happened.to_numpy(), capacity, history[-1], [])


def _tested(
    score: np.ndarray,
    probability: np.ndarray,
    happened: np.ndarray,
    capacity: int,
    last: YearHistory,
    learned: list[int],
) -> _Tested:
    from datareview.analysis.validation import validate

    landmark = last.landmark
    validation = validate(
        score,
        happened,
        capacity=capacity,
        learned=learned,
        tested=[landmark.since.year],
        as_of_week=(landmark.judged_on - landmark.since).days // 7,
        probability=probability,
    )
    return _Tested(score, probability, happened, validation)


def cut_points_for(totals: np.ndarray, capacity: int) -> tuple[int, int]:
    """Points to watch from and to act from: act for no more students than can be served, watch two points below."""
    act = LEAST_ACT
    while (totals >= act).sum() > capacity:
        act += 1
    return max(act - 2, 1), act


def _record(
    how: str, card: Scorecard, tested: _Tested, history: list[YearHistory], years: np.ndarray
) -> dict[str, Any]:
    """The validation as plain data, with the terms that taught and the one that tested."""
    found = tested.validation
    at, fit = found.capacity, found.calibration
    return {
        "how": how,
        "learned": _span(history, years),
        "learned_n": card.n,
        "tested": history[-1].landmark.name,
        "judged_on": history[-1].landmark.judged_on.isoformat(),
        "week": found.as_of_week,
        "n": found.n,
        "positives": found.ranking.positives,
        "is_validated": found.ranking.is_validated,
        "auc": _plain(found.ranking.auc),
        "low": _plain(found.ranking.low),
        "high": _plain(found.ranking.high),
        "capacity": at.k,
        "true_flags": _plain(at.true_flags),
        "found": _plain(at.recall),
        "lift": _plain(at.lift),
        "said": _plain(fit.said if fit else None),
        "seen": _plain(fit.seen if fit else None),
        "error": _plain(fit.ece if fit else None),
    }


def _plain(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else round(float(value), 4)


def _by_band(card: Scorecard, totals: np.ndarray, happened: np.ndarray) -> list[dict[str, Any]]:
    """Of the students tested in each band of totals, how many, and to how many it happened."""
    rows = []
    for place, band in enumerate(card.bands):
        is_last = place == len(card.bands) - 1
        inside = (totals >= band.low) & ((totals <= band.high) | is_last)
        rows.append({"n": int(inside.sum()), "events": int(happened[inside].sum())})
    return rows


def _by_group(
    school: School, last: YearHistory, students: np.ndarray, flagged: np.ndarray, happened: np.ndarray
) -> tuple[list[dict[str, Any]], list[str]]:
    """Who would be flagged and found by group, as numbers, and the categories of which too little is known."""
    groups: list[dict[str, Any]] = []
    hidden: list[str] = []
    for category in school.group_names.order_by("category").values_list("category", flat=True).distinct():
        members = members_on(last.landmark.judged_on, students.tolist(), category)
        if found := list(audited_groups(category, happened, flagged, members)):
            groups += found
        else:
            hidden.append(category)
    return groups, hidden
