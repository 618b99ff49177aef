"""What people of the demo say, decide and take on in a meeting."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

from collab.actions.services import finish_action, make_action
from collab.decisions.services.checks import check_decision, record_check
from collab.decisions.services.decisions import cast_consensus_vote, check_again, decide
from collab.demo import texts
from collab.discussion.services import add_contribution, toggle_agreement
from collab.feedback.models import PulseAnswer, PulseQuestion
from collab.feedback.services import rate_meeting
from collab.followup.services.causes import add_cause, commit_to_change, record_trial
from datareview.records.models import Measure
from teams.lib import clock
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collab.actions.models import Action
    from collab.agendas.models import AgendaItem
    from collab.decisions.models import Decision
    from collab.demo.diary import Diary
    from collab.meetings.models import Meeting
    from teams.directory.models import Staff

GAIN = 8  # words a minute that a team hopes for
SMALLEST = 5  # students behind a measured decision
RECENT = dt.timedelta(days=13)  # action items of these days are mostly open


def discuss(diary: Diary, meeting: Meeting, item: AgendaItem, facilitator: Staff, here: list[Staff]) -> None:
    """Say and decide what an item of this kind needs."""
    if before := item.topic.decision:
        if diary.rng.random() < 0.7:
            verdict = str(diary.rng.choice(list(texts.VERDICTS)))
            done_as, judged = texts.VERDICTS[verdict]
            said = "" if before.is_measured else judged
            record_check(before, actor=facilitator.user, done_as=done_as, judged=said)
            if verdict == texts.AGAIN:
                again = meeting.starts_at.date() + dt.timedelta(weeks=4)
                check_again(item, actor=facilitator.user, check_on=again, client_key=diary.key())
            else:
                decide(item, actor=facilitator.user, text=verdict, check_on=None, client_key=diary.key())
    elif item.kind == "explore":
        _say(diary, item, "notice", diary.some(texts.NOTICES, 2, 4), here)
        _say(diary, item, "wonder", diary.some(texts.WONDERS, 1, 2), here)
        if diary.rng.random() < 0.65:
            _find_cause(diary, meeting, item, here)
    elif item.kind == "decide" and item.topic.kind == "step":
        _say(diary, item, "idea", diary.some(texts.IDEAS, 1, 1), here)
        _say(diary, item, "note", diary.some(texts.NOTES, 0, 1), here)
        for text in diary.some(texts.DECISIONS, 1, 2):
            _decide(diary, meeting, item, text, facilitator, here)
        for text in diary.some(texts.ACTIONS, 2, 4):
            _promise(diary, meeting, item, text, facilitator)


def _say(diary: Diary, item: AgendaItem, kind: str, lines: list[str], here: list[Staff]) -> None:
    for text in lines:
        author = diary.one_of(here)
        row = add_contribution(item, actor=author.user, kind=kind, text=text, client_key=diary.key())
        for staff in here:
            if staff != author and diary.rng.random() < 0.2:
                toggle_agreement(row, actor=staff.user)


def _find_cause(diary: Diary, meeting: Meeting, item: AgendaItem, here: list[Staff]) -> None:
    """Add a cause; for one in instruction, a teacher changes something and mostly reports what happened."""
    author = diary.one_of(here)
    kind, text = texts.CAUSES[int(diary.rng.integers(len(texts.CAUSES)))]
    add_cause(item, actor=author.user, kind=kind, text=text, client_key=diary.key())
    if kind != "instruction":
        return
    text, saw = texts.CHANGES[int(diary.rng.integers(len(texts.CHANGES)))]
    change = commit_to_change(item, actor=author.user, text=text, client_key=diary.key())
    if saw:
        tried_on = meeting.starts_at.date() + dt.timedelta(days=2)
        diary.later(
            meeting.starts_at + dt.timedelta(days=2),
            partial(record_trial, change, actor=author.user, tried_on=tried_on, saw=saw),
        )


def _decide(
    diary: Diary, meeting: Meeting, item: AgendaItem, text: str, facilitator: Staff, here: list[Staff]
) -> None:
    check_on = meeting.starts_at.date() + dt.timedelta(weeks=int(diary.rng.integers(3, 7)))
    decision = (
        _measured(diary, item, text, check_on, facilitator) if text.startswith(texts.MEASURED) else None
    )
    decision = decision or decide(
        item, actor=facilitator.user, text=text, check_on=check_on, client_key=diary.key()
    )
    for staff in here:
        cast_consensus_vote(decision, actor=staff.user, fingers=int(diary.rng.integers(3, 6)))


def _measured(
    diary: Diary, item: AgendaItem, text: str, check_on: dt.date, facilitator: Staff
) -> Decision | None:
    """A decision whose result is measured, if enough students have scores; checked on its day."""
    fluency = Measure.objects.get(school=diary.place.school, key="orf")
    for cohort in ("below", "team"):
        try:
            decision = decide(
                item,
                actor=facilitator.user,
                text=text,
                check_on=check_on,
                client_key=diary.key(),
                measure=fluency,
                cohort=cohort,
            )
        except DomainError:
            continue
        diary.later(diary.place.school.at(check_on, dt.time(6)), partial(check_decision, decision))
        return decision
    return None


def _promise(diary: Diary, meeting: Meeting, item: AgendaItem, text: str, facilitator: Staff) -> None:
    """Add an action item: most get done, some of the last weeks are open or overdue, and some are dropped."""
    owner = diary.one_of(diary.people)
    due = meeting.starts_at.date() + dt.timedelta(days=int(diary.rng.integers(3, 12)))
    due += dt.timedelta(days={5: 2, 6: 1}.get(due.weekday(), 0))
    action = make_action(
        item, actor=facilitator.user, text=text, owner=owner, due_on=due, client_key=diary.key()
    )
    luck, is_recent = (
        diary.rng.random(),
        clock.now() > diary.place.school.at(diary.place.today, dt.time(0)) - RECENT,
    )
    if luck < 0.04 or (is_recent and luck < 0.6):
        return
    reason = str(diary.rng.choice(texts.REASONS)) if luck > 0.94 else ""
    finished = meeting.starts_at + dt.timedelta(days=int(diary.rng.integers(2, 7)), hours=3)
    diary.later(finished, partial(_finish, action, owner, reason))


def _finish(action: Action, owner: Staff, reason: str) -> None:
    finish_action(action, actor=owner.user, state="dropped" if reason else "done", reason=reason)


def rate(diary: Diary, meeting: Meeting, here: list[Staff]) -> None:
    """Give feedback, mostly positive and better from week to week."""
    weeks = (diary.place.today - meeting.starts_at.date()).days / 7
    yes = min(0.9, max(0.35, 0.85 - 0.04 * weeks))
    chances = [yes, 0.7 * (1 - yes), 0.3 * (1 - yes)]
    answers = [PulseAnswer.YES.value, PulseAnswer.SO_SO.value, PulseAnswer.NO.value]
    for staff in here:
        given = {question: str(diary.rng.choice(answers, p=chances)) for question in PulseQuestion.values}
        rate_meeting(meeting, actor=staff.user, answers=given)
