"""The classes of an assessment as one reader sees them, and over which the team's numbers may be shown."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q

from datareview.assessments.permissions import classes_of, classes_open_to
from datareview.looks.models import ResultsView
from datareview.records.models import SectionTeacher

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from datareview.assessments.models import ClassShare
    from datareview.assessments.queries import ResponseFrame
    from datareview.records.models import Assessment, Section
    from teams.directory.models import User

NO_CLASS = 0  # the part of the students who are in no class
WHOLE = 0.9  # share of a class that must be entered (or absent) before the team's numbers count it


@dataclass(frozen=True, slots=True, eq=False)
class ClassState:
    """A class: how much of it is entered, its teachers, and whether the reader may see its answers by student.

    ``share`` is set while a teacher opens the class to everyone, ``was_open`` also afterwards; ``waits`` until another
    class opens too; ``is_own`` if the reader
    teaches it or replaces a teacher.
    """

    section: Section
    teachers: tuple[str, ...]
    leads: tuple[int, ...]
    given: int
    entered: int
    absent: int
    is_open: bool
    is_own: bool
    was_open: bool
    waits: bool
    words: str
    share: ClassShare | None

    @property
    def is_whole(self) -> bool:
        """Whether nearly everybody's answers are in, or the student was absent."""
        return self.entered > 0 and self.entered + self.absent >= WHOLE * self.given

    @property
    def missing(self) -> int:
        """Students of whom nothing has been entered."""
        return self.given - self.entered - self.absent

    @property
    def label(self) -> str:
        """The class, with its teachers where the reader may see its answers."""
        return ", ".join([str(self.section), *(self.teachers if self.is_open else ())])


@dataclass(frozen=True, slots=True)
class TeamNumbers:
    """The classes over which a reader may see the team's numbers (primary keys), or None and why not.

    ``waits`` are classes that are not whole yet; ``hides`` those that could be worked out if the numbers were shown.
    """

    counted: frozenset[int] | None
    waits: tuple[Section, ...]
    hides: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """Classes whose results a reader looked at, and the sets of classes over which the team's were shown, latest first."""

    classes: frozenset[int]
    sums: tuple[frozenset[int], ...]


def class_states(user: User | None, assessment: Assessment, frame: ResponseFrame) -> list[ClassState]:
    """The classes of an assessment by name; without ``user``, as everybody sees them who teaches none."""
    links = SectionTeacher.objects.select_related("staff__user")
    rows = classes_of(assessment).order_by("name", "pk").prefetch_related(Prefetch("teacher_links", links))
    shares = {one.section_id: one for one in assessment.class_shares.select_related("teacher__user")}
    is_open = {pk for pk, one in shares.items() if one.closed_at is None}
    if user:
        is_open = set(classes_open_to(user, assessment).values_list("pk", flat=True))
    section_of = frame.section_of.dropna()
    given = section_of.value_counts()
    entered = section_of[section_of.index.isin(frame.entered)].value_counts()
    absent = section_of[section_of.index.isin(frame.absent)].value_counts()
    found = []
    for section in rows:
        share = shares.get(section.pk)
        opened = share if share and share.closed_at is None else None
        teaches = user is not None and any(
            link.staff.user_id == user.pk for link in section.teacher_links.all()
        )
        found.append(
            ClassState(
                section=section,
                teachers=tuple(str(link.staff) for link in section.teacher_links.all()),
                leads=tuple(link.staff_id for link in section.teacher_links.all() if link.is_lead),
                given=int(given.get(section.pk, 0)),
                entered=int(entered.get(section.pk, 0)),
                absent=int(absent.get(section.pk, 0)),
                is_open=section.pk in is_open,
                is_own=section.pk in is_open and (teaches or opened is None),
                was_open=share is not None and not share.is_waiting,
                waits=share is not None and share.is_waiting,
                words=share.words if share else "",
                share=opened,
            )
        )
    return found


def team_numbers(user: User, assessment: Assessment, states: Iterable[ClassState]) -> TeamNumbers:
    """Over which classes ``user`` may see the team's numbers, so that no closed class follows by subtraction.

    Everything that the user has seen before counts: classes that were open once, and the team's numbers over fewer
    classes. If those over all classes would expose one, the latest that were shown are shown again, with today's
    answers.
    """
    found = [one for one in states if one.entered]
    past = past_of(user, assessment)
    known = past.classes | {one.section.pk for one in found if one.is_open or one.was_open}
    sizes = {one.section.pk: one.entered for one in found}
    seen, owners = past.sums, classes_of_leads(found)
    everything, waits = may_be_counted(found, known)
    first: set[int] = set()
    for number, candidate in enumerate([everything, *seen]):
        exposed = exposed_classes(sizes, known, [*seen, candidate], owners)
        if candidate and not exposed:
            return TeamNumbers(candidate, waits, ())
        first = exposed if number == 0 else first
    hides = tuple(one.section for one in found if one.section.pk in first)
    return TeamNumbers(None, waits, hides)


def may_be_counted(
    found: Iterable[ClassState], known: Collection[int]
) -> tuple[frozenset[int], tuple[Section, ...]]:
    """The classes that are whole or ``known``, as primary keys, and those that are not yet."""
    found = list(found)
    waits = tuple(one.section for one in found if not one.is_whole and one.section.pk not in known)
    return frozenset(one.section.pk for one in found) - {one.pk for one in waits}, waits


def exposed_classes(
    sizes: dict[int, int],
    known: Collection[int],
    sums: Iterable[Collection[int]],
    owners: Iterable[Collection[int]],
) -> set[int]:
    """Classes that a reader could work out, alone or as a sum of one teacher's (``owners``: `classes_by_lead`).

    Students without a class belong to no teacher and need no protection.
    """
    from datareview.analysis.differencing import exposed_parts

    parts = {NO_CLASS: 0, **sizes}
    return exposed_parts(parts, known, sums, owners) - {NO_CLASS}


def classes_of_leads(states: Iterable[ClassState]) -> list[set[int]]:
    """As `classes_by_lead`, of the teachers of ``states``."""
    return classes_by_lead((lead, one.section.pk) for one in states for lead in one.leads)


def classes_by_lead(links: Iterable[tuple[int, int]]) -> list[set[int]]:
    """The classes of each teacher who leads several, from primary keys of teachers and classes.

    Co-teachers don't count: one who is in every class of a grade would hide what the team did from everyone.
    """
    found: dict[int, set[int]] = defaultdict(set)
    for teacher, section in links:
        found[teacher].add(section)
    return [many for many in found.values() if len(many) > 1]


def past_of(user: User, assessment: Assessment) -> Past:
    """What ``user`` has seen of the results, also what everybody saw in a meeting."""
    rows = ResultsView.objects.filter(assessment=assessment).order_by("-at", "-pk")
    found = list(rows.filter(Q(reader=user) | Q(reader=None)).values_list("section_id", "counted"))
    return Past(
        frozenset(section for section, _counted in found if section),
        tuple(dict.fromkeys(frozenset(counted) for _section, counted in found if counted)),
    )
