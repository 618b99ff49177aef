"""Record who looked at results."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from datareview.assessments.models import ClassShare
from datareview.looks.frames import LEAST_LATE
from datareview.looks.models import ResultsView
from datareview.records.models import Assessment, HeldAnswer, SectionTeacher
from teams.lib import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from datareview.looks.frames import Seen
    from datareview.records.models import ItemResponse, Section
    from teams.directory.models import User

AGAIN_AFTER = dt.timedelta(hours=1)  # the same results before that are the same look


def record_results_view(
    assessment: Assessment, *, reader: User | None, section: Section | None, seen: Seen
) -> ResultsView | None:
    """Record that ``reader`` looked at a class (None: the team), beside the team's numbers over what was ``seen``.

    Without ``reader`` they were shown to everyone in a meeting, or kept in its minutes.

    The same results are recorded once an hour. Returns None if they were recorded already.
    """
    _release(assessment, seen)
    values = {
        "assessment": assessment,
        "reader": reader,
        "section": section,
        "counted": sorted(seen.counted),
        "students": sorted(seen.students),
    }
    if ResultsView.objects.filter(**values, at__gt=clock.now() - AGAIN_AFTER).exists():
        return None
    return ResultsView.objects.create(**values)


def record_team_views(shown: Mapping[Assessment, Seen], *, reader: User) -> None:
    """Record that ``reader`` looked at the team's numbers of each assessment; once an hour each."""
    recent = ResultsView.objects.filter(
        assessment__in=list(shown), reader=reader, section=None, at__gt=clock.now() - AGAIN_AFTER
    )
    known = {
        (pk, frozenset(counted), frozenset(students))
        for pk, counted, students in recent.values_list("assessment_id", "counted", "students")
    }
    for assessment, seen in shown.items():
        _release(assessment, seen)
    ResultsView.objects.bulk_create(
        ResultsView(
            assessment=one, reader=reader, counted=sorted(seen.counted), students=sorted(seen.students)
        )
        for one, seen in shown.items()
        if (one.pk, seen.counted, seen.students) not in known
    )


def _release(assessment: Assessment, seen: Seen) -> None:
    if seen.newly:
        assessment.sittings.filter(student__in=seen.newly).update(is_released=True)


def hold_answers(
    assessment: Assessment, former: Iterable[ItemResponse], sections: Mapping[int, int | None]
) -> None:
    """Keep what answers of released students were, which are about to change or to go, in the team's numbers.

    ``sections`` maps students (primary keys) to the class in which they sat it. An answer that is held already stays as
    it was when it was shown.
    """
    rows = [
        HeldAnswer(
            item_id=one.item_id,
            student_id=one.student_id,
            section_id=sections[one.student_id],
            points=one.points,
            choice=one.choice,
        )
        for one in former
    ]
    if not rows:
        return
    HeldAnswer.objects.bulk_create(rows, ignore_conflicts=True)
    Assessment.objects.filter(pk=assessment.pk).update(holds_answers=True)
    release_held(assessment)


def release_held(assessment: Assessment) -> None:
    """Let corrections count in the team's numbers once nobody can tell by the difference whose answers they were.

    There must be five students of closed classes, of several teachers, and five beside those whom any one teacher knows.
    """
    held = HeldAnswer.objects.filter(item__assessment=assessment)
    open_ = ClassShare.objects.filter(assessment=assessment, closed_at=None).values_list(
        "section_id", flat=True
    )
    students = dict(held.values_list("student_id", "section_id").distinct())
    closed = {student: section or 0 for student, section in students.items() if section not in set(open_)}
    links = SectionTeacher.objects.filter(section__in=set(closed.values()))
    known: dict[int, set[int]] = {}
    led: dict[int, set[int]] = {}
    for teacher, section, is_lead in links.values_list("staff_id", "section_id", "is_lead"):
        known.setdefault(teacher, set()).add(section)
        if is_lead:
            led.setdefault(teacher, set()).add(section)
    is_of_one = len(set(closed.values())) < 2 or any(
        set(closed.values()) <= theirs for theirs in led.values()
    )
    left = [sum(section not in theirs for section in closed.values()) for theirs in known.values()]
    if closed and (len(closed) < LEAST_LATE or is_of_one or any(0 < many < LEAST_LATE for many in left)):
        return
    held.delete()
    Assessment.objects.filter(pk=assessment.pk).update(holds_answers=False)
