"""Common assessments of the teams: twelve questions on four standards, entered by the teachers of the classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from datareview.answers.permissions import students_in_class
from datareview.answers.services.cells import TypedCell, save_answers
from datareview.assessments.permissions import classes_of_team
from datareview.assessments.services.assessments import AssessmentValues, make_assessment
from datareview.items.services.items import ItemValues
from datareview.records.models import SectionTeacher, Standard
from datareview.standards.services.essentials import EssentialValues, add_essential
from datareview.standards.services.standards import StandardValues, add_standard
from teams.lib import clock
from teams.lib.request_cache import request_cache

if TYPE_CHECKING:
    import datetime as dt

    from collab.demo.people import SchoolData
    from datareview.records.models import Assessment, Section
    from teams.directory.models import Staff, Team

STANDARDS = [
    ("RI.4.2", "Say what a text is mostly about, and which details show it."),
    ("L.4.4", "Work out an unknown word from its parts and its sentence."),
    ("NF.4.1", "Show why two fractions are equal, with a drawing or a number line."),
    ("NBT.4.4", "Add and subtract large numbers on paper, and check the result."),
]
LEVELS = (
    "Does it in a new text or task, and explains it",
    "Does it alone in a text or task like ours",
    "Does it with a hint",
    "Does a part of it together with us",
    "Not yet",
)
CHOICES = "ABCD"
QUESTIONS = 12  # three on each standard, from which one can say who is secure
ABSENT, BLANK = 0.06, 0.05  # shares of students and of answers
SUBJECT = "reading"  # of the classes that sit it, where a grade has classes of several subjects


def make_assessments(place: SchoolData, rng: np.random.Generator) -> None:
    """Make three assessments per grade team this fall; one answer in twenty is blank."""
    with clock.stopped_at(place.morning(place.days[0])), request_cache():
        for code, text in STANDARDS:
            values = StandardValues(code, text, "Common Core")
            add_standard(place.school, actor=place.administrator, values=values)
        _call_essential(place)
    for team in place.teams:
        if team.kind != "grade":
            continue
        for number, day in enumerate(place.days[18::18][:3], start=1):
            with clock.stopped_at(place.morning(day)):
                _give(team, number, day, rng)


def _call_essential(place: SchoolData) -> None:
    """Each grade team says which two standards all its students must master this year."""
    standards = list(Standard.objects.filter(school=place.school).order_by("pk")[::2])
    for team in place.teams:
        lead = team.members.filter(is_lead=True).select_related("staff__user").get().staff.user
        for standard in standards if team.kind == "grade" else ():
            values = EssentialValues(standard, mastery=0.66, levels=LEVELS)
            add_essential(team, actor=lead, year=place.years[-1], values=values)


def _give(team: Team, number: int, day: dt.date, rng: np.random.Generator) -> None:
    """Make an assessment of ``team`` and enter each of its classes as its teacher."""
    lead = team.members.filter(is_lead=True).select_related("staff__user").get().staff.user
    keys = [CHOICES[place] for place in rng.integers(4, size=QUESTIONS)]
    items = [
        ItemValues(place, key=key, code=STANDARDS[(place + number) % len(STANDARDS)][0])
        for place, key in enumerate(keys, start=1)
    ]
    classes = _classes(team, day)
    with request_cache():
        values = AssessmentValues(f"Unit {number} check", day, tuple(classes))
        assessment = make_assessment(team, actor=lead, values=values, items=items)
    hard = rng.normal(0, 0.9, len(items))
    for section, teacher in classes.items():
        with request_cache():
            _enter(assessment, section, teacher, keys, hard, rng)


def _classes(team: Team, day: dt.date) -> dict[Section, Staff]:
    """The team's classes in one subject, each with its teacher."""
    sections = classes_of_team(team, day).filter(subject=SUBJECT)
    links = SectionTeacher.objects.on(day).filter(section__in=sections).order_by("section__name", "pk")
    return {link.section: link.staff for link in links.select_related("section", "staff__user")}


def _enter(
    assessment: Assessment,
    section: Section,
    teacher: Staff,
    keys: list[str],
    hard: np.ndarray,
    rng: np.random.Generator,
) -> None:
    students = students_in_class(assessment, section).order_by("local_id")
    cells = []
    for uuid in students.values_list("uuid", flat=True):
        if rng.random() < ABSENT:
            cells.append(TypedCell(uuid, 1, "x"))
            continue
        right = rng.random(len(keys)) < 1 / (1 + np.exp(hard - rng.normal(0.6, 1.0)))
        for place, key in enumerate(keys):
            wrong = CHOICES[(CHOICES.index(key) + int(rng.integers(1, 4))) % 4]
            text = "-" if rng.random() < BLANK else key if right[place] else wrong
            cells.append(TypedCell(uuid, place + 1, text))
    save_answers(assessment, cells, actor=teacher.user, section=section)
