"""Start and solve a schedule."""

from __future__ import annotations

from collab.schedules import services as schedules
from teams.jobs.services.jobs import run_job


def start(cast, **changes):
    fields = {
        "actor": cast.cora,
        "teams": list(cast.school.teams.all()),
        "days": [0, 1, 2, 3, 4],
        "minutes": 45,
    } | changes
    return schedules.start_schedule(cast.school, **fields)


def solved(cast, **changes):
    """Start a search and run its job as a worker does."""
    schedule = start(cast, **changes)
    run_job(schedule.job_id, schedules.solve_job)
    schedule.refresh_from_db()
    assert schedule.job.error == ""
    return schedule
