"""Flags for slow growth where the truth is known: ``./dev bench growth`` (``--quick`` for fewer schools).

Simulated schools of four grades, with weekly scores of students whose growth is drawn first. Every week each rule judges
by the scores up to then, with the product's two checks a week apart, and an open flag clears when growth is no longer more
likely below the expected growth than not. Counted are open flags and all that ever opened: a flag is wrong if the
student's growth is as expected, or faster. Held back: the same for the scores that come after, as a school could count.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from datareview.analysis.pooling import pool_slopes
from datareview.analysis.shortfall import error_correlation, flag_by_chance, growth_chances

if TYPE_CHECKING:
    from collections.abc import Callable

EXPECTED, ERROR = 1.2, 8.0  # words a week; standard error of one probe (Christ & Silberglitt 2007: 5 to 15)
GRADES, PUPILS, WEEKS, FIRST = 4, 60, 30, 6
SHOWN = (10, 15, 20, 30)  # scores
SEED = 20_261_130
RESULTS = Path(__file__).parent / "results" / "growth.json"

SCHOOLS: dict[str, str] = {
    "as expected": "growth as expected on average, standard deviation 45 %",
    "some at half": "85 % at 110 % of it (standard deviation 15 %), 15 % at half (10 %)",
    "all well": "130 % of it on average, standard deviation 20 %: few are slow",
    "small grades": "as the first, with 15 students a grade",
    "scores that hang together": "as the first, errors correlated from week to week (0.3)",
}


def draw(school: str, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """True growth of each student (grade × student), and scores (grade × student × week)."""
    pupils = 15 if school == "small grades" else PUPILS
    shape = (GRADES, pupils)
    if school == "some at half":
        slow = rng.random(shape) < 0.15
        share = np.where(slow, rng.normal(0.5, 0.10, shape), rng.normal(1.1, 0.15, shape))
    elif school == "all well":
        share = rng.normal(1.3, 0.20, shape)
    else:
        share = rng.normal(1.0, 0.45, shape)
    errors = rng.normal(0, ERROR, (*shape, WEEKS))
    if school == "scores that hang together":
        for week in range(1, WEEKS):
            errors[..., week] = 0.3 * errors[..., week - 1] + np.sqrt(1 - 0.09) * errors[..., week]
    growth = EXPECTED * share
    return growth, 60 + rng.normal(0, 25, shape)[..., None] + growth[..., None] * np.arange(WEEKS) + errors


def fits_of(scores: np.ndarray) -> pd.DataFrame:
    """Least squares of each student's scores, one a week: the columns that `growth_chances` takes."""
    n = scores.shape[1]
    week = np.arange(n) - (n - 1) / 2
    sxx = float(week @ week)
    slope = scores @ week / sxx
    left = scores - scores.mean(axis=1, keepdims=True) - slope[:, None] * week
    see = np.sqrt((left**2).sum(axis=1) / (n - 2))
    return pd.DataFrame({"status": "ok", "n": n, "slope": slope, "sxx": sxx, "see": see})


def long_of(scores: np.ndarray) -> pd.DataFrame:
    """The scores as rows: ``series``, ``day``, ``value``."""
    pupils, weeks = scores.shape
    series, week = np.repeat(np.arange(pupils), weeks), np.tile(np.arange(weeks), pupils)
    return pd.DataFrame({"series": series, "day": 739_000 + 7 * week, "value": scores.ravel()})


def _interval(fits: pd.DataFrame, chance: np.ndarray) -> np.ndarray:
    return pool_slopes(fits, pd.Series(0, fits.index))["pooled_high"].to_numpy() < EXPECTED


RULES: dict[str, Callable[[pd.DataFrame, np.ndarray], np.ndarray]] = {
    "whole 90 % interval below": _interval,
    "chance 80 %": lambda _fits, chance: flag_by_chance(chance, least=0.8, wrong=1.0),
    "chance 90 %": lambda _fits, chance: flag_by_chance(chance, least=0.9, wrong=1.0),
    "10 % wrong": lambda _fits, chance: flag_by_chance(chance, least=0.5, wrong=0.1),
    "chance 80 %, 10 % wrong": lambda _fits, chance: flag_by_chance(chance, least=0.8, wrong=0.1),
    "chance 80 %, 5 % wrong": lambda _fits, chance: flag_by_chance(chance, least=0.8, wrong=0.05),
}


CHOSEN = "chance 80 %, 10 % wrong"


def follow(school: str, rng: np.random.Generator) -> dict[str, dict[str, Any]]:
    """One school through a year: by rule and number of scores, counts of open flags, and of all that ever opened."""
    growth, scores = draw(school, rng)
    counted: dict[str, dict[str, Any]] = {rule: {"at": {}} for rule in RULES}
    for grade in range(GRADES):
        true = growth[grade]
        slow, half = true < EXPECTED, true <= EXPECTED / 2
        state = {rule: [np.zeros(len(true), bool) for _ in range(4)] for rule in RULES}
        for n in range(FIRST, WEEKS + 1):
            fits = fits_of(scores[grade][:, :n])
            lines = pd.DataFrame({"below": EXPECTED}, index=fits.index)
            together = error_correlation(long_of(scores[grade][:, :n]))
            chance = growth_chances(fits, lines, correlation=together)["below"].to_numpy()
            clear = chance <= 0.5
            for rule, judge in RULES.items():
                now = judge(fits, chance)
                is_open, ever, met, cleared = state[rule]
                opened = now & met & ~is_open
                is_open = (is_open | opened) & ~(is_open & clear & cleared)
                state[rule] = [is_open, ever | opened, now, clear]
                if n in SHOWN:
                    row = counted[rule]["at"].setdefault(n, np.zeros(5))
                    later = np.zeros(2)
                    if (
                        n == 15
                    ):  # held back: growth from here to the end of the year by the scores of then alone
                        rest = fits_of(scores[grade][:, n:])["slope"].to_numpy() < EXPECTED
                        later = np.array([is_open.sum(), (is_open & rest).sum()])
                    row += [
                        is_open.sum(),
                        (is_open & slow).sum(),
                        (is_open & half).sum(),
                        half.sum(),
                        len(true),
                    ]
                    counted[rule]["later"] = counted[rule].get("later", np.zeros(2)) + later
            counted_chance = counted[next(iter(RULES))].setdefault("said", np.zeros((5, 3)))
            if n in SHOWN:
                for place, low in enumerate((0.5, 0.6, 0.7, 0.8, 0.9)):
                    inside = (chance >= low) & (chance < low + 0.1 + (place == 4))
                    counted_chance[place] += [inside.sum(), chance[inside].sum(), slow[inside].sum()]
        for rule in RULES:
            _open, ever, _met, _cleared = state[rule]
            total = counted[rule].setdefault("ever", np.zeros(2))
            total += [ever.sum(), (ever & ~slow).sum()]
    return counted


def measure(school: str, many: int) -> dict[str, Any]:
    """Figures of ``many`` schools of a kind, by rule."""
    rng = np.random.default_rng([SEED, list(SCHOOLS).index(school)])
    runs = [follow(school, rng) for _ in range(many)]
    rules = {}
    for rule in RULES:
        at = {n: sum(run[rule]["at"][n] for run in runs) for n in SHOWN}
        ever, wrong = sum(run[rule]["ever"] for run in runs)
        flagged, held = sum(run[rule]["later"] for run in runs)
        rules[rule] = {
            "found": {n: _share(row[2], row[3]) for n, row in at.items()},
            "wrong": {n: _share(row[0] - row[1], row[0]) for n, row in at.items()},
            "flags": {n: _share(row[0], row[4]) for n, row in at.items()},
            "wrong_ever": _share(wrong, ever),
            "slow_later": _share(held, flagged),
        }
    said = sum(run[next(iter(RULES))]["said"] for run in runs)
    rows = [{"n": int(n), "said": _share(s, n), "true": _share(t, n)} for n, s, t in said]
    return {"school": school, "schools": many, "rules": rules, "chances": rows}


def _share(part: float, of: float) -> float | None:
    return round(float(part) / float(of), 3) if of else None


def report(results: dict[str, Any]) -> list[str]:
    """The figures as Markdown."""
    shown = SHOWN
    lines = [
        f"Measured by `./dev bench growth` on {results['on']}: simulated schools of four grades of 60, one score a week",
        f"with a standard error of {ERROR:g}, {EXPECTED:g} a week expected; judged every week with two checks a week",
        "apart. *Found*: of those who grow at half the expected rate or less, the share with an open flag. *Wrong*: of the",
        "open flags, the share of students who grow as expected or faster. *Ever*: the same of all flags that opened in a",
        "year of weekly looks.",
        "",
        f"The product's rule is **{CHOSEN}**; a school may set both. It finds more than twice as many at 15 scores as the",
        "interval did, and keeps the rate over a year of weekly looks at about what it allows, where growth is",
        "roughly normal. Where most students are well above the line and a few far below it, allow half as much.",
        "",
    ]
    for one in results["schools"]:
        lines += [f"**{one['school'].capitalize()}** ({SCHOOLS[one['school']]}):", ""]
        lines.append("| rule | " + " | ".join(f"found at {n}" for n in shown) + " | "
                     + " | ".join(f"wrong at {n}" for n in shown) + " | wrong ever |")  # fmt: skip
        lines.append("|---|" + "--:|" * (2 * len(shown) + 1))
        for rule, row in one["rules"].items():
            cells = [row["found"][str(n)] for n in shown] + [row["wrong"][str(n)] for n in shown]
            lines.append(
                f"| {rule} | " + " | ".join(_shown(cell) for cell in [*cells, row["wrong_ever"]]) + " |"
            )
        said = ", ".join(
            f"{_shown(r['said'])} said, {_shown(r['true'])} true" for r in one["chances"] if r["n"]
        )
        later = _shown(one["rules"][CHOSEN]["slow_later"])
        lines += [
            "",
            f"Chances said and what was true: {said}. Held back, {CHOSEN}: {later} of those flagged at 15 scores grew less",
            "than expected by the 15 scores that follow alone.",
            "",
        ]
    return lines


def _shown(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f} %"


def main(argv: list[str] | None = None) -> int:
    """Measure, print tables, write JSON."""
    parser = argparse.ArgumentParser(prog="./dev bench growth", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path, default=RESULTS)
    arguments = parser.parse_args(argv)
    many = 2 if arguments.quick else 60
    results = {
        "on": datetime.now(tz=UTC).date().isoformat(),
        "schools": [measure(school, many) for school in SCHOOLS],
    }
    text = json.dumps(results, indent=1)
    for line in report(json.loads(text)):
        print(line)
    if not arguments.quick:
        arguments.json.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
