"""Ask, withdraw and answer questions to the school's leaders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from collab.agendas.models import AgendaItem
from collab.agendas.services.locking import authorize_and_lock
from collab.followup.models import Question
from collab.followup.queries.questions import answer_title
from collab.meetings.models import EventKind, Region
from collab.meetings.queries.meetings import next_meeting_of
from collab.meetings.services.locking import announce
from collab.preparation.services.queue import fill_agenda_automatically
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.lib import clock
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from teams.directory.models import User


@transaction.atomic
def ask_leaders(item: AgendaItem, *, actor: User, text: str, client_key: UUID) -> Question:
    """Ask the school's leaders something that the team cannot decide."""
    meeting = authorize_and_lock(item, actor)
    known = Question.objects.filter(client_key=client_key, asked_by=actor).first()
    if known:
        return known
    question = Question.objects.create(item=item, text=text.strip(), asked_by=actor, client_key=client_key)
    announce(meeting, actor=actor, kind=EventKind.ASKED, region=Region.DECISIONS, item=str(item.uuid))
    record_event(actor, "asked", question, school=meeting.team.school)
    return question


@transaction.atomic
def withdraw_question(question: Question, *, actor: User) -> None:
    """Withdraw your own question during the meeting, unless it was answered."""
    meeting = authorize_and_lock(question.item, actor)
    if question.asked_by_id != actor.pk:
        raise PermissionDenied
    if question.answered_at:
        raise DomainError(_("This question has already been answered."))
    record_event(actor, "withdrew", question, school=meeting.team.school, detail={"said": question.text})
    question.delete()
    announce(meeting, actor=actor, kind=EventKind.WITHDREW, region=Region.DECISIONS)


@transaction.atomic
def answer_question(question: Question, *, actor: User, answer: str) -> Question:
    """Answer a team's question and add it to the team's next agenda. A new answer replaces the old one."""
    question = (
        Question.objects.select_for_update(of=("self",), no_key=True)
        .select_related("item__topic__team__school")
        .get(pk=question.pk)
    )
    team = question.item.topic.team
    require_ability(actor, "answer_questions", team.school)
    if not answer.strip():
        raise DomainError(_("Write an answer first. A sentence is enough."))
    question.answer, question.answered_by, question.answered_at = answer.strip(), actor, clock.now()
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    record_event(actor, "answered", question, school=team.school)
    # where "no answer yet" is already on an agenda, show the answer there
    title, answer = answer_title(question), question.answer[:400]
    open_topics = question.topics.filter(is_closed=False)
    AgendaItem.objects.filter(topic__in=open_topics, state=AgendaItem.State.WAITING).update(
        title=title, prompt=answer
    )
    open_topics.update(title=title, why=answer)
    coming = next_meeting_of(team)
    if coming:
        fill_agenda_automatically(coming)
    return question
