"""The page of a waiting job."""

import datetime as dt

import pytest

from teams.jobs.models import Job
from teams.lib import clock


@pytest.mark.parametrize(
    ("state", "seconds", "says"), [("queued", 29, False), ("queued", 31, True), ("running", 31, False)]
)
def test_a_job_that_no_worker_starts_says_so_after_half_a_minute(cast, as_user, state, seconds, says):
    job = Job.objects.create(kind="x", school=cast.school, requested_by=cast.ada, state=state)
    Job.objects.filter(pk=job.pk).update(created_at=clock.now() - dt.timedelta(seconds=seconds))
    page = as_user(cast.ada).get(job.get_absolute_url()).content.decode()
    assert ("No worker has started this yet." in page) is says
