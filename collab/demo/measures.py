"""Measures, benchmarks and rules of the simulated schools."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from datareview.flags.models import Rule
from datareview.measures.services.windows import NewWindow, set_windows
from datareview.records.models import Benchmark, Measure

if TYPE_CHECKING:
    from collab.demo.people import SchoolData

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


WINDOWS = {"fall": ((8, 31), (10, 2)), "winter": ((11, 2), (1, 29)), "spring": ((4, 12), (5, 21))}


def make_windows(place: SchoolData) -> None:
    """Set the benchmark windows of both school years."""
    for year in place.years:
        first = year.starts_on.year
        dates = {
            key: [dt.date(first + (month < 7), month, day) for month, day in days]
            for key, days in WINDOWS.items()
        }
        windows = [NewWindow(key.capitalize(), *days, key) for key, days in dates.items()]
        set_windows(year, windows, actor=place.special["coordinator"].user)


def make_measures(place: SchoolData) -> dict[str, Measure]:
    """Create the school's measures with their benchmarks."""
    elementary = place.school.highest_grade <= 5
    specs = [
        (
            "orf",
            "Oral reading fluency",
            "academic",
            "reading",
            "probe",
            "",
            "words correct a minute",
            0,
            250,
            True,
            8,
        ),
        (
            "math-facts",
            "Math facts",
            "academic",
            "math",
            "probe",
            "",
            "correct in two minutes",
            0,
            120,
            True,
            4,
        ),
        (
            "reading-benchmark",
            "Reading benchmark",
            "academic",
            "reading",
            "benchmark",
            "",
            "scale score",
            100,
            300,
            True,
            6,
        ),
        (
            "math-benchmark",
            "Math benchmark",
            "academic",
            "math",
            "benchmark",
            "",
            "scale score",
            100,
            300,
            True,
            6,
        ),
        (
            "attendance",
            "Attendance",
            "attendance",
            "",
            "other",
            "attendance",
            "% of days present",
            0,
            100,
            True,
            None,
        ),
        (
            "incidents",
            "Incidents",
            "behavior",
            "",
            "other",
            "incidents",
            "incidents a week",
            0,
            20,
            False,
            None,
        ),
        ("well-being", "Well-being check-in", "wellbeing", "", "other", "", "1 to 5", 1, 5, True, 0.5),
        ("engagement", "Engagement survey", "engagement", "", "other", "", "1 to 5", 1, 5, True, 0.5),
        ("readiness", "Work handed in on time", "readiness", "", "other", "", "%", 0, 100, True, 5),
    ]
    measures = {}
    for key, name, domain, subject, kind, derived, unit, low, high, better, sem in specs:
        measures[key] = Measure.objects.create(
            school=place.school,
            key=key,
            name=name,
            domain=domain,
            subject=subject,
            kind=kind,
            derived_from=derived,
            unit=unit,
            scale_min=low,
            scale_max=high,
            higher_is_better=better,
            sem=sem,
        )
    rows = []
    for grade in range(1, place.school.highest_grade + 1):
        tables = [("orf", ORF[min(grade, 6)], GROWTH[min(grade, 6)]), ("math-facts", FACTS[grade], 0.6)]
        for key, table, growth in tables if elementary else tables[1:] + tables[:1]:
            for place_in_year, window in enumerate(["fall", "winter", "spring"]):
                p25, p50, p75 = (table[percentile][place_in_year] for percentile in range(3))
                rows.append(
                    Benchmark(
                        measure=measures[key],
                        grade=grade,
                        window=window,
                        below=p25,
                        at=round((p25 + p50) / 2),
                        above=p75,
                        growth_per_week=growth,
                        source="Hasbrouck & Tindal 2017, 25th and 75th percentile"
                        if key == "orf"
                        else "District, 2025",
                    )
                )
        for key in ("reading-benchmark", "math-benchmark"):
            for place_in_year, window in enumerate(["fall", "winter", "spring"]):
                middle = 160 + 9 * grade + 4 * place_in_year
                rows.append(
                    Benchmark(
                        measure=measures[key],
                        grade=grade,
                        window=window,
                        below=middle - 14,
                        at=middle - 4,
                        above=middle + 12,
                        growth_per_week=0.25,
                        source="District, 2025",
                    )
                )
    Benchmark.objects.bulk_create(rows)
    return measures


def make_rules(place: SchoolData, measures: dict[str, Measure]) -> None:
    """Adopt the preset rules for attendance, behavior, courses, benchmark and growth."""
    school = place.school
    common = [
        (
            "attendance",
            "Share of days absent",
            "attendance",
            None,
            {"watch": 5, "act": 10, "severe": 20, "min_days": 20, "margin": 2},
            "Attendance Works; EDFacts FS195",
        ),
        (
            "behavior",
            "Incidents in 90 school days",
            "behavior",
            None,
            {"watch": 2, "act": 5, "window": 90},
            "EWIMS; local",
        ),
        (
            "courses",
            "Marks in core courses",
            "course",
            None,
            {"watch": 70, "act": 60, "drop": 10, "margin": 2},
            "AIR, early warning",
        ),
        ("growth-orf", "Reading growth", "growth", "orf", {"min_scores": 8, "min_weeks": 8}, "NCII"),
    ]
    for key, name, kind, measure, parameters, source in common:
        Rule.objects.create(
            school=school,
            key=key,
            name=name,
            kind=kind,
            measure=measures[measure] if measure else None,
            parameters=parameters,
            source=source,
        )
    for key in ("reading-benchmark", "math-benchmark"):
        Rule.objects.create(
            school=school,
            key=f"{key}-level",
            name=f"{measures[key]} level",
            kind="benchmark",
            measure=measures[key],
            is_on=key == "reading-benchmark",
            source="District, 2025",
        )
