"""The student work on an item for one reader: pieces, one's own scores, and all scores once they are revealed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collab.meetings.models import Meeting
from collab.meetings.permissions import may_run, may_take_part_in
from collab.student_work.models import StudentWork, WorkScore, WorkScoring
from datareview.records.permissions import students_of_team, students_visible_to
from datareview.records.queries.order import by_name
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from collab.agendas.models import AgendaItem
    from datareview.analysis.agreement import RaterAgreement
    from datareview.records.models import Student
    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece with the reader's own score, how many have scored it, and all scores once they are revealed."""

    work: StudentWork
    is_own: bool
    mine: WorkScore | None
    scored: int
    scores: tuple[WorkScore, ...]

    @property
    def levels(self) -> str:
        """The revealed levels in order: "2, 3, 3"; no names, so that nobody is ranked."""
        return ", ".join(formats.number(one) for one in sorted(score.level for score in self.scores))


@dataclass(frozen=True, slots=True)
class ItemWork:
    """The work on one item. ``agreement`` is set once the scores are revealed and two people scored the same piece."""

    item: AgendaItem
    pieces: list[Piece]
    scoring: WorkScoring | None
    is_revealed: bool
    agreement: RaterAgreement | None
    may_add: bool
    may_reveal: bool

    @property
    def shown(self) -> list[Piece]:
        """The pieces that everyone sees."""
        return [one for one in self.pieces if one.work.state == StudentWork.State.SHOWN]

    @property
    def has_scores(self) -> bool:
        """Whether anyone has scored, after which the rubric stays."""
        return any(one.scored for one in self.pieces)

    @property
    def sentence(self) -> str:
        """How far the scores agree, in words; empty without an agreement."""
        found = self.agreement
        if found is None or found.exact is None or found.adjacent is None:
            return ""
        values = {
            "n": formats.number(found.pieces),
            "exact": formats.percent(100 * found.exact, 0),
            "adjacent": formats.percent(100 * found.adjacent, 0),
        }
        words = (
            ngettext("%(n)s piece has several scores.", "%(n)s pieces have several scores.", found.pieces)
            + " "
            + _("Of two scores, %(exact)s are equal and %(adjacent)s at most one level apart.")
        ) % values
        if found.kappa is not None:
            words += " " + _("Beyond chance: %(kappa)s (weighted kappa; 1 is full agreement).") % {
                "kappa": formats.fixed(found.kappa, 2)
            }
        return words


def work_on(user: User, item: AgendaItem, meeting: Meeting) -> ItemWork:
    """The work on ``item``, which the user may read."""
    return work_of(user, [item], meeting)[item.pk]


def work_of(user: User, items: Collection[AgendaItem], meeting: Meeting) -> dict[int, ItemWork]:
    """`work_on` for several items of a meeting that the user may read, by item, in the same few queries for any number."""
    rows = StudentWork.objects.filter(Q(state=StudentWork.State.SHOWN) | Q(uploaded_by=user), item__in=items)
    scorings = {one.item_id: one for one in WorkScoring.objects.filter(item__in=items)}
    works: dict[int, list[StudentWork]] = {}
    for row in rows.select_related("job", "uploaded_by"):
        works.setdefault(row.item_id, []).append(row)
    scores: dict[int, list[WorkScore]] = {}
    if works:
        found = WorkScore.objects.filter(work__item__in=works).order_by("pk")
        for score in found:
            scores.setdefault(score.work_id, []).append(score)
    is_open = meeting.state in (Meeting.State.PLANNED, Meeting.State.LIVE)
    may_add = is_open and may_take_part_in(user, meeting)
    may_reveal = is_open and may_run(user, meeting)
    results = {}
    for item in items:
        scoring = scorings.get(item.pk)
        is_revealed = scoring is not None and (scoring.revealed_at is not None or not is_open)
        pieces = [_piece(user, one, scores.get(one.pk, []), is_revealed) for one in works.get(item.pk, [])]
        results[item.pk] = ItemWork(
            item=item,
            pieces=pieces,
            scoring=scoring,
            is_revealed=is_revealed,
            agreement=_agreement(pieces) if is_revealed else None,
            may_add=may_add,
            may_reveal=may_reveal and scoring is not None and not is_revealed,
        )
    return results


def _piece(user: User, work: StudentWork, scores: list[WorkScore], is_revealed: bool) -> Piece:
    mine = next((one for one in scores if one.scorer_id == user.pk), None)
    return Piece(
        work, work.uploaded_by_id == user.pk, mine, len(scores), tuple(scores) if is_revealed else ()
    )


def _agreement(pieces: list[Piece]) -> RaterAgreement | None:
    """The agreement of all scores; None if no piece has two."""
    if not any(len(one.scores) > 1 for one in pieces):
        return None
    import pandas as pd

    from datareview.analysis.agreement import rater_agreement

    levels = {one.work.pk: {score.scorer_id: float(score.level) for score in one.scores} for one in pieces}
    return rater_agreement(pd.DataFrame.from_dict(levels, orient="index"))


def students_for_work(user: User, item: AgendaItem) -> QuerySet[Student]:
    """Students of the item's team whom the user may see: whose work it can be."""
    team = students_of_team(item.agenda_meeting.team).values("pk")
    return students_visible_to(user).filter(pk__in=team).order_by(*by_name(), "pk")


def next_to_score(page: ItemWork, after: StudentWork) -> StudentWork | None:
    """The next piece that the reader has not scored; None once all are scored."""
    shown = [one.work for one in page.shown if one.mine is None and one.work.pk != after.pk]
    return next((one for one in shown if one.pk > after.pk), next(iter(shown), None))
