"""`/healthz` says that the process is alive, `/readyz` whether it can answer pages, `/readyz?all` whether all works."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import OperationalError, connections
from django.urls import reverse

from teams.jobs.models import Job
from teams.jobs.tasks import sweep_jobs
from teams.lib import clock
from teams.mail.models import Mail
from teams.operation import queries

TOKEN = "a-token-of-twenty-characters"
WORKS = dict.fromkeys(["disk", "database", "broker", "worker", "mail"], "ok")


@pytest.fixture(autouse=True)
def fresh(db, settings, monkeypatch):
    """A worker that was just seen, a token, and no answer kept."""
    settings.READY_TOKEN = TOKEN
    monkeypatch.setattr(queries, "KEPT_SECONDS", -1)
    cache.clear()
    sweep_jobs()
    yield
    cache.clear()


def ready(client, token=TOKEN, path="/readyz?all"):
    response = client.get(path, headers={"Authorization": f"Bearer {token}"})
    return response.status_code, response.json()


def test_alive_needs_no_database_host_or_tls(client, settings, monkeypatch):
    settings.SECURE_SSL_REDIRECT = True
    monkeypatch.setattr(connections["default"], "connect", None)
    response = client.get("/healthz", headers={"Host": "10.0.0.7"})
    assert (response.status_code, response.content) == (200, b"alive")


def test_everybody_is_told_whether_it_is_ready_and_the_token_gets_details(client):
    assert ready(client) == (200, {"ready": True, **WORKS})
    assert ready(client, token="another") == (200, {"ready": True})


def test_without_a_token_set_nobody_gets_details(client, settings):
    settings.READY_TOKEN = ""
    assert ready(client, token="") == (200, {"ready": True})


def test_a_lost_database_is_told(client, monkeypatch):
    def lost(*_arguments, **_more):
        raise OperationalError("password=secret")

    told = "does not answer (OperationalError)"
    with monkeypatch.context() as patched:
        patched.setattr(type(connections["default"]), "cursor", lost)
        assert ready(client) == (
            503,
            {**WORKS, "ready": False, "database": told, "worker": told, "mail": told},
        )
        assert ready(client, token="another") == (503, {"ready": False})
        assert ready(client, token="another", path="/readyz") == (503, {"ready": False})


def test_a_full_disk_is_told(client, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=9 * 1024**2))
    full = {**WORKS, "ready": False, "disk": "9 MB free in DATA_DIR"}
    assert ready(client) == ready(client, path="/readyz") == (503, full)


def test_an_unwritable_folder_is_told(client, monkeypatch, settings):
    monkeypatch.setattr(os, "access", lambda path, _mode: path != settings.ENV.data_dir)
    assert ready(client) == (503, {**WORKS, "ready": False, "disk": "DATA_DIR is not writable"})


def test_a_broker_that_does_not_answer_is_told(client, settings, tmp_path):
    settings.REDIS_URL, settings.QUEUE_DIR = "", tmp_path / "gone"
    gone = {**WORKS, "broker": "its folder is not writable"}
    assert ready(client) == (503, {**gone, "ready": False})
    assert ready(client, path="/readyz") == (200, {**gone, "ready": True})
    settings.REDIS_URL = f"unix://{tmp_path}/gone.sock"
    assert ready(client)[1]["broker"] == "does not answer (ConnectionError)"


def test_a_silent_worker_is_told_but_not_one_that_works_on_a_long_job(client, cast):
    cache.clear()
    missing = "not seen yet; start ./dev worker and ./dev beat"
    assert ready(client) == (503, {**WORKS, "ready": False, "worker": missing})
    assert ready(client, path="/readyz") == (200, {**WORKS, "ready": True, "worker": missing})

    past = clock.now() - dt.timedelta(minutes=7)
    job = Job.objects.create(kind="teams.sweep_jobs", state=Job.State.RUNNING, heartbeat_at=past)
    Job.objects.update(created_at=past)
    assert ready(client)[1]["worker"] == "silent for 7 minutes"

    Job.objects.filter(pk=job.pk).update(heartbeat_at=clock.now())
    assert ready(client) == (200, {"ready": True, **WORKS})


def test_late_mail_is_told(client, cast):
    late = clock.now() - dt.timedelta(minutes=16)
    Mail.objects.create(
        to=cast.ana, kind=Mail.Kind.DIGEST, subject="s", text="t", dedupe_key="k", send_after=late
    )
    told = "1 emails wait for more than 15 minutes"
    assert ready(client) == (503, {**WORKS, "ready": False, "mail": told})
    assert ready(client, path="/readyz") == (200, {**WORKS, "ready": True, "mail": told})


def test_administrators_see_what_does_not_work(cast, as_user):
    cache.clear()
    page = as_user(cast.ada).get(reverse("teams:server-show")).content.decode()
    assert "not seen yet; start ./dev worker and ./dev beat" in page
    assert page.count("Works") == 4


def test_an_answer_is_kept_for_seconds(client, monkeypatch):
    monkeypatch.setattr(queries, "KEPT_SECONDS", 60)
    monkeypatch.setattr(queries, "_last", {})
    assert ready(client)[0] == 200
    monkeypatch.setattr(os, "access", lambda *_what: False)
    assert ready(client)[0] == 200
