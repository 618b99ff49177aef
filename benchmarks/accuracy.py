"""How right forecasts and the scorecard are on real students held back: ``./dev bench accuracy --data FOLDER``.

The folder holds two public data sets, which the project does not carry:

- ``oulad_AAA_2013J_students.csv`` and ``oulad_AAA_2013J_assessments.csv``: Open University Learning Analytics
  Dataset, module AAA, presentation 2013J (Kuzilek, Hlosta & Zdrahal 2017, Sci. Data 4:170171; CC BY 4.0);
- ``dataedu_online_science.csv.gz``: online science classes of a US high school (data-edu/dataedu; CC BY 4.0).

One presentation allows no split by time, so students are held back: five folds, ten times, and every figure is
of students that the model had not seen. Gender, region, education, deprivation, age and disability are never
given to a model; they audit it.
"""

from __future__ import annotations

import argparse
import json
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from datareview.analysis.audit import audit_score
from datareview.analysis.flagquality import at_capacity, calibration, rank_quality
from datareview.analysis.forecasts import METHODS, compare_forecasts
from datareview.analysis.scorecard import fit_scorecard

FOLDS, REPEATS, SEED = 5, 10, 20_261_123
WEEKS = (4, 8, 12)
CAPACITY = 0.15  # of the students a school can serve
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
        "science": science(arguments.data),
    }
    arguments.json.parent.mkdir(exist_ok=True)
    arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    for line in report(results):
        print(line)
    return 0


def forecasts(folder: Path) -> list[dict[str, Any]]:
    """The next marked assignment from those before it, by every method, with the coverage of two intervals."""
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


def features(folder: Path, week: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series, pd.DataFrame]:
    """What was known at the end of ``week``: indicators, the quantities behind them, outcome, demographics."""
    people = pd.read_csv(folder / "oulad_AAA_2013J_students.csv", na_values="?").set_index("id_student")
    marks = pd.read_csv(folder / "oulad_AAA_2013J_assessments.csv", na_values="?")
    day = 7 * week
    here = people[people["date_unregistration"].isna() | (people["date_unregistration"] > day)]
    due = marks.loc[marks["date"] <= day, "id_assessment"].unique()
    known = marks[(marks["date_submitted"] <= day) & marks["id_assessment"].isin(due)].copy()
    known["place"] = known.groupby("id_assessment")["score"].rank(pct=True)
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
            "last score in the lowest quarter": raw["place"] < 0.25,
            "last score in the second quarter": raw["place"].between(0.25, 0.5, inclusive="left"),
            "fell by ten points": raw["fall"] >= 10,
            "taken before": raw["attempts"] >= 1,
            "120 credits or more at once": raw["credits"] >= 120,
            "registered in the last month": raw["registered"] > -30,
        }
    ).astype(float)
    outcome = here["final_result"].isin(["Fail", "Withdrawn"]).astype(float)
    return indicators, raw, outcome, here[["gender", "imd_band", "disability", "age_band"]]


def risk(folder: Path, week: int) -> dict[str, Any]:
    """Scorecard, logistic regression and gradient boosting on the same students held back."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import RepeatedStratifiedKFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    indicators, raw, outcome, who = features(folder, week)
    both = pd.concat([indicators, raw.astype(float)], axis=1)
    names = ("scorecard", "logistic regression", "gradient boosting")
    said = {name: np.zeros((REPEATS, len(outcome))) for name in names}
    totals = np.zeros((REPEATS, len(outcome)))
    folds = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=REPEATS, random_state=SEED)
    for step, (learn, test) in enumerate(folds.split(both, outcome)):
        card = fit_scorecard(indicators.iloc[learn], outcome.iloc[learn])
        rate = card.rate(indicators.iloc[test]).fillna(outcome.iloc[learn].mean())
        said["scorecard"][step // FOLDS, test] = rate
        totals[step // FOLDS, test] = card.total(indicators.iloc[test])
        logistic = make_pipeline(
            SimpleImputer(), StandardScaler(), LogisticRegression(C=0.1, max_iter=2000)
        ).fit(both.iloc[learn], outcome.iloc[learn])
        boosted = HistGradientBoostingClassifier(
            max_depth=3, learning_rate=0.05, max_iter=80, min_samples_leaf=15, random_state=SEED
        ).fit(both.iloc[learn], outcome.iloc[learn])
        said["logistic regression"][step // FOLDS, test] = logistic.predict_proba(both.iloc[test])[:, 1]
        said["gradient boosting"][step // FOLDS, test] = boosted.predict_proba(both.iloc[test])[:, 1]
    y = outcome.to_numpy()
    card = fit_scorecard(indicators, outcome, version="all", cohort="AAA 2013J")
    return {
        "week": week,
        "n": len(y),
        "base_rate": _rounded(y.mean()),
        # People rank students by points; rates are what a total is said to mean.
        "models": {
            name: quality(values, y, totals if name == "scorecard" else values)
            for name, values in said.items()
        },
        "points": {name: points for name, points in card.points.items() if points},
        "audit": audit(totals.mean(axis=0), said["scorecard"].mean(axis=0), y, who),
    }


def quality(said: np.ndarray, y: np.ndarray, ranks: np.ndarray) -> dict[str, Any]:
    """Figures of one model, the mean over the repeats; the interval is of one run of students this many."""
    runs = [rank_quality(run, y) for run in ranks]
    k = round(CAPACITY * len(y))
    at = [at_capacity(run, y, k) for run in ranks]
    fit = [calibration(np.clip(run, 0, 1), y) for run in said]

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
        "lift": mean([one.lift for one in at]),
        "brier": mean([one.brier for one in fit]),
        "slope": mean([one.slope for one in fit]),
    }


def audit(ranks: np.ndarray, said: np.ndarray, y: np.ndarray, who: pd.DataFrame) -> list[dict[str, Any]]:
    """The scorecard by group, at the capacity's threshold; groups too small to judge say so."""
    threshold = float(np.quantile(ranks, 1 - CAPACITY))
    rows = []
    for field in ("gender", "disability"):
        out = audit_score(ranks, y, who[field].to_numpy(), threshold=threshold, probability=said)
        for group, row in out.iterrows():
            kept = ("status", "n", "flag_rate", "found", "auc", "flag_ratio", "found_ratio", "notice")
            rows.append({"field": field, "group": group} | {name: _plain(row[name]) for name in kept})
    return rows


def science(folder: Path) -> dict[str, Any]:
    """Online science: the final grade from points earned and time spent, halves of students held back."""
    data = pd.read_csv(folder / "dataedu_online_science.csv.gz")
    data = data.drop_duplicates(["student_id", "course_id"]).dropna(subset=["FinalGradeCEMS"])
    indicators = pd.DataFrame(
        {
            "under 70 % of the points": data["percentage_earned"] < 0.70,
            "under 65 % of the points": data["percentage_earned"] < 0.65,
            "under ten hours": data["TimeSpent_hours"] < 10,
            "under twenty hours": data["TimeSpent_hours"] < 20,
            "under thirty hours": data["TimeSpent_hours"] < 30,
        }
    ).astype(float)
    outcome = (data["FinalGradeCEMS"] < 65).astype(float)
    order = np.random.default_rng(SEED).permutation(len(data))
    learn, test = order[: len(order) // 2], order[len(order) // 2 :]
    card = fit_scorecard(indicators.iloc[learn], outcome.iloc[learn])
    found = rank_quality(card.total(indicators.iloc[test]).to_numpy(), outcome.iloc[test].to_numpy())
    return {
        "n": found.n,
        "base_rate": _rounded(outcome.mean()),
        "auc": _rounded(found.auc),
        "low": _rounded(found.low),
        "high": _rounded(found.high),
        "status": card.status,
    }


def report(results: dict[str, Any]) -> list[str]:
    """The tables as Markdown."""
    lines = [f"Measured on {results['on']}, Python {results['python']}.", ""]
    lines += ["Next assignment, OULAD AAA 2013J (0 to 100):", ""]
    lines += [
        "| method | n | mean abs. error | RMSE | in its 80 % | in its 95 % |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for row in results["forecasts"]:
        figures = (row["mae"], row["rmse"], row["in_80"], row["in_95"])
        lines.append(f"| {row['method']} | {row['n']} | " + " | ".join(_shown(one) for one in figures) + " |")
    for one in results["scorecard"]:
        lines += [
            "",
            f"Fail or withdraw, known at week {one['week']}: {one['n']} students, base rate {one['base_rate']}",
        ]
        lines += ["", "| model | AUC (95 %) | av. precision | true of flagged | lift | Brier | slope |"]
        lines += ["|---|---|--:|--:|--:|--:|--:|"]
        for name, row in one["models"].items():
            lines.append(
                f"| {name} | {row['auc']} ({row['low']} to {row['high']}) | {row['average_precision']} | "
                f"{row['true_flags']} of {row['capacity']} | {row['lift']} | {row['brier']} | {_shown(row['slope'])} |"
            )
        lines.append("Points: " + ", ".join(f"{name} {points}" for name, points in one["points"].items()))
        for row in one["audit"]:
            lines.append(
                f"Audit {row['field']} {row['group']}: n {row['n']}, {row['status']}, flag ratio "
                f"{_shown(row['flag_ratio'])}, found ratio {_shown(row['found_ratio'])} {row['notice']}".rstrip()
            )
    one = results["science"]
    lines += ["", f"Online science, final grade under 65: AUC {one['auc']} ({one['low']} to {one['high']}), "]
    lines[-1] += f"{one['n']} students held back, base rate {one['base_rate']}, {one['status']}."
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
