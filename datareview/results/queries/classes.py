"""The classes of an assessment as one reader sees them, and over which the team's numbers may be shown."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from datareview.assessments.permissions import classes_of, classes_open_to
from datareview.looks.frames import NO_CLASS, NOTHING, Entered, Seen, SumReader, TeamSum, choose_sum
from datareview.looks.queries import past_of
from datareview.records.models import SectionTeacher

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from datareview.assessments.models import ClassShare
    from datareview.assessments.queries import ResponseFrame
    from datareview.records.models import Assessment, Section
    from teams.directory.models import User

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
    """The classes and students over which a reader may see the team's numbers, or None and why not.

    ``waits`` are classes that are not whole yet; ``hides`` those that could be worked out if the numbers were shown.
    ``students`` are shown: those of ``shown``, and the reader's own. ``seen`` is to be recorded. ``late`` counts
    the students of the classes shown who wait until there are more. ``before`` has those of each sum that was
    shown, the first one first. ``corrected`` counts students of closed classes of whom a correction waits.
    """

    shown: TeamSum | None
    waits: tuple[Section, ...]
    hides: tuple[Section, ...]
    students: frozenset[int] = frozenset()
    seen: Seen = NOTHING
    late: int = 0
    before: tuple[frozenset[int], ...] = ()
    corrected: int = 0

    @property
    def counted(self) -> frozenset[int] | None:
        """The classes in the numbers; None if they are not shown."""
        return self.shown.classes if self.shown else None


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


def team_numbers(
    user: User, assessment: Assessment, states: Iterable[ClassState], frame: ResponseFrame
) -> TeamNumbers:
    """Over which classes and students ``user`` may see the team's numbers, so that nobody closed follows by subtraction.

    Everything that the user has seen before counts: classes that were open once, and the team's numbers over fewer
    classes or students. If those over all would expose some, the latest that were shown are shown again, with today's
    answers.
    """
    found = [one for one in states if one.entered]
    past = past_of(user, assessment)
    open_ = {one.section.pk for one in found if one.is_open}
    seen = past.classes | {one.section.pk for one in found if one.was_open}
    if all(one.is_open for one in found):
        open_.add(NO_CLASS)
    reader = SumReader(frozenset(open_), frozenset(seen), past.sums)
    return numbers_for(found, frame, [reader], past.sums, seen | open_)


def numbers_for(
    found: Iterable[ClassState],
    frame: ResponseFrame,
    readers: Sequence[SumReader],
    shown: Sequence[TeamSum],
    known: Collection[int],
) -> TeamNumbers:
    """The team's numbers over the classes ``found`` that may be shown to all ``readers``: see `choose_sum`."""
    found = list(found)
    everything, waits = may_be_counted(found, known)
    entered = entered_in(frame.for_team)
    choice = choose_sum(entered, everything, readers, shown, classes_of_leads(found))
    hides = tuple(one.section for one in found if one.section.pk in choice.hides)
    if choice.shown is None:
        return TeamNumbers(None, waits, hides)
    inside = {student for student, one in entered.class_of.items() if one in choice.shown.classes}
    late = len(inside - choice.students)
    corrected = sum(entered.class_of.get(one) not in known for one in frame.corrected)
    before = tuple(one.students for one in reversed(shown))
    return TeamNumbers(choice.shown, waits, (), choice.students, choice.seen, late, before, corrected)


def entered_in(frame: ResponseFrame) -> Entered:
    """Who was entered, from the answers."""
    own = frame.section_of[frame.section_of.index.isin(frame.entered)].fillna(NO_CLASS)
    return Entered(
        dict(zip(own.index.tolist(), own.tolist(), strict=True)),
        set(frame.points.loc[own.index].dropna().index),
        frame.released,
    )


def may_be_counted(
    found: Iterable[ClassState], known: Collection[int]
) -> tuple[frozenset[int], tuple[Section, ...]]:
    """The classes that are whole or ``known``, as primary keys, and those that are not yet."""
    found = list(found)
    waits = tuple(one.section for one in found if not one.is_whole and one.section.pk not in known)
    return frozenset(one.section.pk for one in found) - {one.pk for one in waits}, waits


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
