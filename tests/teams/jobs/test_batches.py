"""Periodic work: a failing part is recorded and shown, and stops no other."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from teams.directory.models import School
from teams.jobs.models import Job
from teams.jobs.services.batches import run_each, run_steps


def test_a_failing_part_is_rolled_back_and_recorded_and_the_others_run(cast):
    def work(school):
        School.objects.filter(pk=school.pk).update(name=f"{school.name} done")
        if school == cast.school:
            raise ValueError("Maya Okafor")
        return 1

    for _round in range(2):
        assert run_each("tests.round", School.objects.order_by("pk"), work, about=lambda row: row) == 1
    names = set(School.objects.values_list("name", flat=True))
    assert names == {"Lincoln Elementary", "Roosevelt Elementary done done"}
    job = Job.objects.get()
    assert (job.state, job.school, job.attempt) == ("failed", cast.school, 2)
    assert "ValueError" in job.error
    assert "Maya" not in job.error  # an error's message may quote user input
    assert run_each("tests.round", [cast.school], lambda _school: 1, about=lambda row: row) == 1
    job.refresh_from_db()
    assert job.state == "done"


def test_a_statement_that_the_database_refuses_does_not_stop_the_rest(cast):
    def work(school):
        if school == cast.school:
            cast.team.members.create(staff=cast.staff.ana)  # twice in a team
        return 1

    assert run_each("tests.round", School.objects.order_by("pk"), work, about=lambda row: row) == 1
    assert IntegrityError.__name__ in Job.objects.get().error


def test_a_step_that_fails_stops_no_other(cast):
    done = []

    def broken():
        raise RuntimeError

    run_steps("tests.steps", broken, lambda: done.append(1))
    assert (done, Job.objects.get().school) == ([1], None)


@pytest.mark.parametrize(("who", "status"), [("ada", 200), ("cora", 403), ("ana", 403), ("zed", 403)])
def test_server_operators_see_what_failed(cast, as_user, who, status):
    def broken(_school):
        raise ValueError

    run_each("tests.round", School.objects.all(), broken, about=lambda row: row)
    answer = as_user(getattr(cast, who)).get(reverse("teams:job-list"))
    assert answer.status_code == status
    if status == 200:
        assert "Lincoln Elementary: tests.round" in answer.content.decode()
        assert "Roosevelt" not in answer.content.decode().replace("Roosevelt Elementary</", "")
