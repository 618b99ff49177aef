"""What needs a decision: students nobody has decided about, and plans to review."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.flags.models import Candidate
from datareview.plans.models import Plan
from datareview.progress.queries.caseload import plan_rows
from datareview.reports.queries.lines import ReportLine
from datareview.reports.queries.summaries import day_or_nothing

if TYPE_CHECKING:
    from datareview.cohorts.queries import Cohort
    from datareview.records.models import Student
    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class GradeDecisions:
    """How many students of a grade nobody has decided about, the days the first has waited, and plans to review."""

    grade: int | None
    students: int
    waiting: int
    longest: int
    plans: int


@dataclass(frozen=True, slots=True)
class Decisions:
    """What needs a decision: a line per student, the most urgent and longest waiting first, then plans."""

    candidates: list[ReportLine]
    plans: list[ReportLine]
    grades: list[GradeDecisions]

    @property
    def students(self) -> int:
        """The number of students concerned."""
        return len({line.student.pk for line in (*self.candidates, *self.plans)})


def decisions_of(user: User, cohort: Cohort, grades: dict[int, int | None]) -> Decisions:
    """The decisions about the students of ``cohort`` (``grades`` by id); a constant number of queries."""
    today = cohort.school.today()
    waiting = Candidate.objects.filter(student__in=cohort.students, state=Candidate.State.NEW)
    of_student: dict[Student, list[Candidate]] = defaultdict(list)
    for row in waiting.select_related("student").order_by("-severity", "raised_on", "pk"):
        of_student[row.student].append(row)
    plans = _plans(user, cohort)
    days: dict[int | None, list[int]] = defaultdict(list)
    for student, rows in of_student.items():
        days[grades.get(student.pk)].append(max((today - row.raised_on).days for row in rows))
    reviews: dict[int | None, int] = defaultdict(int)
    for line in plans:
        reviews[grades.get(line.student.pk)] += 1
    enrolled = Counter(grades.values())
    return Decisions(
        candidates=[_candidate(student, rows) for student, rows in of_student.items()],
        plans=plans,
        grades=[
            GradeDecisions(
                grade, enrolled[grade], len(days[grade]), max(days[grade], default=0), reviews[grade]
            )
            for grade in sorted(enrolled, key=lambda grade: (grade is None, grade))
        ],
    )


def _candidate(student: Student, rows: list[Candidate]) -> ReportLine:
    """All that is undecided about one student; the link opens the most urgent."""
    since = min(row.raised_on for row in rows)
    waits = _("Waiting since %(day)s, not decided yet.")
    if not all(row.is_requested for row in rows):
        waits = _("Flagged since %(day)s, not decided yet.")
    return ReportLine(
        student,
        " ".join(row.said for row in rows),
        waits % {"day": day_or_nothing(since)},
        rows[0].get_absolute_url(),
    )


def _plans(user: User, cohort: Cohort) -> list[ReportLine]:
    """Plans whose review is due or whose data suggest a change."""
    plans = Plan.objects.running().filter(student__in=cohort.students)
    rows = plan_rows(plans, user, cohort.school.today())
    return [
        ReportLine(
            row.plan.student,
            _("%(plan)s: %(label)s.") % {"plan": row.plan.strategy, "label": row.progress.label},
            f"{row.progress.sentence} {row.progress.dosage}."
            + (
                " " + _("A review was due on %(day)s.") % {"day": day_or_nothing(row.plan.review_on)}
                if row.is_due
                else ""
            ),
            row.plan.get_absolute_url(),
        )
        for row in rows
        if row.is_due or row.progress.tone == "act"
    ]
