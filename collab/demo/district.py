"""Fill an empty database with the simulated district; see README.md in this folder."""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING

import numpy as np
from django.apps import apps
from django.db import transaction
from django.db.models import F

from collab.demo import (
    assessments,
    cases,
    casework,
    meetings,
    observations,
    people,
    plans,
    records,
    students,
    surveys,
)
from collab.demo import measures as measures_of
from collab.meetings.queries.meetings import next_meeting_of
from collab.planning.services.meetings import rename_meeting
from collab.preparation.services.queue import fill_agenda_automatically
from collab.proposals.services import propose_candidate
from collab.protocols.services import ensure_built_in_protocols
from datareview.flags.models import Candidate
from datareview.plans.services.worked import keep_worked
from datareview.records.permissions import students_of_team
from datareview.runs.services.runs import run_trends_now
from teams.directory.models import School
from teams.lib import clock
from teams.mail.models import Mail
from teams.schema.planner import count_rows_again

if TYPE_CHECKING:
    from collections.abc import Callable

    from collab.demo.people import SchoolData

logger = logging.getLogger(__name__)

SEED = 20_260_817
STUDENTS = 600
WAITING = 28


@transaction.atomic
def fill_demo(
    *, scale: float = 1.0, weeks: int = 8, say: Callable[[str], object] = logger.info
) -> list[SchoolData]:
    """Create the district in one transaction, with ``weeks`` weeks of meetings; ``scale`` below 1 makes a smaller one."""
    rng = np.random.default_rng(SEED)
    ensure_built_in_protocols()
    today = clock.server_day()
    administrator = people.make_administrator()
    elementary = people.make_school("Lincoln Elementary", 0, 5, today, administrator)
    middle = people.make_school("Roosevelt Middle School", 6, 8, today, administrator)
    people.make_staff(elementary, middle, rng)
    people.make_teams(elementary, middle)
    for place in (elementary, middle):
        people.make_duties(place, rng)
        _fill_school(place, round(STUDENTS * scale), weeks, rng)
        say(f"{place.school}: {place.school.students.count()} students, {len(place.teams)} teams")
    count_as_sent()
    return [elementary, middle]


def count_as_sent() -> None:
    """Write down that emails of the past were sent when they were due, as sending does; texts with secrets are erased."""
    due = Mail.objects.waiting().filter(send_after__lte=clock.now())
    due.filter(is_secret=True).update(text="")
    due.update(sent_at=F("send_after"), attempts=F("attempts") + 1)


def _fill_school(place: SchoolData, count: int, weeks: int, rng: np.random.Generator) -> None:
    measures_of.make_windows(place)
    measures = measures_of.add_measures(place)
    measures_of.make_rules(place, measures)
    everyone = students.make_students(place, count, rng)
    traits = records.draw_traits(len(everyone), rng)
    records.make_attendance(place, everyone, traits, rng)
    records.make_incidents(place, everyone, traits, rng)
    if place.school.lowest_grade >= 6:
        records.make_marks(place, everyone, traits, rng)
        records.make_past_marks(place, everyone, traits)
    records.make_scores(place, everyone, measures, traits, rng)
    assessments.make_assessments(place, rng)
    count_rows_again(*apps.get_models())
    strategies = plans.make_strategies(place)
    some = max(3, round(18 * count / STUDENTS))
    plans.make_plans(place, strategies, measures, some, rng)
    observations.make_observations(place)
    surveys.make_surveys(place)
    diaries = meetings.plan_meetings(place, rng, weeks)
    for ago in (5, 0):
        as_of = place.today - dt.timedelta(weeks=ago)
        meetings.hold_meetings(diaries, as_of)
        run_trends_now(place.school, trigger="nightly", as_of=as_of)
        if ago:
            plans.plan_for_candidates(place, strategies, measures, some // 2, rng)
            measures_of.keep_a_scorecard(place)
    plans.settle_candidates(place, max(6, round(WAITING * count / STUDENTS)), rng)
    casework.make_casework(place, strategies, measures)
    cases.make_cases(place, strategies, measures)
    keep_worked(place.school)
    meetings.prepare_next_meetings(diaries)
    if "teacher" in place.special:
        _welcome(place)


def _welcome(place: SchoolData) -> None:
    """Set up today's meeting of the demo teacher's team: its question, its chart, and two of its students."""
    team = next(team for team in place.teams if team.name == "Grade 4")
    meeting = next_meeting_of(team)
    if meeting is None:
        return
    coordinator, teacher = place.special["coordinator"].user, place.special["teacher"].user
    rename_meeting(
        meeting, actor=teacher, title="Which fourth graders stalled in fluency, and what do we change?"
    )
    meetings.show_classes(place, meeting, actor=teacher)
    candidates = Candidate.objects.filter(student__in=students_of_team(team), state=Candidate.State.NEW)
    for candidate in candidates.order_by("-severity", "raised_on", "pk")[:2]:
        propose_candidate(candidate, actor=coordinator, team=team)
    fill_agenda_automatically(meeting)


def is_filled() -> bool:
    """Whether the database has any school."""
    return School.objects.exists()
