"""Aliases of a school's students; students whom a text names; who looked at which student's record."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from datareview.privacy.aliases import Aliases, Named
from datareview.privacy.models import Disclosure, DisclosureQuerySet
from datareview.records.models import Student, StudentMerge
from teams.access.prepared import prepared_rows
from teams.directory.models import Staff
from teams.kept.queries import read_seldom

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from teams.directory.models import School, User


def students_named_in(texts: Iterable[str], school_ids: Collection[int]) -> set[int]:
    """Ids of the schools' students whose first and last name stand in one of ``texts``; one query, or none.

    The names of all students are compared, whatever their parts: "Ana De La Cruz", "Jan van Dyke".
    """
    joined = "\n".join(texts)
    if not joined.strip():
        return set()
    named, several_words = _by_last_name(tuple(sorted(school_ids)))
    # Most last names are one word, and few of them are among the words of a page.
    lasts = several_words | (named.keys() & set(re.findall(r"\w+", joined)))
    return {
        pk
        for last in lasts
        for pk, first in named[last]
        if any(_stands_in(f"{name} {last}".strip(), joined) for name in first)
    }


@read_seldom(Student)
def _by_last_name(
    school_ids: tuple[int, ...],
) -> tuple[dict[str, list[tuple[int, frozenset[str]]]], frozenset[str]]:
    """Ids and first names of the schools' students by last name, and which last names are more than one word."""
    found: dict[str, list[tuple[int, frozenset[str]]]] = {}
    for pk, last, first, preferred in prepared_rows(_names, school_ids):
        found.setdefault(last, []).append((pk, frozenset((first, preferred or first))))
    return found, frozenset(last for last in found if not last.isalnum())


def _names(school_ids: Collection[int]) -> QuerySet[Student, tuple[int, str, str, str]]:
    rows = Student.objects.filter(school_id__in=school_ids).exclude(last_name="")
    return rows.order_by().values_list("pk", "last_name", "first_name", "preferred_name")


def _stands_in(name: str, text: str) -> bool:
    """Whether ``name`` stands in ``text`` as words of its own."""
    return name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def aliases_of(school: School) -> Aliases:
    """Today's aliases of every student who was ever at ``school``; staff names are not replaced."""
    names = ("first_name", "last_name", "local_id", "preferred_name")
    rows = Student.objects.filter(school=school).order_by("pk").values_list("pk", *names)
    staff = Staff.objects.filter(school=school).select_related("user").order_by("pk")
    colleagues = [name for one in staff for name in (str(one.user), one.user.short_name, one.user.email)]
    return _aliases(tuple(rows), tuple(colleagues), f"{school.pk}:{school.today().isoformat()}", _("Student"))


@lru_cache(
    maxsize=4
)  # a page on the wall asks for them with each change, and thousands of forms are made of the names
def _aliases(
    students: tuple[tuple[int, str, str, str, str], ...], staff: tuple[str, ...], salt: str, label: str
) -> Aliases:
    named = [Named(*row) for row in students]
    return Aliases(named, staff=staff, salt=salt, secret=settings.SECRET_KEY, label=label)


A_PAGE = 50
MOST_DAYS = 92  # that one page looks through
SHOWN = 5  # students of one view that are named
REASONS: dict[str, StrOrPromise] = {
    "school": gettext_lazy("sees the whole school"),
    "section": gettext_lazy("teaches them"),
    "team": gettext_lazy("in their team"),
    "plan": gettext_lazy("delivers their plan"),
    "named": gettext_lazy("named on a page about something else"),
}
PAGES: dict[str, StrOrPromise] = {
    "student-list": gettext_lazy("List of students"),
    "student-export": gettext_lazy("List of students as a file"),
    "student-detail": gettext_lazy("Student"),
    "student-measures": gettext_lazy("Student"),
    "student-years": gettext_lazy("Student"),
    "student-conference": gettext_lazy("Conference sheet"),
    "case-lead-edit": gettext_lazy("Case lead of a student"),
    "own-goal-edit": gettext_lazy("A student’s own goal"),
    "student-edit": gettext_lazy("Student"),
    "anecdote-read": gettext_lazy("Note about a student"),
    "class-show": gettext_lazy("Class"),
    "survey-answer-read": gettext_lazy("A student’s answers to a survey"),
    "candidate-list": gettext_lazy("Candidates"),
    "candidate-detail": gettext_lazy("Candidate"),
    "plan-list": gettext_lazy("Plans"),
    "plan-detail": gettext_lazy("Plan"),
    "dashboard-show": gettext_lazy("Data"),
    "explore-export": gettext_lazy("Scores of students as a file"),
    "report-show": gettext_lazy("Report"),
    "report-download": gettext_lazy("Report as PDF"),
    "meeting-detail": gettext_lazy("Meeting"),
    "home-show": gettext_lazy("Home"),
    "search-show": gettext_lazy("Search"),
    "disclosure-list": gettext_lazy("Who looked at records"),
}
# The noun with which the name of an address begins → what its pages are about, for those without a name above.
NOUNS: dict[str, StrOrPromise] = {
    "action": gettext_lazy("Action item"),
    "agenda": gettext_lazy("Agenda"),
    "anecdote": gettext_lazy("Note about a student"),
    "answer": gettext_lazy("Answers"),
    "assessment": gettext_lazy("Assessment"),
    "assistance": gettext_lazy("Request for help"),
    "attendance": gettext_lazy("Attendance"),
    "candidate": gettext_lazy("Candidate"),
    "candidates": gettext_lazy("Candidates"),
    "cause": gettext_lazy("Meeting"),
    "change": gettext_lazy("Meeting"),
    "chart": gettext_lazy("Chart"),
    "check": gettext_lazy("Check-in card"),
    "class": gettext_lazy("Class list"),
    "cluster": gettext_lazy("Meeting"),
    "contribution": gettext_lazy("Meeting"),
    "coverage": gettext_lazy("No one forgotten"),
    "decision": gettext_lazy("Decision"),
    "desk": gettext_lazy("Desk"),
    "different": gettext_lazy("Records that may be the same"),
    "dispute": gettext_lazy("A value is wrong"),
    "document": gettext_lazy("File"),
    "entry": gettext_lazy("Agenda"),
    "evidence": gettext_lazy("Student work"),
    "exhibit": gettext_lazy("Chart in a meeting"),
    "explore": gettext_lazy("Explore"),
    "family": gettext_lazy("Plan"),
    "finder": gettext_lazy("Search"),
    "freshness": gettext_lazy("How fresh the data are"),
    "gap": gettext_lazy("Gaps between groups"),
    "group": gettext_lazy("Groups"),
    "guardian": gettext_lazy("Family"),
    "home": gettext_lazy("Home"),
    "import": gettext_lazy("Import"),
    "incident": gettext_lazy("Incident"),
    "item": gettext_lazy("Agenda item"),
    "leaver": gettext_lazy("Students who left"),
    "ledger": gettext_lazy("Decision log"),
    "measure": gettext_lazy("Measure"),
    "meeting": gettext_lazy("Meeting"),
    "membership": gettext_lazy("Groups"),
    "merge": gettext_lazy("Records that may be the same"),
    "minutes": gettext_lazy("Minutes"),
    "observation": gettext_lazy("Peer observation"),
    "origin": gettext_lazy("Where a value comes from"),
    "outcome": gettext_lazy("What came of it"),
    "overview": gettext_lazy("School"),
    "own": gettext_lazy("A student’s own goal"),
    "packet": gettext_lazy("Meeting packet"),
    "picked": gettext_lazy("Plan"),
    "photo": gettext_lazy("Photo of a student"),
    "plan": gettext_lazy("Plan"),
    "poll": gettext_lazy("Poll"),
    "prediction": gettext_lazy("Meeting"),
    "question": gettext_lazy("Question"),
    "regrouping": gettext_lazy("Teaching groups"),
    "report": gettext_lazy("Report"),
    "result": gettext_lazy("Results"),
    "results": gettext_lazy("Results"),
    "review": gettext_lazy("Plan"),
    "room": gettext_lazy("Meeting"),
    "rule": gettext_lazy("Rules"),
    "run": gettext_lazy("Run"),
    "score": gettext_lazy("Score"),
    "scores": gettext_lazy("Meeting"),
    "search": gettext_lazy("Search"),
    "seat": gettext_lazy("Seats"),
    "section": gettext_lazy("Section"),
    "session": gettext_lazy("Plan"),
    "standard": gettext_lazy("Learning standard"),
    "strategy": gettext_lazy("Strategy"),
    "survey": gettext_lazy("Survey"),
    "student": gettext_lazy("Student"),
    "students": gettext_lazy("Student"),
    "team": gettext_lazy("Team"),
    "unplaced": gettext_lazy("Students without a section"),
    "value": gettext_lazy("Results"),
    "view": gettext_lazy("Explore"),
    "work": gettext_lazy("Student work"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which views to list: from ``first`` to ``last``, of one student or all, by one person or all."""

    first: dt.date
    last: dt.date
    student: Student | None = None
    reader_id: int | None = None


@dataclass(frozen=True, slots=True)
class RecordView:
    """One view of records: who opened which page when, the first students of it, and why they may see them.

    ``more`` counts students of the school beyond ``students``.
    """

    at: dt.datetime
    reader: User
    page: StrOrPromise
    students: list[Student]
    more: int
    reasons: list[StrOrPromise]


def views_of_records(school: School, wanted: Wanted, page: int | str = 1) -> tuple[Page, list[RecordView]]:
    """A page of the views of records of the school's students, latest first, with what each showed.

    Of people who never worked at ``school``, such as guests, only the views of ``wanted.student`` are listed. Views of a
    record that was merged into another are views of that.
    """
    merged = _merged_into(school)
    rows = Disclosure.objects.filter(
        at__gte=school.at(wanted.first, dt.time.min),
        at__lt=school.at(wanted.last + dt.timedelta(days=1), dt.time.min),
    )
    if wanted.reader_id:
        rows = rows.filter(reader=wanted.reader_id)
    if wanted.student:
        before = [gone for gone, kept in merged.items() if kept == wanted.student.pk]
        rows = rows.of_student(wanted.student.pk, *before)
    else:
        rows = rows.filter(_about(school, rows, merged))
    found = Paginator(rows.select_related("reader"), A_PAGE).get_page(page)
    ids = {merged.get(pk, pk) for row in found for pk in _ids(row.students)}
    students = {one.pk: one for one in Student.objects.filter(school=school, pk__in=ids)}
    students |= {gone: students[kept] for gone, kept in merged.items() if kept in students}
    return found, [_view(row, students, wanted.student) for row in found]


def _merged_into(school: School) -> dict[int, int]:
    """The id of the record that was kept, by the id of each that was merged into it."""
    rows = StudentMerge.objects.filter(kept__school=school, undone_at=None)
    return dict(rows.values_list("gone_id", "kept_id"))


def _about(school: School, rows: DisclosureQuerySet, merged: Collection[int]) -> Q:
    """The views by people of ``school``; of those who worked at another school too, only those of its students."""
    here = Staff.objects.filter(school=school).values("user")
    elsewhere = Staff.objects.exclude(school=school).filter(user__in=here).values("user")
    theirs = {*Student.objects.filter(school=school).values_list("pk", flat=True), *merged}
    both = rows.filter(reader__in=elsewhere).values_list("pk", "students")
    of_us = [pk for pk, students in both if not theirs.isdisjoint(_ids(students))]
    return Q(reader__in=here) & (~Q(reader__in=elsewhere) | Q(pk__in=of_us))


def _view(row: Disclosure, students: dict[int, Student], wanted: Student | None) -> RecordView:
    ours = {students[pk] for pk in _ids(row.students) if pk in students}
    first = sorted(ours, key=lambda one: (one != wanted, one.sort_key))[:SHOWN]
    asked = {pk for pk, one in students.items() if wanted in (None, one)}
    reasons = [why for name, why in REASONS.items() if not asked.isdisjoint(row.reasons.get(name, ()))]
    page = name_of_page(row.what) or _("Another page")
    return RecordView(row.at, row.reader, page, first, len(ours) - len(first), reasons)


def name_of_page(address: str) -> StrOrPromise:
    """What readers call the page whose address has this name, "" if it has none."""
    return PAGES.get(address) or NOUNS.get(address.partition("-")[0], "")


def _ids(students: str) -> list[int]:
    return [int(pk) for pk in students.split()]
