"""Over which students the team's numbers may be shown, from what each reader has seen of them before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

LEAST_LATE = 5  # students who are added to numbers that were shown before
NO_CLASS = 0  # the part of the students who are in no class


@dataclass(frozen=True, slots=True)
class Seen:
    """The classes and students (primary keys) in the team's numbers; none if these were not shown.

    ``newly`` are students who are in such numbers for the first time before somebody to whom their class is closed.
    """

    counted: frozenset[int] = frozenset()
    students: frozenset[int] = frozenset()
    newly: frozenset[int] = frozenset()


NOTHING = Seen()


@dataclass(frozen=True, slots=True)
class TeamSum:
    """The classes and the students (primary keys) over which the team's numbers are, or were shown."""

    classes: frozenset[int]
    students: frozenset[int]


@dataclass(frozen=True, slots=True)
class SumReader:
    """What one reader knows: classes that are ``open`` to them now or were ``seen`` once, and ``sums``, latest first."""

    open: frozenset[int]
    seen: frozenset[int]
    sums: tuple[TeamSum, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Entered:
    """Who was entered: the class (or `NO_CLASS`) of each student, those whose answers are all in, and who is ``released``.

    Released are those who are in numbers that somebody saw to whom their class is closed.
    """

    class_of: Mapping[int, int]
    whole: Collection[int]
    released: Collection[int]

    def late(self, students: Collection[int]) -> set[int]:
        """Those of ``students`` who came after numbers of their class were shown without them."""
        shown = {self.class_of[student] for student in self.released if student in self.class_of}
        return {one for one in students if one not in self.released and self.class_of[one] in shown}


@dataclass(frozen=True, slots=True)
class Choice:
    """The sum to show, or None; ``hides`` are the classes that follow from the sum over all classes that count.

    ``students`` are shown: those of the sum, and of its classes those whom all readers know. ``seen`` is to be recorded.
    """

    shown: TeamSum | None
    hides: frozenset[int] = frozenset()
    students: frozenset[int] = frozenset()
    seen: Seen = NOTHING


def choose_sum(
    entered: Entered,
    classes: Collection[int],
    readers: Sequence[SumReader],
    shown: Sequence[TeamSum],
    owners: Collection[Collection[int]],
) -> Choice:
    """The students over whom the team's numbers may be shown to all ``readers`` at once.

    ``classes`` are those that may be counted, ``shown`` sums that were shown before, the latest first. Neither a closed
    class may follow, nor a sum over fewer than five students, or over those of one teacher. Who is entered late waits, for
    everyone, until there are five of several teachers. If what would be shown gives somebody away to a reader who saw
    other numbers, those are shown again, with today's answers. Who was in a sum and has no answers at all any more
    was entered by mistake, and counts no more.
    """
    class_of, everything = entered.class_of, frozenset(classes)
    known = frozenset.intersection(*(one.open for one in readers))
    own = frozenset(student for student, one in class_of.items() if one in known)
    pool = frozenset(student for student in entered.whole if class_of[student] in everything | {NO_CLASS})
    late = entered.late(pool - own)
    if len(late) < LEAST_LATE or _are_of_one({class_of[student] for student in late}, owners):
        pool -= late
    outside = {student for student in pool if class_of[student] == NO_CLASS and NO_CLASS not in known}
    candidates = [TeamSum(everything, pool), TeamSum(everything, pool - outside)]
    candidates += [TeamSum(one.classes, one.students.intersection(class_of, entered.whole)) for one in shown]
    before = [exposed_students(class_of, one, one.sums, owners) for one in readers]
    hides: frozenset[int] = frozenset()
    for number, candidate in enumerate(dict.fromkeys(candidates)):
        exposed = {
            part for one in readers for part in exposed_classes(class_of, one, [*one.sums, candidate], owners)
        }
        hides = frozenset(exposed) if number == 0 else hides
        if (
            candidate.classes
            and not exposed
            and all(
                exposed_students(class_of, one, [*one.sums, candidate], owners) <= earlier
                for one, earlier in zip(readers, before, strict=True)
            )
        ):
            with_own = {student for student in own if class_of[student] in candidate.classes | {NO_CLASS}}
            newly = candidate.students.difference(own, entered.released)
            seen = Seen(candidate.classes, candidate.students, newly)
            return Choice(candidate, frozenset(), candidate.students | with_own, seen)
    return Choice(None, hides)


def _are_of_one(classes: Collection[int], owners: Collection[Collection[int]]) -> bool:
    return len(classes) < 2 or any(set(classes) <= set(one) for one in owners)


def exposed_classes(
    class_of: Mapping[int, int],
    reader: SumReader,
    sums: Iterable[TeamSum],
    owners: Collection[Collection[int]],
) -> set[int]:
    """Classes that a reader could work out, alone or as a sum of one teacher's.

    Students without a class belong to no teacher, so as a part they need no protection.
    """
    from datareview.analysis.differencing import exposed_parts

    sizes = {NO_CLASS: 0}
    for one in class_of.values():
        sizes[one] = sizes.get(one, 0) + 1
    sizes[NO_CLASS] = 0
    return exposed_parts(sizes, reader.open | reader.seen, [one.classes for one in sums], owners) - {NO_CLASS}


def exposed_students(
    class_of: Mapping[int, int],
    reader: SumReader,
    sums: Iterable[TeamSum],
    owners: Collection[Collection[int]],
) -> set[int]:
    """Students whose answers a reader could work out as a sum over fewer than five, or over those of one teacher."""
    from datareview.analysis.differencing import exposed_members

    sums = list(sums)
    if not sums:
        return set()
    counted = frozenset().union(*(one.students for one in reader.sums))
    # Of a class that was open once, the reader knows those who had been entered then.
    known = {
        student
        for student, one in class_of.items()
        if one in reader.open or (one in reader.seen and student in counted)
    }
    part_of = {student: one or None for student, one in class_of.items()}
    return exposed_members(part_of, known, [one.students for one in sums], owners)
