"""Fill an empty database with the simulated district; see README.md in this folder."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from typing import TYPE_CHECKING

import numpy as np
from django.apps import apps
from django.db import transaction

from collab.agendas.models import Exhibit
from collab.demo import assessments, decisions, meetings, observations, people, plans, records, students
from collab.demo import measures as measures_of
from collab.followup.models import Action
from collab.meetings.models import Meeting
from collab.meetings.queries.meetings import next_meeting_of
from collab.preparation.services.proposals import propose_candidate
from collab.preparation.services.queue import fill_agenda_automatically
from collab.protocols.services import ensure_built_in_protocols
from datareview.flags.models import Candidate
from datareview.records.models import Measure
from datareview.records.permissions import students_of_team
from datareview.runs.services.runs import run_trends_now
from teams.directory.models import School, Team
from teams.lib import clock
from teams.lib.planner import count_rows_again

if TYPE_CHECKING:
    from collections.abc import Callable

    from collab.demo.people import SchoolData

logger = logging.getLogger(__name__)

SEED = 20_260_817
STUDENTS = 600
WAITING = 28


@transaction.atomic
def fill_demo(*, scale: float = 1.0, say: Callable[[str], object] = logger.info) -> list[SchoolData]:
    """Create the district in one transaction; ``scale`` below 1 makes a smaller one."""
    rng = np.random.default_rng(SEED)
    ensure_built_in_protocols()
    today = clock.server_day()
    elementary = people.make_school("Lincoln Elementary", 0, 5, today)
    middle = people.make_school("Roosevelt Middle School", 6, 8, today)
    people.make_staff(elementary, middle, rng)
    people.make_teams(elementary, middle)
    for place in (elementary, middle):
        people.make_duties(place, rng)
        _fill_school(place, round(STUDENTS * scale), rng)
        say(f"{place.school}: {place.school.students.count()} students, {len(place.teams)} teams")
    return [elementary, middle]


def _fill_school(place: SchoolData, count: int, rng: np.random.Generator) -> None:
    measures_of.make_windows(place)
    everyone = students.make_students(place, count, rng)
    students.make_sections(place, everyone)
    traits = records.draw_traits(len(everyone), rng)
    measures = measures_of.add_measures(place)
    measures_of.make_rules(place, measures)
    records.make_attendance(place, everyone, traits, rng)
    records.make_incidents(place, everyone, traits, rng)
    if place.school.lowest_grade >= 6:
        records.make_marks(place, everyone, traits, rng)
    records.make_scores(place, everyone, measures, traits, rng)
    assessments.make_assessments(place, rng)
    count_rows_again(*apps.get_models())
    strategies = plans.make_strategies(place)
    plans.make_plans(place, strategies, measures, max(4, round(26 * count / STUDENTS)), rng)
    meetings.make_meetings(place, rng)
    observations.make_observations(place)
    decisions.make_outcomes(place)
    for weeks in (5, 0):
        run_trends_now(place.school, trigger="nightly", as_of=place.today - dt.timedelta(weeks=weeks))
    plans.settle_candidates(place, max(6, round(WAITING * count / STUDENTS)), rng)
    _prepare_next_meetings(place)


def _prepare_next_meetings(place: SchoolData) -> None:
    """Fill the agendas of the next meetings. The demo teacher's team meets today, with two of its students on it."""
    if "teacher" in place.special:
        team = next(team for team in place.teams if team.name == "Grade 4")
        _hold_today(place, next_meeting_of(team))
        _promise_of_teacher(place, team)
        _show_class(place, team)
        candidates = Candidate.objects.filter(student__in=students_of_team(team), state="new")
        coordinator = place.special["coordinator"].user
        for candidate in candidates.order_by("-severity", "raised_on", "pk")[:2]:
            propose_candidate(candidate, actor=coordinator, team=team)
    for team in place.teams:
        coming = next_meeting_of(team)
        if coming:
            fill_agenda_automatically(coming)


def _hold_today(place: SchoolData, meeting: Meeting | None) -> None:
    """Move the demo's meeting to today at 10:10."""
    if meeting is None:
        return
    starts, length = place.school.at(place.today, dt.time(10, 10)), meeting.ends_at - meeting.starts_at
    meeting.title = "Which fourth graders stalled in fluency, and what do we change?"
    meeting.starts_at, meeting.ends_at = starts, starts + length
    meeting.save(update_fields=["title", "starts_at", "ends_at"])


def _show_class(place: SchoolData, team: Team) -> None:
    """Add the team's reading benchmark to the agenda item reserved for results."""
    coming = next_meeting_of(team)
    item = coming.items.filter(kind="explore").first() if coming else None
    measure = Measure.objects.get(school=place.school, key="reading-benchmark")
    if item:
        Exhibit.objects.create(
            item=item,
            view="class_windows",
            parameters={"team": str(team.uuid), "measure": str(measure.uuid)},
            added_by=place.special["teacher"].user,
        )


def _promise_of_teacher(place: SchoolData, team: Team) -> None:
    """Give the demo teacher an action item due tomorrow and an overdue one."""
    last = Meeting.objects.filter(team=team, state=Meeting.State.CLOSED).order_by("-starts_at").first()
    teacher, today = place.special["teacher"], place.today
    item = last.items.filter(kind="decide").first() if last else None
    for text, due_on in (
        ("Pick six passages not used in testing", today + dt.timedelta(days=1)),
        ("Call the families of the four students", place.days[-2]),
    ):
        Action.objects.create(
            team=team,
            item=item,
            text=text,
            owner=teacher,
            due_on=due_on,
            made_by=teacher.user,
            client_key=uuid.uuid4(),
            carried=int(due_on < today),
        )


def is_filled() -> bool:
    """Whether the database has any school."""
    return School.objects.exists()
