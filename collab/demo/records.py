"""Attendance, incidents, grades and scores, distributed like real ones.

Every student has a few correlated hidden traits (reading, math, presence, calm), and all records derive from these
plus noise. Parameters: chronic absence in 15 to 20 % of students; oral reading fluency at the percentiles of
Hasbrouck and Tindal (2017), with growth of 0.5 to 2 words per week and an error of 5 to 10 words per probe (Christ
and Silberglitt 2007); no incident for most students.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from collab.demo.files import load_file
from collab.demo.measures import FACTS, GROWTH, ORF
from datareview.recognition.kinds import FileKind
from datareview.records.models import Enrollment

if TYPE_CHECKING:
    from collab.demo.people import SchoolData
    from datareview.records.models import Measure, Student

    Row = tuple[str, str, dt.date, float]  # student, measure, day, score

KINDS = ["Disruption", "Conflict with a peer", "Phone", "Defiance", "Left the room", "Unsafe play"]
LETTERS = [(90, "A"), (80, "B"), (70, "C"), (60, "D"), (-1, "F")]
PLACES = ["Classroom", "Hallway", "Cafeteria", "Playground", "Bus", "Gym"]


@dataclass
class Traits:
    """Hidden traits, one value per student: standard normal, except ``absence``, the probability of missing a day."""

    reading: np.ndarray
    math: np.ndarray
    absence: np.ndarray
    trouble: np.ndarray
    growth: np.ndarray


def draw_traits(count: int, rng: np.random.Generator) -> Traits:
    """Draw correlated traits: good readers tend to be good at math, and often absent students grow less."""
    common = rng.normal(size=count)
    reading = 0.7 * common + 0.71 * rng.normal(size=count)
    math = 0.6 * common + 0.8 * rng.normal(size=count)
    absence = np.clip(rng.beta(1.15, 23, size=count) + 0.012 * (common < -1), 0.002, 0.45)
    trouble = rng.gamma(0.22, 1.6, size=count) * np.exp(-0.3 * common)
    growth = rng.normal(1.0, 0.45, size=count) - 1.5 * np.clip(absence - 0.1, 0, None)
    return Traits(reading, math, absence, trouble, growth)


def make_attendance(
    place: SchoolData, students: list[Student], traits: Traits, rng: np.random.Generator
) -> None:
    """Load a mark per student and day, with more absence on Mondays and Fridays, and runs of sick days."""
    rows, day_index = [], {day: number for number, day in enumerate(place.days)}
    weekday = np.array([1.25, 0.9, 0.85, 0.9, 1.3])[[day.weekday() for day in place.days]]
    for index, student in enumerate(students):
        start = day_index.get(student.entered_on, 0) if student.entered_on else 0
        chance = traits.absence[index] * weekday[start:] * 0.7
        away = rng.random(len(chance)) < chance
        for first in np.flatnonzero(rng.random(len(chance)) < traits.absence[index] * 0.12):
            away[first : first + int(rng.integers(2, 5))] = True
        excused, tardy, half = rng.random((3, len(chance)))
        for number, day in enumerate(place.days[start:]):
            if away[number]:
                mark = "excused" if excused[number] < 0.62 else "unexcused"
            elif tardy[number] < 0.03 + traits.absence[index] * 0.3:
                mark = "tardy"
            else:
                mark = "partial" if half[number] < 0.006 else "present"
            rows.append((student.local_id, day, mark))
    columns = {"student": "student_id", "day": "date", "mark": "status"}
    load_file(place, FileKind.ATTENDANCE, "attendance.csv", columns, rows, at=place.morning(place.today))


def make_incidents(
    place: SchoolData, students: list[Student], traits: Traits, rng: np.random.Generator
) -> None:
    """Load incidents with counts from a gamma-Poisson mixture: two thirds have none, a few have many."""
    rows: list[tuple[object, ...]] = []
    for index, student in enumerate(students):
        for _n in range(int(rng.poisson(traits.trouble[index] * len(place.days) / 90))):
            severity = str(rng.choice(["minor", "moderate", "major"], p=[0.7, 0.25, 0.05]))
            consequence = {
                "minor": str(rng.choice(["none", "conference"])),
                "moderate": str(rng.choice(["conference", "detention"])),
                "major": str(rng.choice(["detention", "iss", "oss"], p=[0.5, 0.35, 0.15])),
            }[severity]
            day, kind = place.days[int(rng.integers(len(place.days)))], str(rng.choice(KINDS))
            # Spread over the school day, so that no two of a student's incidents are one row of the file.
            number = len(rows)
            hour, minute = divmod(8 * 60 + 30 + number * 37 % 380, 60)
            suspended = 1 + number % 3 if consequence in ("iss", "oss") else ""
            spot, time = PLACES[number % len(PLACES)], f"{hour}:{minute:02d}"
            rows.append((student.local_id, day, time, kind, severity, spot, consequence, suspended))
    columns = {
        "student": "student_id",
        "day": "incident_date",
        "time": "incident_time",
        "kind": "incident_type",
        "severity": "severity",
        "place": "location",
        "consequence": "action_taken",
        "days": "days_suspended",
    }
    load_file(place, FileKind.INCIDENTS, "incidents.csv", columns, rows, at=place.morning(place.today))


def make_marks(place: SchoolData, students: list[Student], traits: Traits, rng: np.random.Generator) -> None:
    """Load a grade in percent every three weeks in each core course of the middle school."""
    index_of = {student.pk: index for index, student in enumerate(students)}
    rows = []
    days = place.days[15::15] or place.days[-1:]
    enrollments = Enrollment.objects.filter(section__school=place.school)
    for enrollment in enrollments.select_related("section", "student"):
        index = index_of[enrollment.student_id]
        trait = traits.math if enrollment.section.subject in ("math", "science") else traits.reading
        level = 84 + 7.5 * trait[index] - 45 * traits.absence[index] + rng.normal(0, 4)
        for number, day in enumerate(days):
            if day < enrollment.starts_on:
                continue
            percent = float(
                np.clip(level + rng.normal(0, 2.5) - 0.6 * number * (rng.random() < 0.3), 31, 100)
            )
            letter = next(name for low, name in LETTERS if percent >= low)
            seat = enrollment.student.local_id, enrollment.section.local_id
            missing = max(0, round((78 - percent) / 9)) if number == len(days) - 1 else None
            rows.append((*seat, day, round(percent, 1), letter, missing))
    columns = {
        "student": "student_id",
        "section": "section_id",
        "day": "as_of",
        "percent": "percent",
        "letter": "letter_grade",
        "missing": "missing",
    }
    load_file(place, FileKind.COURSE_GRADES, "grades.csv", columns, rows, at=place.morning(place.today))


def make_past_marks(place: SchoolData, students: list[Student], traits: Traits) -> None:
    """Load last year's final grades of each semester, as a middle school gets them with its new students' records."""
    last, rows = place.years[0], []
    middle = last.starts_on + (last.ends_on - last.starts_on) / 2
    courses = (("Math", traits.math), ("Language Arts", traits.reading), ("Science", traits.math))
    for index, student in enumerate(students):
        for course, trait in courses:
            for term, day in (("S1", middle), ("S2", last.ends_on)):
                percent = float(np.clip(84 + 7 * trait[index] - 40 * traits.absence[index], 40, 100))
                letter = next(name for low, name in LETTERS if percent >= low)
                name = f"{course} {(student.grade or 1) - 1}"
                rows.append((student.local_id, name, last.name, term, day, round(percent), letter, 0.5))
    columns = {
        "student": "student_id",
        "course": "course_name",
        "year": "school_year",
        "term": "term",
        "day": "date_stored",
        "percent": "percent",
        "letter": "letter_grade",
        "credits": "credits",
    }
    load_file(place, FileKind.PAST_GRADES, "transcripts.csv", columns, rows, at=place.morning(place.today))


def make_scores(
    place: SchoolData,
    students: list[Student],
    measures: dict[str, Measure],
    traits: Traits,
    rng: np.random.Generator,
) -> None:
    """Load benchmarks of two years, weekly probes of monitored students and monthly surveys, with some missing."""
    rows: list[Row] = []
    weeks = sorted({day - dt.timedelta(days=day.weekday() - 2) for day in place.days} & set(place.days))
    month_days = [day for index, day in enumerate(place.days) if index % 20 == 10]
    last_year = place.years[0].starts_on
    for index, student in enumerate(students):
        grade = student.grade or 0
        _benchmarks(rows, student, traits, index, place, last_year, rng)
        if grade >= 1:
            watched = traits.reading[index] < -0.65 or grade in (2, 4)
            every = weeks if traits.reading[index] < -0.65 else weeks[::2]
            if watched:
                _probe(
                    rows,
                    student,
                    measures["orf"],
                    ORF[min(grade, 6)],
                    traits.reading[index],
                    traits.growth[index] * GROWTH[min(grade, 6)],
                    every,
                    8,
                    rng,
                )
            if traits.math[index] < -0.8 or grade == 5:
                _probe(
                    rows,
                    student,
                    measures["math-facts"],
                    FACTS[grade],
                    traits.math[index],
                    traits.growth[index] * 0.6,
                    weeks[1::2],
                    4,
                    rng,
                )
        _surveys(rows, student, traits, index, month_days, rng)
    columns = {"student": "student_id", "measure": "measure", "day": "date", "value": "score"}
    load_file(place, FileKind.SCORES, "scores.csv", columns, rows, at=place.morning(place.today))


def _surveys(
    rows: list[Row],
    student: Student,
    traits: Traits,
    index: int,
    month_days: list[dt.date],
    rng: np.random.Generator,
) -> None:
    """Create monthly surveys: well-being and engagement from grade 3, work handed in on time from grade 6."""
    grade = student.grade or 0
    if grade >= 3:
        mood = rng.normal(3.7 - 0.25 * traits.trouble[index], 0.5)
        for day in month_days:
            for key, shift in (("well-being", 0.0), ("engagement", -0.2)):
                if rng.random() < 0.9:
                    value = round(float(np.clip(mood + shift + rng.normal(0, 0.4), 1, 5)), 1)
                    rows.append((student.local_id, key, day, value))
    if grade >= 6:
        for day in month_days:
            value = round(
                float(
                    np.clip(
                        88 + 7 * traits.reading[index] - 90 * traits.absence[index] + rng.normal(0, 6),
                        5,
                        100,
                    )
                )
            )
            rows.append((student.local_id, "readiness", day, value))


def _benchmarks(
    rows: list[Row],
    student: Student,
    traits: Traits,
    index: int,
    place: SchoolData,
    last_year: dt.date,
    rng: np.random.Generator,
) -> None:
    """Create benchmark scores of last year's three windows and of this year's windows that have begun."""
    grade = student.grade or 0
    if grade < 1:
        return
    visits = [
        (last_year + dt.timedelta(days=offset), grade - 1, step) for step, offset in enumerate((28, 142, 258))
    ]
    fall = place.days[min(20, len(place.days) - 1)]
    visits.append((fall, grade, 0))
    winter = [day for day in place.days if day.month in (11, 12, 1, 2) and day > fall]
    if len(winter) > 5:
        visits.append((winter[5], grade, 1))
    for day, at_grade, step in visits:
        for key, trait in (("reading-benchmark", traits.reading), ("math-benchmark", traits.math)):
            if rng.random() < 0.05 or (at_grade < 1 and step < 3 and day < place.days[0]):
                continue
            value = 160 + 9 * at_grade + 4 * step + 13 * trait[index] + rng.normal(0, 5)
            rows.append((student.local_id, key, day, round(float(np.clip(value, 100, 300)))))


def _probe(
    rows: list[Row],
    student: Student,
    measure: Measure,
    table: tuple[tuple[int, ...], ...],
    trait: float,
    growth: float,
    days: list[dt.date],
    error: float,
    rng: np.random.Generator,
) -> None:
    """Create weekly scores that start at the fall percentiles and grow by ``growth`` per week, with ``error``."""
    p25, p50, p75 = table[0][0], table[1][0], table[2][0]
    start = p50 + trait * (p75 - p25) / 1.35
    for day in days:
        if rng.random() < 0.12:
            continue
        week = (day - days[0]).days / 7
        value = np.clip(
            start + growth * week + rng.normal(0, error * 0.8), measure.scale_min, measure.scale_max
        )
        rows.append((student.local_id, measure.key, day, round(float(value))))
