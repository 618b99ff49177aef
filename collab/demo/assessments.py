"""Common assessments of the teams: ten questions on three standards, answered by the cohort."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from datareview.records.models import Assessment, AssessmentItem, ItemResponse, Sitting, Standard
from datareview.records.permissions import students_of_team

if TYPE_CHECKING:
    from collab.demo.people import SchoolData

STANDARDS = [
    ("RI.4.2", "Say what a text is mostly about, and which details show it."),
    ("L.4.4", "Work out an unknown word from its parts and its sentence."),
    ("NF.4.1", "Show why two fractions are equal, with a drawing or a number line."),
    ("NBT.4.4", "Add and subtract large numbers on paper, and check the result."),
]
CHOICES = "ABCD"


def make_assessments(place: SchoolData, rng: np.random.Generator) -> None:
    """Create three assessments per grade team this fall; one answer in twenty is blank."""
    standards = [
        Standard.objects.get_or_create(
            school=place.school, framework="Common Core", code=code, defaults={"statement": text}
        )[0]
        for code, text in STANDARDS
    ]
    days = place.days[18::18][:3]
    for team in place.teams:
        if team.kind != "grade":
            continue
        students = list(students_of_team(team))
        for number, day in enumerate(days, start=1):
            assessment = Assessment.objects.create(team=team, title=f"Unit {number} check", given_on=day)
            items = AssessmentItem.objects.bulk_create(
                AssessmentItem(
                    assessment=assessment,
                    number=n,
                    standard=standards[(n + number) % len(standards)],
                    key=CHOICES[int(rng.integers(4))],
                )
                for n in range(1, 11)
            )
            ability, hard = rng.normal(0.6, 1.0, len(students)), rng.normal(0, 0.9, len(items))
            right = rng.random((len(students), len(items))) < 1 / (
                1 + np.exp(hard[None, :] - ability[:, None])
            )
            rows, sittings = [], []
            for i, student in enumerate(students):
                if rng.random() < 0.06:
                    continue
                sittings.append(Sitting(assessment=assessment, student=student))
                for j, item in enumerate(items):
                    blank = rng.random() < 0.05
                    wrong = CHOICES[(CHOICES.index(item.key) + int(rng.integers(1, 4))) % 4]
                    choice = "" if blank else item.key if right[i, j] else wrong
                    rows.append(
                        ItemResponse(
                            item=item, student=student, points=float(choice == item.key), choice=choice
                        )
                    )
            Sitting.objects.bulk_create(sittings)
            ItemResponse.objects.bulk_create(rows, batch_size=5000)
