"""Measures, benchmarks and rules of the simulated schools."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

from datareview.flags.cut_points import EVERY_GRADE
from datareview.measures.services.benchmarks import NewBenchmark, set_benchmarks
from datareview.measures.services.measures import NewMeasure, add_derived_measures, make_measures
from datareview.measures.services.windows import NewWindow, set_windows
from datareview.rules.services.rules import adopt_preset, revise_rule
from datareview.scorecards.queries.fitting import learn_scorecard
from datareview.scorecards.queries.history import year_histories
from datareview.scorecards.queries.indicators import indicators_for, settings_of, usual_indicators
from datareview.scorecards.services import keep_scorecard

if TYPE_CHECKING:
    from collab.demo.people import SchoolData
    from datareview.records.models import Measure

# Words correct per minute by grade: (fall, winter, spring) at the 25th, 50th and 75th percentile.
ORF = {
    1: ((14, 16, 34), (23, 29, 60), (37, 59, 91)),
    2: ((36, 59, 72), (50, 84, 100), (84, 109, 124)),
    3: ((59, 79, 91), (83, 97, 112), (104, 137, 139)),
    4: ((75, 95, 105), (94, 120, 133), (125, 143, 160)),
    5: ((87, 109, 119), (121, 133, 146), (153, 160, 169)),
    6: ((112, 116, 122), (132, 145, 146), (159, 166, 173)),
}
FACTS = {
    grade: (
        (6 + 3 * grade, 9 + 3 * grade, 12 + 3 * grade),
        (10 + 4 * grade, 14 + 4 * grade, 18 + 4 * grade),
        (16 + 5 * grade, 20 + 5 * grade, 25 + 5 * grade),
    )
    for grade in range(1, 9)
}
GROWTH = {1: 1.9, 2: 1.2, 3: 0.9, 4: 0.9, 5: 0.8, 6: 0.4}
DISTRICT = "District, 2025"
WINDOWS = {"fall": ((8, 31), (10, 2)), "winter": ((11, 2), (1, 29)), "spring": ((4, 12), (5, 21))}


def make_windows(place: SchoolData) -> None:
    """Set the benchmark windows of both school years."""
    for year in place.years:
        first = year.starts_on.year
        windows = [
            NewWindow(
                key.capitalize(),
                dt.date(first + (begins[0] < 7), *begins),
                dt.date(first + (ends[0] < 7), *ends),
                key,
            )
            for key, (begins, ends) in WINDOWS.items()
        ]
        set_windows(year, windows, actor=place.special["coordinator"].user)


def add_measures(place: SchoolData) -> dict[str, Measure]:
    """Create the school's measures with their benchmarks."""
    actor = place.special["coordinator"].user
    add_derived_measures(place.school)
    make_measures(
        place.school,
        [
            NewMeasure(
                "Oral reading fluency",
                key="orf",
                subject="reading",
                kind="probe",
                unit="words correct a minute",
                scale_max=250,
                sem=8,
                decimals=0,
                lowest_grade=1,
                source="Hasbrouck & Tindal 2017",
            ),
            NewMeasure(
                "Math facts",
                key="math-facts",
                subject="math",
                kind="probe",
                unit="correct in two minutes",
                scale_max=120,
                sem=4,
                decimals=0,
                lowest_grade=1,
                source=DISTRICT,
            ),
            *(
                NewMeasure(
                    f"{subject.capitalize()} benchmark",
                    key=f"{subject}-benchmark",
                    subject=subject,
                    kind="benchmark",
                    unit="scale score",
                    scale_min=100,
                    scale_max=300,
                    sem=6,
                    decimals=0,
                    lowest_grade=1,
                    source=DISTRICT,
                )
                for subject in ("reading", "math")
            ),
            NewMeasure(
                "Well-being check-in",
                key="well-being",
                domain="wellbeing",
                unit="1 to 5",
                scale_min=1,
                scale_max=5,
                sem=0.5,
            ),
            NewMeasure(
                "Engagement survey",
                key="engagement",
                domain="engagement",
                unit="1 to 5",
                scale_min=1,
                scale_max=5,
                sem=0.5,
            ),
            NewMeasure("Work handed in on time", key="readiness", domain="readiness", unit="%", sem=5),
        ],
        actor=actor,
    )
    measures = {measure.key: measure for measure in place.school.measures.all()}
    for key, rows in _benchmarks(place).items():
        set_benchmarks(measures[key], rows, actor=actor)
    return measures


def _benchmarks(place: SchoolData) -> dict[str, list[NewBenchmark]]:
    """Benchmarks by key of the measure, from grade 1 on."""
    rows: dict[str, list[NewBenchmark]] = defaultdict(list)
    for grade in range(1, place.school.highest_grade + 1):
        tables = [("orf", ORF[min(grade, 6)], GROWTH[min(grade, 6)]), ("math-facts", FACTS[grade], 0.6)]
        for step, window in enumerate(WINDOWS):
            for key, table, growth in tables:
                p25, p50, p75 = (table[percentile][step] for percentile in range(3))
                source = (
                    "Hasbrouck & Tindal 2017, 25th and 75th percentile" if key == "orf" else "District, 2025"
                )
                middle = round((p25 + p50) / 2)
                rows[key].append(NewBenchmark(grade, window, middle, p25, p75, growth, source))
            middle = 160 + 9 * grade + 4 * step
            for key in ("reading-benchmark", "math-benchmark"):
                rows[key].append(
                    NewBenchmark(grade, window, middle - 4, middle - 14, middle + 12, 0.25, "District, 2025")
                )
    return rows


def make_rules(place: SchoolData, measures: dict[str, Measure]) -> None:
    """Adopt preset rules for attendance, behavior, courses, benchmarks and growth; the one for math is switched off."""
    actor = place.special["coordinator"].user
    keys = ["chronic-absence", "incidents", *(["core-courses"] if place.school.highest_grade > 5 else [])]
    for key in keys:
        adopt_preset(place.school, key, actor=actor)
    adopt_preset(place.school, "slow-growth", actor=actor, measure=measures["orf"])
    adopt_preset(place.school, "below-benchmark", actor=actor, measure=measures["reading-benchmark"])
    math = adopt_preset(place.school, "below-benchmark", actor=actor, measure=measures["math-benchmark"])
    revise_rule(math, actor=actor, cut_points={}, is_on=False)


def keep_a_scorecard(place: SchoolData) -> None:
    """Learn from the term what foresees absence, and keep it as a rule if it is right for students held out."""
    actor = place.special["coordinator"].user
    offered = indicators_for(place.school)
    conditions = [offered[code][0] for code in usual_indicators(offered)]
    settings = settings_of(conditions, "absence")
    found = learn_scorecard(place.school, settings, year_histories(place.school, settings), seats=None)
    if not found["record"]["is_validated"]:
        return
    keep_scorecard(
        place.school,
        found,
        actor=actor,
        name="Absence, seen early",
        watch=found["watch"],
        act=found["act"],
        grades=EVERY_GRADE,
    )
