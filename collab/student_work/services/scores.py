"""Score student work blind: a rubric, one score each, and all scores at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from collab.agendas.models import AgendaItem
from collab.agendas.permissions import may_read
from collab.agendas.services.items import lock_agenda
from collab.findings.queries.predictions import who_predicts
from collab.meetings.models import EventKind, Meeting, Region
from collab.meetings.permissions import may_take_part_in
from collab.meetings.services.locking import announce
from collab.student_work.models import StudentWork, WorkScore, WorkScoring
from teams.lib import clock
from teams.lib.errors import DomainError, StaleEdit

if TYPE_CHECKING:
    from teams.directory.models import User


@transaction.atomic
def set_rubric(item: AgendaItem, *, actor: User, rubric: str, highest: int, version: int) -> WorkScoring:
    """Say how the work on ``item`` is scored: the words for each level from 0 to ``highest``.

    Raises StaleEdit unless ``version`` is the current one. Refused once someone has scored.
    """
    meeting = _open_meeting(item, actor)
    scoring = WorkScoring.objects.filter(item=item).first() or WorkScoring(item=item)
    if scoring.version != version:
        raise StaleEdit(_("Someone changed the rubric while you were writing."), current=scoring.rubric)
    if WorkScore.objects.filter(work__item=item).exists():
        raise DomainError(_("People have already scored with this rubric, so it stays."))
    scoring.rubric, scoring.highest, scoring.version = rubric.strip(), highest, version + 1
    scoring.save()
    _announce(item, meeting, actor)
    return scoring


@transaction.atomic
def score_work(work: StudentWork, *, actor: User, level: int, why: str = "") -> WorkScore:
    """Score a piece. The score can be changed until all are revealed, which the last of those present does."""
    item = work.item
    meeting = _open_meeting(item, actor)
    scoring = _scoring(item)
    if scoring.revealed_at:
        raise DomainError(_("The scores are already visible, so they don’t change."))
    if work.state != StudentWork.State.SHOWN or not 0 <= level <= scoring.highest:
        raise DomainError(_("Choose a level of the rubric."))
    row, _new = WorkScore.objects.update_or_create(
        work=work, scorer=actor, defaults={"level": level, "why": why.strip()[:300], "at": clock.now()}
    )
    if meeting.state == Meeting.State.LIVE and not _still_scoring(item, meeting):
        _reveal(scoring, meeting, actor)
    return row


@transaction.atomic
def reveal_scores(item: AgendaItem, *, actor: User) -> WorkScoring:
    """Reveal all scores although not everyone has scored every piece."""
    meeting = lock_agenda(item.agenda_meeting, actor)
    if not may_read(actor, item):
        raise PermissionDenied
    scoring = _scoring(item)
    if scoring.revealed_at is None:
        _reveal(scoring, meeting, actor)
    return scoring


def _still_scoring(item: AgendaItem, meeting: Meeting) -> bool:
    """Whether someone present has not scored every piece that is shown, or nobody else has scored."""
    pieces = StudentWork.objects.filter(item=item, state=StudentWork.State.SHOWN).count()
    counts: dict[int, int] = {}
    for scorer in WorkScore.objects.filter(work__item=item).values_list("scorer_id", flat=True):
        counts[scorer] = counts.get(scorer, 0) + 1
    waited_for = who_predicts(item, meeting) | counts.keys()
    return len(waited_for) < 2 or any(counts.get(pk, 0) < pieces for pk in waited_for)


def _scoring(item: AgendaItem) -> WorkScoring:
    scoring = WorkScoring.objects.select_for_update(of=("self",), no_key=True).filter(item=item).first()
    if scoring is None:
        raise DomainError(_("Write the rubric first."))
    return scoring


def _reveal(scoring: WorkScoring, meeting: Meeting, actor: User) -> None:
    scoring.revealed_at = clock.now()
    scoring.save(update_fields=["revealed_at"])
    _announce(scoring.item, meeting, actor)


def _announce(item: AgendaItem, meeting: Meeting, actor: User) -> None:
    region = Region.ITEM if item.state == AgendaItem.State.CURRENT else Region.AGENDA
    announce(meeting, actor=actor, kind=EventKind.EXHIBIT, region=region)


def _open_meeting(item: AgendaItem, actor: User) -> Meeting:
    """The item's locked meeting. The actor must take part in it, and be able to read the item."""
    meeting = lock_agenda(item.agenda_meeting, actor, may=may_take_part_in)
    if not may_read(actor, item):
        raise PermissionDenied
    return meeting
