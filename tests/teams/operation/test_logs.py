"""The log: every error leaves a trace, with ids and without names, typed words or secrets."""

from __future__ import annotations

import dataclasses
import io
import json
import logging
from logging.config import DictConfigurator
from smtplib import SMTPRecipientsRefused

import pytest
import structlog
from django.db import IntegrityError
from django.urls import reverse

from collab.config.logs import WithoutData, logging_config
from collab.meetings.services import feeds
from teams.directory.models import Role, Staff
from teams.jobs.models import Job
from teams.jobs.services.jobs import run_job, start_job
from tests.conftest import TODAY

EVERY_LINE = {"event", "level", "logger", "timestamp"}


def handler_for(stream, *, as_json, show_messages=False):
    config = logging_config(as_json=as_json, level="INFO", show_messages=show_messages)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(DictConfigurator(config).configure_formatter(config["formatters"]["line"]))
    handler.addFilter(WithoutData(show_messages=show_messages))
    return handler


@pytest.fixture
def log():
    """``log()``: the lines logged so far, as dictionaries."""
    stream = io.StringIO()
    structlog.contextvars.clear_contextvars()
    handler = handler_for(stream, as_json=True)
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def broken(monkeypatch):
    """A page whose query fails with a message about a student."""

    words = "Maya Okafor is not a number"

    def fail(*_arguments):
        raise ValueError(words)

    monkeypatch.setattr("teams.jobs.views.failures_at", fail)
    return reverse("teams:job-list")


def test_an_error_is_logged_with_the_ids_of_request_and_person_and_without_names(cast, as_user, broken, log):
    client = as_user(cast.ada)
    client.raise_request_exception = False
    response = client.get(broken, {"q": "Maya Okafor"})

    assert response.status_code == 500
    [error] = [line for line in log() if line["level"] == "error"]
    assert error["request_id"] == response["X-Request-ID"]
    assert response["X-Request-ID"] in response.content.decode()
    assert error["person"] == str(cast.ada.uuid)
    assert error["event"] == "Internal Server Error: /jobs/"
    assert error["exception"].splitlines()[0] == "Traceback (most recent call last):"
    assert error["exception"].splitlines()[-1] == "ValueError"
    assert "job_list" in error["exception"]
    assert "Okafor" not in json.dumps(log())


def test_a_request_is_one_line_with_its_route_and_no_query_string(cast, as_user, log):
    response = as_user(cast.ana).get(reverse("collab:search-show"), {"q": "Maya"})

    [line] = [line for line in log() if line["logger"] == "collab.requests"]
    assert {name: line[name] for name in line.keys() - {"timestamp", "ms"}} == {
        "event": "/search/",
        "level": "info",
        "logger": "collab.requests",
        "method": "GET",
        "status": 200,
        "request_id": response["X-Request-ID"],
        "person": str(cast.ana.uuid),
    }


def test_an_address_with_a_secret_is_logged_by_its_pattern(cast, client, log):
    feed, _is_new = feeds.make_feed(cast.tom, team=None), True
    feeds.revoke_feed(feed, actor=cast.tom)
    client.get(reverse("collab:feed-read", args=[feed.token]))

    assert [line["event"] for line in log() if line["logger"] == "collab.requests"] == [
        "/feeds/<str:token>.ics"
    ]
    assert feed.token not in json.dumps(log())


def test_the_proxys_id_is_kept_only_behind_a_proxy(client, db, settings):
    sent = {"X-Request-ID": "0123456789abcdef0123456789abcdef"}
    assert client.get("/accounts/login/", headers=sent)["X-Request-ID"] != sent["X-Request-ID"]

    settings.ENV = dataclasses.replace(settings.ENV, behind_proxy=True)
    assert client.get("/accounts/login/", headers=sent)["X-Request-ID"] == sent["X-Request-ID"]
    assert client.get("/accounts/login/", headers={"X-Request-ID": "a b"})["X-Request-ID"] != "a b"


def test_a_failed_job_is_logged_with_its_id_and_the_person_who_started_it(cast, log, monkeypatch):
    job = start_job("teams.sweep_jobs", school=cast.school, actor=cast.ada, payload={})

    def work(_job, _progress):
        raise RuntimeError("Maya Okafor")

    run_job(job.pk, work)

    assert Job.objects.get().state == Job.State.FAILED
    [error] = log()
    assert error.keys() == EVERY_LINE | {"exception", "job", "person", "task"}
    assert (error["job"], error["person"], error["task"]) == (str(job.uuid), str(cast.ada.uuid), job.kind)
    assert error["exception"].splitlines()[-1] == "RuntimeError"


def test_an_error_in_a_message_is_named_by_its_class_and_code(log):
    refused = SMTPRecipientsRefused({"ana@lincoln.test": (550, b"unknown")})
    logging.getLogger("teams.mail").warning("Mail was not taken: %s", refused)
    logging.getLogger("teams.mail").warning("Waits: %s", ConnectionRefusedError(111, "Connection refused"))

    assert [line["event"] for line in log()] == [
        "Mail was not taken: smtplib.SMTPRecipientsRefused",
        "Waits: ConnectionRefusedError: Connection refused",
    ]


def test_a_chain_of_errors_keeps_its_classes(log):
    try:
        try:
            raise KeyError("Maya")
        except KeyError as error:
            raise IntegrityError("Key (name)=(Maya) already exists.") from error
    except IntegrityError:
        logging.getLogger("collab").exception("Saving failed.")

    [line] = log()
    ends = [text for text in line["exception"].splitlines() if not text.startswith((" ", "Traceback"))]
    assert ends == ["KeyError", "django.db.utils.IntegrityError"]


def test_a_tasks_arguments_are_not_logged(log):
    data = {"id": "1-2", "name": "teams.send_mail", "args": "('Maya',)", "exc": "ValueError('Maya')"}
    logging.getLogger("celery.app.trace").error(
        "Task %(name)s[%(id)s]: %(exc)s %(args)s", data, extra={"data": data}
    )

    [line] = log()
    assert {name: line[name] for name in line.keys() - {"timestamp"}} == {
        "event": "Task teams.send_mail[1-2] failed.",
        "level": "error",
        "logger": "celery.app.trace",
    }


def test_a_refused_host_is_not_quoted(client, db, log):
    client.get("/accounts/login/", headers={"Host": "evil.example"})

    [line] = [line for line in log() if line["logger"].startswith("django.security")]
    assert line["event"] == "Refused: DisallowedHost"
    assert "evil" not in json.dumps(log())


def test_plain_lines_have_the_same_fields_and_development_keeps_messages():
    streams = {shown: io.StringIO() for shown in (True, False)}
    for shown, stream in streams.items():
        handler = handler_for(stream, as_json=False, show_messages=shown)
        record = logging.LogRecord("collab", logging.INFO, "", 0, "Waits: %s", (ValueError("nine"),), None)
        record.fields = {"ms": 7}
        handler.handle(record)

    assert "Waits: ValueError: nine" in streams[True].getvalue()
    assert "ms=7" in streams[False].getvalue()
    assert "nine" not in streams[False].getvalue()


# Security events ---------------------------------------------------------------------------------------------


def events(log):
    """Security events without what every line has."""
    return [
        {name: line[name] for name in line.keys() - EVERY_LINE - {"request_id"}} | {"event": line["event"]}
        for line in log()
        if line["logger"] == "collab.security"
    ]


def test_sign_in_its_failure_and_lock_out_are_logged_without_what_was_typed(cast, client, log, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/m/ip"}
    cast.ana.set_password("a-long-password-of-hers")
    cast.ana.save()
    for password in ("a-long-password-of-hers", "wrong", "wrong", "wrong"):
        client.post("/accounts/login/", {"login": cast.ana.email, "password": password})
        client.post("/accounts/logout/")

    told = [one["event"] for one in events(log)]
    assert told == ["signed in", "signed out", "sign-in failed", "sign-in failed", "locked out"]
    assert events(log)[0] == {"event": "signed in", "about": str(cast.ana.uuid)}
    assert "wrong" not in json.dumps(log())
    assert cast.ana.email not in json.dumps(log())


def test_a_refusal_and_an_export_are_logged(cast, as_user, log):
    assert as_user(cast.ana).get(reverse("teams:job-list")).status_code == 403
    assert as_user(cast.ada).get(reverse("datareview:import-template", args=["scores"])).status_code == 200

    ana, ada, export = str(cast.ana.uuid), str(cast.ada.uuid), "/imports/template/<slug:kind>/"
    told = [one for one in events(log) if one["event"] != "signed in"]
    assert told == [
        {"event": "refused", "person": ana, "route": "/jobs/"},
        {"event": "export", "person": ada, "route": export, "kind": "text/csv"},
    ]


def test_roles_are_logged_when_given_changed_and_taken(cast, log):
    staff = Staff.objects.create(user=cast.gil, school=cast.other_school, role=Role.TEACHER, starts_on=TODAY)
    staff.role = Role.PRINCIPAL
    staff.save()
    staff.delete()

    about = {"about": str(cast.gil.uuid), "school": cast.other_school.pk}
    assert events(log) == [
        {"event": "role given", "role": "teacher", "ends_on": "", **about},
        {"event": "role changed", "role": "principal", "ends_on": "", **about},
        {"event": "role taken", "role": "principal", **about},
    ]
