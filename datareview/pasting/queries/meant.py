"""Whom each pasted row means, after what was settled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.answers.matching import Person, match_code, match_person
from datareview.answers.permissions import classes_to_enter
from datareview.answers.queries.people import takers_of
from datareview.answers.sheets import code_of
from datareview.pasting.queries.settling import LEAVE_OUT, Settling, which_answer, which_row, whose_row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from datareview.answers.matching import Match
    from datareview.answers.queries.grid import AnswerGrid, AnswerRow
    from datareview.pasting.blocks import PastedRow
    from datareview.records.models import Assessment, Section, Student
    from teams.directory.models import User

SURE, LIKELY, TWICE, TOO_LONG, NO_ONE = "sure", "likely", "twice", "long", "none"


@dataclass(slots=True)
class MeantRow:
    """A pasted row with the student's row in the grid (None: left out), its answers by number, and what is to settle."""

    row: PastedRow
    state: str
    current: AnswerRow | None
    cells: dict[int, str]
    questions: list[Settling] = field(default_factory=list)

    @property
    def typed(self) -> str:
        """What names the student in the row."""
        return " ".join(self.row.names)


class Meaning:
    """Finds whom the rows of a block mean in one class; each student takes one row.

    ``reader`` pastes them: a student of another of their classes is said to be there.
    """

    def __init__(
        self,
        assessment: Assessment,
        section: Section,
        grid: AnswerGrid,
        choices: Mapping[str, str],
        reader: User,
    ) -> None:
        self.assessment = assessment
        self.section = section
        self.choices = choices
        self.reader = reader
        self.numbers = [column.item.number for column in grid.columns]
        self.by_id = {row.student.uuid: row for row in grid.rows}
        self.people = [_person(place, row.student) for place, row in enumerate(grid.rows, start=1)]
        self.taken: dict[UUID, MeantRow] = {}
        self._others: list[tuple[Person, str]] | None = None

    def of(self, row: PastedRow) -> MeantRow:
        """Find whom a row means. A row that is chosen instead of an earlier one of the same student takes its place."""
        match = (
            match_code(row.names[0], self.people) if row.has_code else match_person(row.names, self.people)
        )
        found = self.by_id.get(match.person.uuid) if match.person else None
        state = NO_ONE if found is None else SURE if match.is_sure else LIKELY
        meant = MeantRow(row, state, found, row.cells)
        if found is not None and found.student.uuid in self.taken:
            meant.state = TWICE
            self._settle_twice(meant, found)
        elif state != SURE:
            self._settle_who(meant, match)
        if row.too_many:
            self._settle_length(meant)
        if meant.current is not None:
            self.taken[meant.current.student.uuid] = meant
        return meant

    def _settle_twice(self, meant: MeantRow, found: AnswerRow) -> None:
        earlier = self.taken[found.student.uuid]
        uuid = str(found.student.uuid)
        is_instead = self.choices.get(f"row-{meant.row.line}") == uuid
        meant.current = None
        if earlier.cells == meant.cells and not meant.row.too_many:
            return  # one is as good as the other
        if is_instead:
            earlier.current, earlier.state, earlier.questions = None, TWICE, []
            meant.current = found
        chosen = uuid if is_instead else LEAVE_OUT
        meant.questions.append(which_row(meant.row, meant.typed, earlier.row.line, found.student, chosen))

    def _settle_who(self, meant: MeantRow, match: Match) -> None:
        likely = str(meant.current.student.uuid) if meant.current else LEAVE_OUT
        chosen = self.choices.get(f"row-{meant.row.line}") or likely
        free = {str(uuid): row for uuid, row in self.by_id.items() if uuid not in self.taken}
        meant.current = free.get(chosen)
        first = {str(one.uuid) for one in match.among}
        students = sorted((row.student for row in free.values()), key=lambda one: str(one.uuid) not in first)
        meant.questions.append(
            whose_row(
                meant.row, self._question(meant, match), students, chosen if meant.current else LEAVE_OUT
            )
        )

    def _settle_length(self, meant: MeantRow) -> None:
        answers = meant.row.too_many
        chosen = self.choices.get(f"many-{meant.row.line}", LEAVE_OUT)
        if len(answers) == len(self.numbers) + 1 and chosen in map(str, range(len(answers))):
            left = [text for place, text in enumerate(answers) if place != int(chosen)]
            meant.cells = dict(zip(self.numbers, left, strict=True))
        else:
            chosen, meant.state, meant.current = LEAVE_OUT, TOO_LONG, None
        meant.questions.append(which_answer(meant.row, meant.typed, len(self.numbers), chosen))

    def _question(self, meant: MeantRow, match: Match) -> str:
        words = {"typed": meant.typed, "section": self.section}
        if meant.state == LIKELY:
            return _("Who is “%(typed)s”?") % words
        if match.among:
            names = ", ".join(str(self.by_id[one.uuid].student) for one in match.among)
            return _("“%(typed)s” could be: %(names)s.") % {**words, "names": names}
        if not meant.row.has_code and (there := self._elsewhere(meant.row.names)):
            return _("“%(typed)s” is in %(section)s. Paste the row there.") % {**words, "section": there}
        return _("“%(typed)s” is no one in %(section)s.") % words

    def _elsewhere(self, names: Sequence[str]) -> str:
        """The other class of the reader with the student whom ``names`` mean for sure; empty without one."""
        if self._others is None:
            classes = {one.pk: str(one) for one in classes_to_enter(self.reader, self.assessment)}
            self._others = [
                (one.person, classes[one.section_id])
                for one in takers_of(self.assessment, reader=self.reader)
                if one.section_id in classes and one.section_id != self.section.pk
            ]
        match = match_person(names, [person for person, _there in self._others])
        return next((there for person, there in self._others if match.is_sure and person == match.person), "")


def _person(place: int, student: Student) -> Person:
    return Person(
        student.uuid,
        student.local_id,
        student.first_name,
        student.last_name,
        student.preferred_name,
        code_of(place, student),
    )
