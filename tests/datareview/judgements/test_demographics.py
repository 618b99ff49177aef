"""Demographics are never an input: no frame holds them, and two students who differ in nothing else are judged alike."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from datareview.flags.models import Flag, Rule
from datareview.flags.queries.clears import clears_when
from datareview.records.models import (
    AttendanceDay,
    CourseGrade,
    Enrollment,
    Guardian,
    Incident,
    Score,
    Student,
    Subgroup,
)
from datareview.runs.services.runs import run_trends_now
from datareview.trends.frames.scope import read_scope
from datareview.trends.models import TrendScope
from tests.conftest import START, TODAY
from tests.factories.judgements import FRAMES
from tests.factories.scorecards import scorecard

GROUPS = {
    "race": ("Hispanic", "White"),
    "sex": ("Female", "Male"),
    "language": ("English learner", "Native speaker"),
    "disability": ("Individual education plan", "No disability"),
    "lunch": ("Free lunch", "Paid lunch"),
    "housing": ("Homeless", "Housed"),
}
OWN = {
    "domain": "academic",
    "severity": 2,
    "match": "any",
    "groups": [
        {
            "match": "all",
            "conditions": [
                {"data": "absence", "measure": "", "operator": "at_least", "cut": 10},
                {"data": "score", "measure": "orf", "operator": "less_than", "cut": 100},
            ],
        }
    ],
}


@pytest.fixture
def twins(cast):
    """Two students to whom every rule applies, equal but for name, home and groups; and thirty who do well."""
    Flag.objects.all().delete()
    Student.objects.filter(school=cast.school).delete()
    students = Student.objects.bulk_create(
        Student(
            school=cast.school,
            local_id=f"s{n}",
            first_name=f"S{n}",
            last_name="Same",
            grade=4,
            entered_on=START,
        )
        for n in range(32)
    )
    first, second = students[:2]
    Guardian.objects.create(student=first, name="Rosa", language="es", relation="mother")
    for category, names in GROUPS.items():
        for student, name in zip((first, second), names, strict=True):
            Subgroup.objects.create(student=student, category=category, group=name, starts_on=START)
    for student in students:
        poor = student in (first, second)
        AttendanceDay.objects.bulk_create(
            AttendanceDay(
                student=student,
                day=TODAY - dt.timedelta(days=back),
                mark="unexcused" if poor and back % 8 == 0 else "present",
            )
            for back in range(60)
        )
        enrollment = Enrollment.objects.create(student=student, section=cast.section, starts_on=START)
        CourseGrade.objects.create(enrollment=enrollment, as_of=TODAY, percent=55 if poor else 90)
        CourseGrade.objects.create(
            enrollment=enrollment, as_of=TODAY - dt.timedelta(days=7), percent=57 if poor else 90
        )
        if poor:
            Incident.objects.create(
                student=student, day=TODAY - dt.timedelta(days=9), kind="Fight", consequence="oss"
            )
        Score.objects.bulk_create(
            Score(
                student=student,
                measure=cast.fluency,
                taken_on=TODAY - dt.timedelta(weeks=11 - week),
                value=(60 - 2 * week if poor else 140 + 2 * week) + (-1) ** week,
            )
            for week in range(12)
        )
    Rule.objects.all().delete()
    for kind in Rule.Kind.values:
        needs = cast.fluency if kind in ("benchmark", "growth") else None
        parameters = {"conditions": OWN, "scorecard": scorecard()}.get(kind, {})
        Rule.objects.create(
            school=cast.school, key=kind, name=kind, kind=kind, measure=needs, parameters=parameters
        )
    return SimpleNamespace(first=first, second=second, school=cast.school, cast=cast)


def told(student):
    return [
        (
            flag.rule.kind,
            flag.state,
            flag.severity,
            flag.evidence,
            flag.reason,
            clears_when(flag.rule, flag.evidence),
        )
        for flag in student.flags.select_related("rule__measure").order_by("rule__kind")
    ]


def test_students_who_differ_only_in_demographics_are_judged_alike(twins):
    run_trends_now(twins.school, as_of=TODAY)
    first, second = told(twins.first), told(twins.second)
    assert first == second
    assert [row[:3] for row in first] == [
        ("attendance", "open", 2),
        ("behavior", "open", 3),
        ("benchmark", "open", 2),
        ("conditions", "open", 2),
        ("course", "open", 2),
        ("growth", "open", 2),
        ("scorecard", "open", 2),
    ]
    assert Flag.objects.exclude(student__in=[twins.first, twins.second]).count() == 0


def test_what_is_told_of_a_student_names_no_group_and_no_person(twins):
    run_trends_now(twins.school, as_of=TODAY)
    text = " ".join(str(part) for row in told(twins.first) for part in row[3:]).casefold()
    words = [word for pair in GROUPS.values() for name in pair for word in name.split()] + [
        *GROUPS,
        "Rosa",
        "Same",
    ]
    assert [word for word in words if word.casefold() in text.split()] == []
    assert "absent" in text.split()


def test_taking_the_groups_away_changes_no_flag(twins):
    run_trends_now(twins.school, as_of=TODAY)
    before = list(Flag.objects.order_by("pk").values())
    Subgroup.objects.all().delete()
    Guardian.objects.all().delete()
    TrendScope.objects.update(inputs_hash="")
    run_trends_now(twins.school, as_of=TODAY)
    assert list(Flag.objects.order_by("pk").values()) == before


def test_the_data_of_a_scope_has_these_columns_and_no_others(twins):
    """The judges get nothing else; adding a column here needs a good reason."""
    scope = TrendScope.objects.get_or_create(school=twins.school, grade=4)[0]
    frames = read_scope(scope, START, TODAY)
    assert {name: list(getattr(frames, name).columns) for name in FRAMES} == {
        name: list(kinds) for name, kinds in FRAMES.items()
    }
    groups = {name.casefold() for pair in GROUPS.values() for name in pair}
    texts = {
        str(value).casefold()
        for name in FRAMES
        for column in getattr(frames, name).select_dtypes(exclude="number")
        for value in getattr(frames, name)[column]
    }
    assert texts & groups == set()
    assert "4a" in texts


@pytest.mark.parametrize("grade", [4, 11, None], ids=["with rows", "without", "no grade"])
def test_hand_made_frames_look_like_those_read_from_the_database(twins, grade):
    scope = TrendScope.objects.get_or_create(school=twins.school, grade=grade)[0]
    frames = read_scope(scope, START, TODAY)
    read = {
        name: {column: str(kind) for column, kind in getattr(frames, name).dtypes.items()} for name in FRAMES
    }
    texts = ("object", "str")
    assert {
        name: {column: "object" if kind in texts else kind for column, kind in kinds.items()}
        for name, kinds in read.items()
    } == FRAMES
