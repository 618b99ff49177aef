"""A web server or worker killed at each stage of a change: nothing is half-written, and the change can be made again."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from http.client import HTTPException
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from datareview.doubles.queries import merge_preview
from datareview.records.models import Student, StudentMerge
from datareview.runs.models import TrendPart, TrendRun
from datareview.runs.tasks import run_nightly
from datareview.trends.models import Trend
from teams.documents.models import Document
from teams.documents.services import request_from_maker
from teams.jobs.models import Job
from teams.jobs.services import jobs
from tests.conftest import TODAY, make_student
from tests.factories.rows import all_rows, changed
from tests.faults.dying import WRITES
from tests.faults.tasks import QUICKLY
from tests.servers import PATIENCE, wait_until

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    for name, value in QUICKLY.items():
        monkeypatch.setattr(jobs, name, value)


@pytest.fixture
def armed(tmp_path):
    return tmp_path / "armed"


# A form that a web server saves -------------------------------------------------------------------------------------


class Sender:
    """A browser in which ``user`` is signed in and has opened the page of a form at ``path``."""

    def __init__(self, user, path: str, **typed: str) -> None:
        client = Client()
        client.force_login(user, backend="teams.account.backends.ScopeBackend")
        _menu, page = client.get(path).content.decode().split("<main", maxsplit=1)
        hidden = re.findall(r'<input type="hidden" name="([\w]+)" value="([^"]*)"', page)
        cookies = [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME]
        self.path, self.client = path, client
        self.data = dict(hidden) | typed
        self.cookie = "; ".join(f"{name}={client.cookies[name].value}" for name in cookies)

    def send(self, address: str) -> int | None:
        """Send the form. Returns the status, or None if the server died."""
        request = urllib.request.Request(f"{address}{self.path}", urlencode(self.data).encode())
        request.add_header("Cookie", self.cookie)
        request.add_header("Referer", f"{address}{self.path}")
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except (OSError, HTTPException):
            return None

    def writes(self) -> int:
        """How many statements of it write; sent in this process, and rolled back."""
        with transaction.atomic(), CaptureQueriesContext(connection) as found:
            assert self.client.post(self.path, self.data).status_code == 302
            transaction.set_rollback(True)
        return sum(one["sql"].startswith(WRITES) for one in found.captured_queries)


@pytest.fixture
def merging(cast):
    """The form that merges a second record of Maya, with rows of its own, into hers."""
    twin = make_student(cast.school, "7777", "Maia", "Okafor", 5)
    for day in range(3):
        twin.scores.create(measure=cast.fluency, taken_on=TODAY.replace(day=1 + day), value=40 + day)
    twin.attendance.create(day=TODAY, mark="tardy")
    twin.guardians.create(name="Rosa Okafor", phone="555-0101")
    twin.incidents.create(day=TODAY, kind="Ran")
    chosen = {one.key: "gone" for one in merge_preview(cast.maya, twin).conflicts}
    return Sender(cast.ada, reverse("datareview:student-merge", args=[cast.maya.uuid, twin.uuid]), **chosen)


@pytest.mark.parametrize("stage", ["first", "second", "middle", "last", "commit"])
def test_a_merge_whose_server_is_killed_has_not_happened_and_is_done_when_it_is_sent_again(
    cast, merging, programs, armed, stage
):
    many = merging.writes()
    moments = {"first": 1, "second": 2, "middle": many // 2, "last": many}
    moment = "commit 1" if stage == "commit" else f"write {moments[stage]}"
    before = all_rows()
    address = programs.web(application="tests.faults.dying:application", KILL_AT=moment, ARMED=str(armed))
    armed.touch()
    assert merging.send(address) is None
    assert changed(before, all_rows()) == []

    assert merging.send(programs.web()) == 200
    merge = StudentMerge.objects.get()
    assert (merge.kept, Student.objects.filter(local_id="7777").exists()) == (cast.maya, False)
    assert cast.maya.incidents.filter(kind="Ran").count() == 1


def test_a_merge_whose_server_is_killed_after_it_was_saved_happens_once_and_its_run_is_made(
    cast, merging, programs, armed
):
    address = programs.web(
        application="tests.faults.dying:application", KILL_AT="committed 1", ARMED=str(armed)
    )
    armed.touch()
    assert merging.send(address) is None
    assert (StudentMerge.objects.count(), Student.objects.filter(local_id="7777").exists()) == (1, False)
    saved = all_rows("sentform", "disclosure")

    assert merging.send(programs.web()) == 200  # the list of doubles, to which the first would have led
    assert changed(saved, all_rows("sentform", "disclosure")) == []
    programs.worker(tasks="tests.faults.tasks")
    wait_until(lambda: (jobs.sweep_jobs(), not Job.objects.unfinished().exists())[1], "It was not computed.")
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


# Jobs of a worker ---------------------------------------------------------------------------------------------------


def worker_that_dies(programs, armed, moment):
    worker = programs.worker(tasks="tests.faults.dying", KILL_AT=moment, ARMED=str(armed))
    armed.touch()
    return worker


def await_death(worker, armed):
    wait_until(lambda: not armed.exists(), "It was not killed.")
    worker.kill()


@pytest.mark.parametrize("moment", ["write 1", "write 2", "write 3"])
def test_a_file_whose_worker_is_killed_is_made_once_by_the_next(cast, programs, armed, rf, moment):
    request = rf.get("/reports/download/")
    request.user, request.school = cast.ana, cast.school
    options = {"of": f"team:{cast.team.uuid}", "since": TODAY.isoformat()}
    worker = worker_that_dies(programs, armed, moment)
    document = request_from_maker(request, "datareview.report", options, name="Grade 4", page="/reports/")
    await_death(worker, armed)
    assert Job.objects.get().state in ("queued", "running")

    programs.worker(tasks="tests.faults.tasks")
    wait_until(
        lambda: (jobs.sweep_jobs(), Job.objects.get().state in ("done", "failed"))[1], "It was not made."
    )
    assert (Job.objects.get().state, Document.objects.get()) == ("done", document)
    document.refresh_from_db()
    assert bytes(document.content)[:5] == b"%PDF-"
    assert cast.maya.pk in document.seen["ids"]


@pytest.mark.parametrize("moment", ["write 1", "commit 1", "committed 1", "committed 3"])
def test_a_nightly_run_whose_worker_is_killed_ends_whole_and_once(cast, programs, armed, moment):
    worker = worker_that_dies(programs, armed, moment)
    run_nightly.delay()
    await_death(worker, armed)

    programs.worker(tasks="tests.faults.tasks")
    run_nightly.delay()  # beat asks every hour
    wait_until(
        lambda: (
            jobs.sweep_jobs(),
            TrendRun.objects.exists() and not TrendRun.objects.filter(finished_at=None).exists(),
        )[1],
        "The run did not finish.",
    )
    assert list(TrendRun.objects.values_list("school", "trigger").order_by("school")) == [
        (cast.school.pk, "nightly"),
        (cast.other_school.pk, "nightly"),
    ]
    assert set(TrendPart.objects.values_list("outcome", flat=True)) <= {"computed", "unchanged"}
    wait_until(lambda: not Job.objects.unfinished().exists(), "A job is left.")
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}
    of_maya = Trend.objects.filter(student=cast.maya)
    assert of_maya.count() == len(set(of_maya.values_list("measure", flat=True))) > 0
