"""Outcomes of the simulated decisions: dates, measured results, and checks in later meetings."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import numpy as np

from collab.agendas.models import AgendaItem, Exhibit, Topic
from collab.demo import texts
from collab.discussion.models import Contribution
from collab.followup.models import Action, Cause, Decision, DecisionStudent, TeachingChange
from collab.followup.services.decisions import check_decision
from collab.meetings.models import Attendance, Meeting
from datareview.dashboards.queries.exhibits import freeze
from datareview.records.models import Benchmark, Measure
from datareview.records.permissions import students_of_team
from datareview.trends.queries.cohort_scores import last_scores
from teams.lib import clock
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collab.demo.people import SchoolData
    from teams.directory.models import Team

SEED = 43
WRITTEN = (Action, Cause, Contribution, Decision, TeachingChange)
GAIN = 8  # words a minute that the team hopes for
SMALLEST = 5


def make_outcomes(place: SchoolData) -> None:
    """Set dates, baselines, current results and checks of the decisions of every team."""
    rng = np.random.default_rng(SEED)
    fluency = Measure.objects.get(school=place.school, key="orf")
    for team in place.teams:
        held = list(team.meetings.filter(state=Meeting.State.CLOSED).order_by("starts_at"))
        for meeting in held:
            _date(meeting)
        for decision in _of(held):
            if decision.text.startswith(texts.MEASURED):
                _measure(decision, team, fluency)
            _look_again(decision, held, rng)
        if held:
            _show(held[-1], team)


def _of(held: list[Meeting]) -> list[Decision]:
    rows = Decision.objects.filter(item__meeting__in=held).select_related("item__meeting", "measure")
    return list(rows.order_by("item__meeting__starts_at", "pk"))


def _date(meeting: Meeting) -> None:
    """Date everything written in a meeting at the meeting's time."""
    at = meeting.starts_at + (meeting.ends_at - meeting.starts_at) / 2
    for model in WRITTEN:
        rows: Any = model._default_manager.filter(item__meeting=meeting)  # noqa: SLF001 (documented Meta API)
        rows.update(created_at=at)
    Attendance.objects.filter(meeting=meeting).update(marked_at=meeting.starts_at)
    Topic.objects.filter(agenda_items__meeting=meeting).update(created_at=meeting.starts_at)
    meeting.items.update(created_at=meeting.starts_at)
    if clock.now() - meeting.starts_at > dt.timedelta(days=8):
        meeting.approved_at = meeting.ends_at + dt.timedelta(days=1)
        meeting.approved_by = meeting.facilitator.user if meeting.facilitator else None
        meeting.save(update_fields=["approved_at", "approved_by"])


def _measure(decision: Decision, team: Team, measure: Measure) -> None:
    """Measure a decision on the team's students below the fall benchmark on its day, if there are enough."""
    if decision.item.meeting is None:
        return
    day = _day(decision.item.meeting)
    cuts = dict(Benchmark.objects.filter(measure=measure, window="fall").values_list("grade", "at"))
    grades = dict(students_of_team(team).values_list("pk", "grade"))
    scores = {
        student: value
        for student, value in last_scores(list(grades), measure, until=day).items()
        if value < cuts.get(grades[student] or 0, 0)
    }
    if len(scores) < SMALLEST:
        return
    decision.measure, decision.cohort = measure, "Those below the benchmark now"
    decision.baseline, decision.baseline_n = sum(scores.values()) / len(scores), len(scores)
    decision.baseline_on, decision.target = day, round(decision.baseline + GAIN)
    decision.save()
    DecisionStudent.objects.bulk_create(
        DecisionStudent(decision=decision, student_id=student, baseline=value)
        for student, value in scores.items()
    )
    if decision.check_on and decision.check_on <= team.school.today():
        check_decision(decision)


def _look_again(decision: Decision, held: list[Meeting], rng: np.random.Generator) -> None:
    """Check a decision in the first meeting after its check date, in most cases, often with a new decision."""
    later = [meeting for meeting in held if decision.check_on and _day(meeting) >= decision.check_on]
    if not later or (later[0] is held[-1] and rng.random() < 0.5):
        return
    meeting, minutes = later[0], int(rng.integers(3, 8))
    if rng.random() < 0.1:
        return
    topic = Topic.objects.create(
        team=meeting.team,
        title=f"Did it work? {decision.text}"[:200],
        kind=Topic.Kind.CHECK,
        decision=decision,
        is_closed=True,
        due_on=decision.check_on,
    )
    item = AgendaItem.objects.create(
        topic=topic,
        meeting=meeting,
        position=15,
        title=topic.title,
        outcome="Keep it, change it, or stop it",
        kind="decide",
        minutes=5,
        state=AgendaItem.State.DONE,
        seconds_used=minutes * 60,
        started_at=meeting.starts_at,
        ended_at=meeting.starts_at + dt.timedelta(minutes=minutes),
    )
    if rng.random() < 0.7:
        Decision.objects.create(
            item=item,
            text=str(rng.choice(texts.VERDICTS)),
            decided_by=decision.decided_by,
            client_key=uuid.uuid4(),
        )
    _date(meeting)


def _show(meeting: Meeting, team: Team) -> None:
    """Add a frozen chart to the last minutes."""
    item = meeting.items.filter(kind="explore", state=AgendaItem.State.DONE).first()
    measure = Measure.objects.get(school=team.school, key="reading-benchmark")
    parameters = {"team": str(team.uuid), "measure": str(measure.uuid)}
    try:
        frozen = freeze("class_windows", parameters)
    except DomainError:
        return
    if item and meeting.facilitator:
        Exhibit.objects.create(
            item=item,
            view="class_windows",
            parameters=parameters,
            frozen=frozen,
            frozen_at=meeting.closed_at,
            added_by=meeting.facilitator.user,
        )


def _day(meeting: Meeting) -> dt.date:
    return meeting.starts_at.astimezone(meeting.team.school.tz).date()
