"""Who sat each check in which class, and their points by standard; few queries for many checks."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Sum

from datareview.assessments.queries import classes_of_students
from datareview.records.models import Enrollment, HeldAnswer, ItemResponse, Sitting
from datareview.records.queries.mastery import items_in

if TYPE_CHECKING:
    from datareview.mastery.frames import Check


def read_checks(checks: dict[int, Check]) -> None:
    """Fill in who sat each check in which class, and the points by standard."""
    outside: set[int] = set()
    sittings = Sitting.objects.filter(assessment__in=list(checks))
    for pk, student, section, is_absent, is_released in sittings.values_list(
        "assessment_id", "student_id", "section_id", "is_absent", "is_released"
    ):
        if is_released:
            checks[pk].released.add(student)
        rows = checks[pk].absent if is_absent else checks[pk].sat
        rows[student] = section
        if not section:
            outside.add(pk)
    for pk in outside:  # rare: students entered by the team, outside a class
        classes = classes_of_students(checks[pk].assessment)
        for rows in (checks[pk].sat, checks[pk].absent):
            rows.update(
                {student: classes.get(student) for student, section in rows.items() if section is None}
            )
    _read_classes(checks)
    answers = ItemResponse.objects.filter(item__assessment__in=list(checks), item__is_dropped=False)
    sums = answers.exclude(item__standard=None).order_by()
    by_student = sums.values_list("item__assessment_id", "item__standard_id", "student_id")
    for pk, standard, student, n, got in by_student.annotate(n=items_in("item__"), got=Sum("points")):
        checks[pk].got[standard][student] = n, float(got)
    _hold_corrections({pk: check for pk, check in checks.items() if check.assessment.holds_answers})


def _hold_corrections(checks: dict[int, Check]) -> None:
    """Put the answers back that the team's numbers keep, with students who have none any more."""
    if not checks:
        return
    held = HeldAnswer.objects.filter(item__assessment__in=list(checks), item__is_dropped=False)
    former = {(one.student_id, one.item_id): one for one in held.select_related("item")}
    whose = {(one.item.assessment_id, student) for (student, _item), one in former.items()}
    now = ItemResponse.objects.filter(
        item__assessment__in=list(checks),
        item__is_dropped=False,
        student__in={student for _pk, student in whose},
    )
    answers = {(one.student_id, one.item_id): one for one in now.select_related("item")} | former
    sums: dict[tuple[int, int, int], tuple[int, float]] = {}
    for (student, _item), one in answers.items():
        pk, standard = one.item.assessment_id, one.item.standard_id
        if standard and (pk, student) in whose:
            n, got = sums.get((pk, standard, student), (0, 0.0))
            sums[pk, standard, student] = n + one.item.parts, got + one.points
    for (pk, standard, student), found in sums.items():
        checks[pk].got[standard][student] = found
    for (student, _item), one in former.items():
        check = checks[one.item.assessment_id]
        check.absent.pop(student, None)
        check.sat[student] = one.section_id
        check.released.add(student)


def _read_classes(checks: dict[int, Check]) -> None:
    """Fill in who was enrolled in the classes that sat each check, on its day."""
    of_section: dict[int, list[Check]] = defaultdict(list)
    for check in checks.values():
        for section in check.entered():
            of_section[section].append(check)
    dated = Enrollment.objects.filter(section__in=list(of_section))
    for section, student, first, last in dated.values_list(
        "section_id", "student_id", "starts_on", "ends_on"
    ):
        for check in of_section[section]:
            if first <= check.assessment.given_on and (last is None or last >= check.assessment.given_on):
                check.enrolled[section].add(student)
