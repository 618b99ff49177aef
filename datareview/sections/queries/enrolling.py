"""Check who can be enrolled in a section: a grade, or pasted numbers and names, line by line."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 (an annotation of a dataclass)
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.records.models import Enrollment, Section, Student
from datareview.records.queries.order import by_name
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    Spans = dict[tuple[int, int], list[tuple[dt.date, dt.date | None]]]

MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class Seat:
    """A student's place in a section, from one day to another (None: as long as the section)."""

    student: Student
    section: Section
    starts_on: dt.date
    ends_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """One pasted line, or one student of a grade: who was found, and why not to enroll them ("" if nothing is wrong)."""

    text: str
    student: Student | None
    problem: str


def check_lines(section: Section, text: str, grade: int | None, starts_on: dt.date) -> list[CheckedLine]:
    """Find the student of each line of ``text`` (a number, "First Last" or "Last, First"), then those of ``grade``."""
    typed = [line.strip() for line in text.splitlines() if line.strip()][:MOST_LINES]
    students = list(Student.objects.filter(school=section.school_id).order_by(*by_name()))
    finder = _Finder(students)
    spans, seen, lines = spans_in({section.pk}), set(), []
    for line in typed:
        student, problem = finder.find(line)
        lines.append((line, student, problem))
    if grade is not None:
        active = [one for one in students if one.grade == grade and one.status == Student.Status.ACTIVE]
        there = {student for (student, _section), days in spans.items() if _covers(days, starts_on)}
        lines += [(one.number, one, "") for one in active if one.pk not in there]
    found = []
    for line, student, reason in lines:
        problem = reason
        if student is not None and student.pk in seen:
            problem = _("is there twice")
        elif student is not None:
            seen.add(student.pk)
            problem = problem_with(Seat(student, section, starts_on), spans[student.pk, section.pk])
        found.append(CheckedLine(line, student, problem))
    return found


class _Finder:
    """Finds students by number or name."""

    def __init__(self, students: Iterable[Student]) -> None:
        self._by_number: dict[str, list[Student]] = defaultdict(list)
        self._by_short: dict[str, list[Student]] = defaultdict(list)
        self._by_name: dict[str, list[Student]] = defaultdict(list)
        for one in students:
            self._by_number[one.local_id.casefold()].append(one)
            self._by_short[one.local_id.lstrip("0").casefold()].append(one)
            for first in {one.first_name, one.preferred_name} - {""}:
                for name in (f"{first} {one.last_name}", f"{one.last_name}, {first}"):
                    self._by_name[plain_name(name)].append(one)

    def find(self, line: str) -> tuple[Student | None, str]:
        """The only student whom ``line`` can mean, or None and the reason."""
        exact = self._by_number.get(line.casefold()) or self._by_name.get(plain_name(line))
        if exact and len(exact) == 1:
            return exact[0], ""
        if exact:
            numbers = ", ".join(one.number for one in exact)
            return None, _("Several students have this name: write the number, %(numbers)s.") % {
                "numbers": numbers
            }
        near = self._by_short.get(line.lstrip("0").casefold(), []) if line.isdigit() else []
        if len(near) == 1:
            return None, _("No such number. Did you mean %(number)s, %(student)s?") % {
                "number": near[0].number,
                "student": near[0],
            }
        return None, _("No student of the school has this number or name.")


def spans_in(section_ids: Collection[int]) -> Spans:
    """Map (student id, section id) to the days of the enrollments in these sections; one query."""
    spans: Spans = defaultdict(list)
    stored = Enrollment.objects.filter(section__in=section_ids)
    for student, section, starts_on, ends_on in stored.values_list(
        "student_id", "section_id", "starts_on", "ends_on"
    ):
        spans[student, section].append((starts_on, ends_on))
    return spans


def problem_with(row: Seat, spans: Iterable[tuple[dt.date, dt.date | None]]) -> str:
    """Why a student can't have this place besides the ``spans`` of days in the section already; "" if nothing is wrong."""
    year, section = row.section.year, row.section
    last = row.ends_on or section.ends_on or year.ends_on
    if row.ends_on and row.ends_on < row.starts_on:
        return _("It ends before it begins. Change one of the days.")
    if not year.starts_on <= row.starts_on <= (section.ends_on or year.ends_on) or last > year.ends_on:
        return _("The days are outside the section’s, %(from)s to %(to)s.") % {
            "from": formats.short_day(year.starts_on),
            "to": formats.short_day(section.ends_on or year.ends_on),
        }
    left_on = row.student.left_on if row.student.status == Student.Status.LEFT else None
    if left_on and (row.ends_on or last) > left_on:
        return _("left the school on %(day)s") % {"day": formats.short_day(left_on)}
    if any(starts <= last and (ends is None or ends >= row.starts_on) for starts, ends in spans):
        return _("is in this section already")
    return ""


def problems_with(seats: list[Seat], stored: Spans) -> list[str]:
    """The `problem_with` each of ``seats`` beside the others and ``stored``.

    A seat with the first day of a stored enrollment changes that one's last day; None keeps it.
    """
    spans = {place: dict(there) for place, there in stored.items()}
    problems = [""] * len(seats)
    is_new = [seat.starts_on not in spans.get((seat.student.pk, seat.section.pk), {}) for seat in seats]
    # Stored ones first: what ends makes room for what begins.
    for place in sorted(range(len(seats)), key=is_new.__getitem__):
        seat = seats[place]
        there = spans.setdefault((seat.student.pk, seat.section.pk), {})
        if not is_new[place] and seat.ends_on in (None, there[seat.starts_on]):
            continue
        others = [span for span in there.items() if span[0] != seat.starts_on]
        problems[place] = problem_with(seat, others)
        if not problems[place]:
            there[seat.starts_on] = seat.ends_on
    return problems


def _covers(spans: Iterable[tuple[dt.date, dt.date | None]], day: dt.date) -> bool:
    return any(starts <= day and (ends is None or ends >= day) for starts, ends in spans)


def plain_name(name: str) -> str:
    """A name in lower case with single spaces, to compare."""
    return " ".join(name.split()).casefold()
