"""Start a whole-school search, solve it in a worker, and accept its results team by team."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from collab.availability.queries.frequency import CYCLE, frequency_of
from collab.availability.queries.timetable import clock_of, day_of_loss, names_of_periods
from collab.availability.slots import TEACHING
from collab.meetings.models import Meeting, Series
from collab.meetings.permissions import may_plan_for
from collab.planning.services.series import cancel_following, extend_series, make_series
from collab.schedules.models import Placement, Schedule
from collab.schedules.queries.conflicts import objections_to, open_placements
from collab.schedules.queries.explanations import explain_reason
from collab.schedules.queries.problems import losses_now, present_words, search_of
from collab.schedules.solver.reasons import no_slot_reason
from collab.schedules.solver.search import is_available, solve
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.directory.models import School
from teams.jobs.services.jobs import start_job
from teams.lib import clock
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection

    from collab.schedules.queries.problems import ScheduleProblem
    from collab.schedules.solver.problem import Assignment, Need
    from teams.directory.models import Team, User
    from teams.jobs.models import Job
    from teams.jobs.services.jobs import Progress

TASK = "collab.solve_schedule"
STEPS = 3


@dataclass(frozen=True, slots=True)
class AcceptResult:
    """Placements that became series, and teams that were refused with the reason."""

    made: list[Placement] = field(default_factory=list)
    refused: list[tuple[Team, str]] = field(default_factory=list)


@transaction.atomic
def start_schedule(
    school: School,
    *,
    actor: User,
    teams: Collection[Team],
    days: Collection[int],
    minutes: int,
    periods: int | None = None,
    most_at_once: int | None = None,
    most_covers: int | None = None,
    every: str = CYCLE,
) -> Schedule:
    """Start a search for one slot per team in a worker. Returns the running search if there is one.

    ``every`` is the key of the meeting frequency; ``days`` are its days.
    """
    require_ability(actor, "schedule_teams", school)
    if not is_available():
        raise DomainError(no_solver())
    school = School.objects.select_for_update(no_key=True).get(pk=school.pk)
    running = school.schedules.filter(job__state__in=["queued", "running"]).first()
    if running is not None:
        return running
    if not teams or any(team.school_id != school.pk for team in teams):
        raise DomainError(_("Choose the teams that need a time."))
    frequency = frequency_of(school, every)
    meant = {day for place in days if place < len(frequency.meant) for day in frequency.meant[place]}
    if not school.periods.filter(cycle_day__in=meant).exists():
        raise DomainError(_("These days have no periods. Enter the bell schedule, or choose other days."))
    schedule = Schedule.objects.create(
        school=school,
        settings={
            "teams": sorted(str(team.uuid) for team in teams),
            "days": sorted(days),
            "minutes": minutes,
            "periods": periods,
            "most_at_once": most_at_once,
            "most_covers": most_covers,
            "every": frequency.key,
            "cycle": [school.cycle, school.cycle_days],
        },
    )
    schedule.job = start_job(
        TASK,
        school=school,
        actor=actor,
        payload={"schedule": schedule.pk, "return_url": schedule.get_absolute_url()},
        dedupe_key=f"schedule-{school.pk}",
    )
    schedule.save(update_fields=["job"])
    record_event(actor, "scheduled", schedule, school=school, teams=len(teams))
    return schedule


def no_solver() -> str:
    """The message if OR-tools is not installed."""
    return _("This server has no solver. Ask its administrator to install Collab with the extra “schedule”.")


def solve_job(job: Job, progress: Progress) -> dict[str, Any] | None:
    """Job body: load, solve, and store once. Safe to run again after a crash."""
    schedule = Schedule.objects.select_related("school").filter(pk=job.payload["schedule"]).first()
    if schedule is None or schedule.solved_at is not None:
        return None
    if not is_available():
        raise DomainError(no_solver())
    progress.step(0, STEPS, _("reading who teaches when"))
    search = search_of(schedule)
    wanted = len(search.problem.needs)
    progress.step(1, STEPS, _("looking for times"))

    def on_progress(placed: int) -> None:
        values = {"n": placed, "all": wanted}
        progress.step(1, STEPS, _("looking for times: %(n)s of %(all)s teams have one") % values)

    plan = solve(search.problem, on_progress=on_progress)
    progress.step(2, STEPS, _("saving the results"))
    _store(schedule, search, plan)
    progress.step(STEPS, STEPS)
    return {"unplaced": plan.cost.unplaced + len(search.empty)}


@transaction.atomic
def _store(schedule: Schedule, search: ScheduleProblem, plan: Assignment) -> None:
    """Store the plan, unless another worker has."""
    schedule = (
        Schedule.objects.select_for_update(of=("self",), no_key=True)
        .select_related("school")
        .get(pk=schedule.pk)
    )
    if schedule.solved_at is not None:
        return
    rows = [_placement(schedule, search, plan, need) for need in search.problem.needs]
    rows += [
        Placement(schedule=schedule, team=team, reason=_("No one is on this team.")) for team in search.empty
    ]
    Placement.objects.bulk_create(rows)
    now = [found for need in search.problem.needs if (found := losses_now(search, need.team)) is not None]
    known = search.table.known
    schedule.result = {
        **plan.cost._asdict(),
        "unplaced": plan.cost.unplaced + len(search.empty),
        "covers": plan.cost.lessons + plan.cost.duties,
        "placed": len(plan.places) - plan.cost.unplaced,
        "teams": len(rows),
        "is_proven": plan.is_proven,
        "now": {"teams": len(now), "covers": sum(map(sum, now))},
        "unknown": sorted(str(one) for pk, one in search.people.items() if pk not in known),
    }
    schedule.solved_at = clock.now()
    schedule.save(update_fields=["result", "solved_at"])


def _placement(schedule: Schedule, search: ScheduleProblem, plan: Assignment, need: Need) -> Placement:
    place = plan.places[need.team]
    lessons, duties = losses_now(search, need.team) or (None, None)
    row = Placement(
        schedule=schedule,
        team=search.teams[need.team],
        present=present_words(search, need.team)[:200],
        present_lessons=lessons,
        present_duties=duties,
    )
    if place is None:
        reason = no_slot_reason(search.problem, need, plan.places)
        row.reason = explain_reason(search, need, reason, plan)[:400]
        return row
    slot = search.problem.slots[place]
    people, labels = search.people, search.table.labels
    taught = {person for person, kind in search.problem.losses(need, slot) if kind == TEACHING}
    past = search.problem.past
    row.period = search.table.periods[slot.periods[0]]
    row.day, row.starts_at, row.minutes = slot.day, clock_of(slot.starts), slot.ends - slot.starts
    row.periods = names_of_periods(search.table, slot)[:400]
    row.is_weekly, row.is_protected = search.frequency.is_weekly, slot.is_protected
    row.losses = [
        {
            "who": people[person].user.short_name,
            "kind": kind,
            "label": labels.get((person, period), ""),
            "day": day_of_loss(search.table, slot, period),
        }
        for person in sorted(need.people)
        for period in slot.periods
        if (kind := search.problem.kinds.get((person, period), "free")) != "free"
    ]
    row.past = [(people[one].user.short_name, past[one]) for one in sorted(taught) if past.get(one)]
    return row


def accept_placements(
    schedule: Schedule,
    *,
    actor: User,
    placements: Collection[str],
    starts_on: dt.date,
    ends_on: dt.date,
    replace: bool = False,
) -> AcceptResult:
    """Create a series for each of ``placements`` (uuids), skipping those that have one.

    With ``replace``, the teams' current series end on ``starts_on``. Each team is checked against current
    data, and a refused team does not affect the others.
    """
    require_ability(actor, "schedule_teams", schedule.school)
    accepted = AcceptResult()
    if not any(str(uuid) in placements for uuid in schedule.placements.values_list("uuid", flat=True)):
        raise DomainError(_("Select the teams whose times you accept."))
    if ends_on < starts_on:
        raise DomainError(_("The last day is before the first. Choose a later one."))
    rows = [one for one in open_placements(schedule) if str(one.uuid) in placements]
    objections = objections_to(schedule, rows, starts_on=starts_on, replace=replace)
    for row in rows:
        try:
            if row.pk in objections:
                raise DomainError(objections[row.pk])
            if _accept(row, actor, starts_on, ends_on, replace=replace):
                accepted.made.append(row)
        except DomainError as error:
            accepted.refused.append((row.team, str(error)))
        except PermissionDenied:
            sentence = _("Only leads of this team, or of all teams, can plan its meetings.")
            accepted.refused.append((row.team, sentence))
    return accepted


@transaction.atomic
def _accept(
    placement: Placement, actor: User, starts_on: dt.date, ends_on: dt.date, *, replace: bool
) -> bool:
    """Create the series. Returns whether there was none before."""
    row = (
        Placement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("team__school", "period")
        .get(pk=placement.pk)
    )
    if row.series_id is not None:
        return False
    if not may_plan_for(actor, row.team):
        raise PermissionDenied
    team = row.team
    rule: dict[str, Any] = {
        "pattern": Series.Pattern.WEEKS if row.is_weekly else Series.Pattern.CYCLE,
        "weekday": row.day if row.is_weekly else None,
        "cycle_day": None if row.is_weekly else row.day,
        "starts_at": row.starts_at,
        "minutes": row.minutes,
    }
    going_on = team.series.filter(**rule, every=1, starts_on__lte=starts_on, ends_on__gte=starts_on)
    same = going_on.order_by("-ends_on").first()
    if replace:
        _end_present(team, actor, starts_on, but=same)
    if same is None:
        last = team.series.order_by("-starts_on", "-pk").select_related("protocol").first()
        row.series = make_series(
            team,
            actor=actor,
            title=last.title if last else _("Team meeting"),
            place=last.place if last else "",
            protocol=last.protocol if last else None,
            starts_on=starts_on,
            ends_on=ends_on,
            **rule,
        )
    else:  # it meets at that time already: keep its meetings and agendas
        row.series = same
        if same.ends_on < ends_on:
            extend_series(same, actor=actor, ends_on=ends_on)
    row.save(update_fields=["series"])
    record_event(actor, "accepted", row, school=team.school, series=str(row.series.uuid))
    return True


def _end_present(team: Team, actor: User, day: dt.date, *, but: Series | None) -> None:
    """Cancel planned meetings of the team's series from ``day`` on, except in ``but``."""
    begin = max(team.school.at(day, dt.time()), clock.now())
    for series in team.series.filter(ends_on__gte=day):
        if series == but:
            continue
        first = series.meetings.filter(state=Meeting.State.PLANNED, starts_at__gte=begin)
        meeting = first.order_by("starts_at").first()
        if meeting is not None:
            cancel_following(meeting, actor=actor, reason=_("The team has a new time."))
