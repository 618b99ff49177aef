"""Accuracy of forecasts and the scorecard on held-out real students: ``./dev bench accuracy --data FOLDER``.

The folder holds two public data sets, which the project does not include:

- ``oulad_AAA_2013J_students.csv`` and ``oulad_AAA_2013J_assessments.csv``: Open University Learning Analytics
  Dataset, module AAA, presentation 2013J (Kuzilek, Hlosta & Zdrahal 2017, Sci. Data 4:170171; CC BY 4.0);
- ``dataedu_online_science.csv.gz``: online science classes of a US high school (data-edu/dataedu; CC BY 4.0).

One presentation allows no split by time, so students are held out: five folds, ten times, and every figure is for
students the model had not seen. If the folder has a later presentation of the module (``oulad_AAA_2014J_…``), models
are also trained on the earlier one and tested on the later one. Gender, region, education, deprivation, age and
disability are never given to a model; they are used to audit it. Scores count as known on the day the work was handed
in, though tutors mark later. The points of the science classes are known only at the end of the course: those figures
show how well points rank, not how early.

The run also compares the kernel's figures with scikit-learn's and stops at a difference.
"""

from __future__ import annotations

import argparse
import json
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from datareview.analysis.audit import audit_score
from datareview.analysis.banding import place_within
from datareview.analysis.flagquality import at_capacity, rank_quality
from datareview.analysis.forecasts import METHODS, compare_forecasts
from datareview.analysis.probability import calibration
from datareview.analysis.scorecard import fit_scorecard

FOLDS, REPEATS, SEED = 5, 10, 20_261_123
WEEKS = (4, 8, 12)
CAPACITY = 0.15  # of the students a school can serve
DRAWS = 500
PRESENTATION = "2013J"
PLACES = ("last score in the lowest quarter", "last score in the second quarter")  # of its assessment
RESULTS = Path(__file__).parent / "results" / "accuracy.json"


def main(argv: list[str] | None = None) -> int:
    """Measure, print tables, write JSON."""
    parser = argparse.ArgumentParser(prog="./dev bench accuracy", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the data sets named above")
    parser.add_argument("--json", type=Path, default=RESULTS)
    arguments = parser.parse_args(argv)
    results = {
        "on": datetime.now(tz=UTC).date().isoformat(),
        "python": platform.python_version(),
        "forecasts": forecasts(arguments.data),
        "scorecard": [risk(arguments.data, week) for week in WEEKS],
        "in_time": [one for week in WEEKS if (one := in_time(arguments.data, week))],
        "science": science(arguments.data),
    }
    arguments.json.parent.mkdir(exist_ok=True)
    arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    for line in report(results):
        print(line)
    return 0


def forecasts(folder: Path) -> list[dict[str, Any]]:
    """Forecast the next marked assignment by every method, with the coverage of two intervals."""
    marks = pd.read_csv(folder / "oulad_AAA_2013J_assessments.csv", na_values="?")
    scores = pd.DataFrame(
        {"series": marks["id_student"], "group": 0, "day": marks["date"].astype(int), "value": marks["score"]}
    )
    rows = []
    wide = compare_forecasts(scores, level=0.95, scale=(0, 100))
    found = compare_forecasts(scores, level=0.80, scale=(0, 100))
    for method in METHODS:
        row = found.table.loc[method]
        rows.append(
            {
                "method": method,
                "n": int(row["n"]),
                "mae": _rounded(row["mae"]),
                "rmse": _rounded(row["rmse"]),
                "in_80": _rounded(row["coverage"]),
                "in_95": _rounded(wide.table.loc[method, "coverage"]),
            }
        )
    return rows


def presentations(folder: Path) -> list[str]:
    """Presentations of module AAA in the folder, in chronological order: 2013J, 2014J."""
    names = (path.name.split("_")[2] for path in folder.glob("oulad_AAA_*_students.csv"))
    return sorted(name for name in names if (folder / f"oulad_AAA_{name}_assessments.csv").exists())


def features(
    folder: Path, week: int, presentation: str = PRESENTATION
) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series, pd.DataFrame]:
    """Data known at the end of ``week``: indicators, underlying quantities, outcome, demographics."""
    start = folder / f"oulad_AAA_{presentation}"
    people = pd.read_csv(f"{start}_students.csv", na_values="?").set_index("id_student")
    marks = pd.read_csv(f"{start}_assessments.csv", na_values="?")
    day = 7 * week
    here = people[people["date_unregistration"].isna() | (people["date_unregistration"] > day)]
    due = marks.loc[marks["date"] <= day, "id_assessment"].unique()
    known = marks[(marks["date_submitted"] <= day) & marks["id_assessment"].isin(due)].copy()
    known["place"] = place_within(known.rename(columns={"id_assessment": "assessment"}))
    by = known.sort_values("date").groupby("id_student")
    raw = pd.DataFrame(index=here.index)
    raw["missed"] = (len(due) - by.size()).reindex(here.index).fillna(len(due))
    raw["late"] = (known["date_submitted"] > known["date"]).groupby(known["id_student"]).sum()
    raw["mean"], raw["last"] = by["score"].mean(), by["score"].last()
    raw["place"] = by["place"].last()
    raw["fall"] = by["score"].first() - by["score"].last()
    raw["attempts"], raw["credits"] = here["num_of_prev_attempts"], here["studied_credits"]
    raw["registered"] = here["date_registration"]
    indicators = pd.DataFrame(
        {
            "an assignment missed": raw["missed"] >= 1,
            "two missed": raw["missed"] >= 2,
            "handed in late": raw["late"] > 0,
            "last score under 40": raw["last"] < 40,
            "last score under 55": raw["last"] < 55,
            PLACES[0]: raw["place"] < 0.25,
            PLACES[1]: raw["place"].between(0.25, 0.5, inclusive="left"),
            "fell by ten points": raw["fall"] >= 10,
            "taken before": raw["attempts"] >= 1,
            "120 credits or more at once": raw["credits"] >= 120,
            "registered in the last month": raw["registered"] > -30,
        }
    ).astype(float)
    outcome = here["final_result"].isin(["Fail", "Withdrawn"]).astype(float)
    return indicators, raw, outcome, here[["gender", "imd_band", "disability", "age_band"]]


@dataclass(frozen=True, slots=True)
class Output:
    """One model's output for unseen students: probabilities, and places by which students are served.

    Point totals of two folds are on different scales, so places are within each fold, for every model alike.
    """

    probability: np.ndarray
    place: np.ndarray


def learners() -> dict[str, Any]:
    """The peers, as one would use them from scikit-learn."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    logistic = make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression(C=0.1, max_iter=2000))
    boosted = HistGradientBoostingClassifier(
        max_depth=3, learning_rate=0.05, max_iter=80, min_samples_leaf=15, random_state=SEED
    )
    return {"logistic regression": logistic, "gradient boosting": boosted}


def fit_and_predict(
    taught: tuple[pd.DataFrame, pd.DataFrame, pd.Series], asked: tuple[pd.DataFrame, pd.DataFrame]
) -> dict[str, Output]:
    """Fit every model and predict. The peers get the indicators and the underlying quantities."""
    indicators, _quantities, outcome = taught
    card = fit_scorecard(indicators, outcome)
    rate = card.rate(asked[0]).fillna(outcome.mean()).to_numpy()
    found = {"scorecard": Output(rate, _places(card.total(asked[0]).to_numpy()))}
    fewer = fit_scorecard(indicators.drop(columns=list(PLACES), errors="ignore"), outcome)
    if PLACES[0] in indicators:
        total = fewer.total(asked[0]).to_numpy()
        found["scorecard without places"] = Output(
            fewer.rate(asked[0]).fillna(outcome.mean()).to_numpy(), _places(total)
        )
    both, those = (pd.concat([one[0], one[1].astype(float)], axis=1) for one in (taught, asked))
    for name, model in learners().items():
        probability = model.fit(both, outcome).predict_proba(those)[:, 1]
        found[name] = Output(probability, _places(probability))
    return found


def _places(score: np.ndarray) -> np.ndarray:
    return place_within(pd.DataFrame({"assessment": 0, "score": score}), min_n=1).to_numpy()


def held_back(indicators: pd.DataFrame, raw: pd.DataFrame, outcome: pd.Series) -> dict[str, list[Output]]:
    """Every model's output for each student while held out, once per repeat."""
    from sklearn.model_selection import RepeatedStratifiedKFold

    folds = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=REPEATS, random_state=SEED)
    runs: dict[str, list[Output]] = {}
    for step, (learn, test) in enumerate(folds.split(indicators, outcome)):
        taught = (indicators.iloc[learn], raw.iloc[learn], outcome.iloc[learn])
        for name, one in fit_and_predict(taught, (indicators.iloc[test], raw.iloc[test])).items():
            made = runs.setdefault(name, [])
            if step % FOLDS == 0:
                made.append(Output(np.zeros(len(outcome)), np.zeros(len(outcome))))
            made[-1].probability[test], made[-1].place[test] = one.probability, one.place
    return runs


def risk(folder: Path, week: int) -> dict[str, Any]:
    """Scorecard, logistic regression and gradient boosting on the same held-out students."""
    indicators, raw, outcome, who = features(folder, week)
    runs, y = held_back(indicators, raw, outcome), outcome.to_numpy()
    card = fit_scorecard(indicators, outcome, version="all", cohort=f"AAA {PRESENTATION}")
    ours = runs["scorecard"]
    return {
        "week": week,
        "n": len(y),
        "base_rate": _rounded(y.mean()),
        "models": {name: quality(made, y) for name, made in runs.items()},
        "ahead_of_boosting": ahead(ours, runs["gradient boosting"], y),
        "points": {name: points for name, points in card.points.items() if points},
        "audit": audit(
            np.mean([one.place for one in ours], axis=0),
            np.mean([one.probability for one in ours], axis=0),
            y,
            who,
        ),
    }


def in_time(folder: Path, week: int) -> dict[str, Any] | None:
    """Train on earlier presentations and test on the latest; None if there is only one."""
    *earlier, last = presentations(folder)
    if not earlier:
        return None
    known = [features(folder, week, one) for one in earlier]
    taught = tuple(pd.concat([part[place] for part in known], ignore_index=True) for place in range(3))
    indicators, raw, outcome, who = features(folder, week, last)
    runs = {name: [one] for name, one in fit_and_predict(taught, (indicators, raw)).items()}  # type: ignore[arg-type]
    y, ours = outcome.to_numpy(), runs["scorecard"]
    return {
        "week": week,
        "learned": earlier,
        "tested": last,
        "n": len(y),
        "base_rate": _rounded(y.mean()),
        "models": {name: quality(made, y) for name, made in runs.items()},
        "ahead_of_boosting": ahead(ours, runs["gradient boosting"], y),
        "points": {},
        "audit": audit(ours[0].place, ours[0].probability, y, who),
    }


def quality(made: list[Output], y: np.ndarray) -> dict[str, Any]:
    """Figures of one model, averaged over the repeats. The interval is of one run with this many students."""
    runs = [rank_quality(one.place, y) for one in made]
    k = round(CAPACITY * len(y))
    at = [at_capacity(one.place, y, k) for one in made]
    fit = [calibration(np.clip(one.probability, 0, 1), y) for one in made]
    agree(made[0], y)

    def mean(values: list[float | None]) -> float | None:
        found = [value for value in values if value is not None]
        return _rounded(float(np.mean(found))) if found else None

    return {
        "auc": mean([run.auc for run in runs]),
        "low": mean([run.low for run in runs]),
        "high": mean([run.high for run in runs]),
        "average_precision": mean([run.average_precision for run in runs]),
        "capacity": k,
        "true_flags": mean([one.true_flags for one in at]),
        "recall": mean([one.recall for one in at]),
        "lift": mean([one.lift for one in at]),
        "brier": mean([one.brier for one in fit]),
        "ece": mean([one.ece for one in fit]),
        "slope": mean([one.slope for one in fit]),
    }


def agree(one: Output, y: np.ndarray) -> None:
    """Stop if scikit-learn and the kernel disagree."""
    from sklearn import metrics

    ours = rank_quality(one.place, y)
    pairs = [
        (ours.auc, metrics.roc_auc_score(y, one.place)),
        (ours.average_precision, metrics.average_precision_score(y, one.place)),
        (calibration(one.probability, y).brier, metrics.brier_score_loss(y, one.probability)),
    ]
    for mine, theirs in pairs:
        if mine is None or abs(mine - theirs) > 1e-9:
            raise SystemExit(f"The kernel says {mine}, scikit-learn {theirs}.")


def ahead(ours: list[Output], theirs: list[Output], y: np.ndarray) -> dict[str, Any]:
    """Difference in AUC between ours and theirs, with a 95 % bootstrap interval over students and repeats."""
    draws = np.random.default_rng(SEED)
    pairs = list(zip(ours, theirs, strict=True))

    def lead(pair: tuple[Output, Output], at: np.ndarray) -> float:
        mine, other = (rank_quality(one.place[at], y[at]).auc for one in pair)
        return np.nan if mine is None or other is None else mine - other

    drawn = [lead(pairs[n % len(pairs)], draws.integers(0, len(y), len(y))) for n in range(DRAWS)]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    mean = np.mean([lead(pair, np.arange(len(y))) for pair in pairs])
    return {"value": _rounded(float(mean)), "low": _rounded(low), "high": _rounded(high)}


def audit(
    ranks: np.ndarray, probability: np.ndarray, y: np.ndarray, who: pd.DataFrame
) -> list[dict[str, Any]]:
    """The scorecard by group, at the capacity's threshold; groups too small to judge are marked."""
    threshold = float(np.quantile(ranks, 1 - CAPACITY))
    rows = []
    for field in ("gender", "disability"):
        out = audit_score(ranks, y, who[field].to_numpy(), threshold=threshold, probability=probability)
        for group, row in out.iterrows():
            kept = ("status", "n", "flag_rate", "found", "auc", "flag_ratio", "found_ratio", "notice")
            rows.append({"field": field, "group": group} | {name: _plain(row[name]) for name in kept})
    return rows


def science(folder: Path) -> dict[str, Any]:
    """Online science: a final grade under 65 from points earned and time spent, on held-out students."""
    data = pd.read_csv(folder / "dataedu_online_science.csv.gz")
    data = data.drop_duplicates(["student_id", "course_id"]).dropna(subset=["FinalGradeCEMS"])
    raw = data[["percentage_earned", "TimeSpent_hours"]]
    points, hours = raw["percentage_earned"], raw["TimeSpent_hours"]
    indicators = pd.DataFrame(
        {
            "under 80 % of the points": points < 0.80,
            "under 70 % of the points": points < 0.70,
            "under 65 % of the points": points < 0.65,
            "under ten hours": hours < 10,
            "under twenty hours": hours < 20,
            "under thirty hours": hours < 30,
        }
    ).astype(float)
    outcome = (data["FinalGradeCEMS"] < 65).astype(float)
    runs, y = held_back(indicators, raw, outcome), outcome.to_numpy()
    return {
        "n": len(y),
        "base_rate": _rounded(y.mean()),
        "models": {name: quality(made, y) for name, made in runs.items()},
        "ahead_of_boosting": ahead(runs["scorecard"], runs["gradient boosting"], y),
        "points": {name: one for name, one in fit_scorecard(indicators, outcome).points.items() if one},
        "audit": [],
    }


def report(results: dict[str, Any]) -> list[str]:
    """The tables as Markdown."""
    lines = [f"Measured on {results['on']}, Python {results['python']}.", ""]
    lines += [f"Next assignment, OULAD AAA {PRESENTATION} (0 to 100):", ""]
    lines += [
        "| method | n | mean abs. error | RMSE | in its 80 % | in its 95 % |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for row in results["forecasts"]:
        figures = (row["mae"], row["rmse"], row["in_80"], row["in_95"])
        lines.append(f"| {row['method']} | {row['n']} | " + " | ".join(_shown(one) for one in figures) + " |")
    for one in results["scorecard"]:
        lines += table(f"Fail or withdraw, known at week {one['week']}, students held back", one)
    for one in results["in_time"]:
        learned = ", ".join(one["learned"])
        lines += table(
            f"Fail or withdraw, known at week {one['week']}, {learned} teaching {one['tested']}", one
        )
    lines += table("Online science, final grade under 65, students held back", results["science"])
    return lines


def table(title: str, one: dict[str, Any]) -> list[str]:
    """One table of models, with points, the lead over boosting, and the audit below."""
    lines = ["", f"{title}: {one['n']} students, base rate {one['base_rate']}", ""]
    lines += [
        "| model | AUC (95 %) | av. precision | true of flagged | recall | lift | Brier | ECE | slope |"
    ]
    lines += ["|---|---|--:|--:|--:|--:|--:|--:|--:|"]
    for name, row in one["models"].items():
        figures = [row["recall"], row["lift"], row["brier"], row["ece"], row["slope"]]
        lines.append(
            f"| {name} | {row['auc']} ({row['low']} to {row['high']}) | {row['average_precision']} | "
            f"{row['true_flags']:.1f} of {row['capacity']} | "
            + " | ".join(_shown(each) for each in figures)
            + " |"
        )
    lead = one["ahead_of_boosting"]
    lines += ["", f"AUC of the scorecard less boosting's: {lead['value']} ({lead['low']} to {lead['high']})."]
    if one["points"]:
        lines.append(
            "Points: " + ", ".join(f"{name} {points}" for name, points in one["points"].items()) + "."
        )
    for row in one["audit"]:
        lines.append(
            f"Audit {row['field']} {row['group']}: n {row['n']:g}, {row['status']}, flag ratio "
            f"{_shown(row['flag_ratio'])}, found ratio {_shown(row['found_ratio'])} {row['notice']}".rstrip()
        )
    return lines


def _rounded(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else round(float(value), 3)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value
    return _rounded(float(value))


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


if __name__ == "__main__":
    raise SystemExit(main())
