"""Tasks known only to the workers of these tests; they wait for the test's signal."""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path

from celery import shared_task
from django.db import transaction

from datareview.judgements import judges
from teams.directory.models import School
from teams.jobs.services import jobs

QUICKLY = {"STALE_AFTER": dt.timedelta(seconds=1.5), "BEAT_SECONDS": 0.2}
for _name, _value in QUICKLY.items():
    setattr(jobs, _name, _value)


@shared_task(name="tests.add_schools")
def add_schools(job_id: int) -> None:
    """Add a school, wait until the gate opens, add another, in one transaction."""
    jobs.run_job(job_id, _work)


def _work(job, progress) -> dict[str, int]:
    gate = Path(job.payload["gate"])
    with transaction.atomic():
        School.objects.create(name=f"First of attempt {job.attempt}")
        progress.step(1, 2, "schools")
        progress.beat()
        while not gate.exists():
            time.sleep(0.02)
        School.objects.create(name=f"Second of attempt {job.attempt}")
    progress.step(2, 2, "schools")
    return {"schools": 2}


def hold_before_writing(gate: Path) -> None:
    """Make every part of a trend run wait after computing, before writing, until ``gate`` exists."""
    original = judges.judge_scope

    def judge_scope(*args):
        judged = original(*args)
        gate.with_suffix(".reached").touch()
        while not gate.exists():
            time.sleep(0.02)
        return judged

    judges.judge_scope = judge_scope


if "HOLD_RUNS" in os.environ:
    hold_before_writing(Path(os.environ["HOLD_RUNS"]))
