"""Expired sessions, a busy database, what browsers may keep and use, and the content security policy."""

import json

import pytest
from django.contrib.messages import get_messages
from django.db import OperationalError
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from teams.middleware import BusyMiddleware


def test_an_expired_session_sends_the_whole_page_to_sign_in(client, cast):
    answer = client.get(
        "/students/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/students/?grade=4"}
    )
    assert answer.headers["HX-Redirect"] == "/accounts/login/?next=%2Fstudents%2F"


def test_without_htmx_it_is_an_ordinary_redirect(client, cast):
    assert client.get("/students/").headers["Location"] == "/accounts/login/?next=/students/"


def test_the_policy_of_a_page_is_strict(cast, as_user):
    policy = as_user(cast.ana).get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/", "/students/", "/accounts/email/", "/nowhere/"])
def test_a_browser_keeps_no_page_of_a_signed_in_user(cast, as_user, path):
    assert "no-store" in as_user(cast.ana).get(path).headers["Cache-Control"]


def test_a_browser_keeps_no_file_of_a_signed_in_user(cast, as_user):
    file = as_user(cast.cora).get("/timetable/template.csv")
    assert (file.headers["Content-Type"], file.headers["Cache-Control"]) == (
        "text/csv; charset=utf-8",
        "no-store, private",
    )


def test_a_response_with_its_own_lifetime_keeps_it(cast, as_user, client):
    as_user(cast.ana).post("/calendar/feeds/make/")
    token = cast.ana.calendar_feeds.get().token
    assert client.get(f"/feeds/{token}.ics").headers["Cache-Control"] == "private, max-age=900"


def test_signing_out_clears_drafts_and_caches(cast, as_user):
    page = as_user(cast.ana).post("/accounts/logout/")
    assert (page.status_code, page.headers["Clear-Site-Data"]) == (302, '"cache", "storage"')


def test_an_expired_session_keeps_its_drafts(cast, as_user):
    client = as_user(cast.ana)
    client.session.flush()
    page = client.get("/")
    assert (page.status_code, "Clear-Site-Data" in page.headers) == (302, False)


@pytest.mark.parametrize("path", ["/", "/accounts/login/"])
def test_pages_use_no_camera_microphone_or_place(client, db, path):
    policy = client.get(path).headers["Permissions-Policy"].split(", ")
    assert {"camera=()", "microphone=()", "geolocation=()"} <= set(policy)


@pytest.mark.parametrize(
    ("method", "sentence"),
    [
        ("GET", "This page had to wait too long for it. Try again in a minute."),
        (
            "POST",
            (
                "This page had to wait too long for it. What you sent may not have been saved: look before you"
                " send it again."
            ),
        ),
    ],
)
def test_a_busy_page_does_not_claim_that_nothing_was_saved(method, sentence):
    request = RequestFactory().generic(method, "/")
    response = BusyMiddleware(lambda _request: None).process_exception(
        request, OperationalError("database is locked")
    )
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert sentence in response.content.decode()
    said = json.loads(response["HX-Trigger"])["collab:say"]
    assert said == {"text": f"A large change is being saved. {sentence}", "level": "error"}


def test_a_form_sent_again_leads_on_with_a_message_in_the_language_of_its_sender(cast, as_user, monkeypatch):
    monkeypatch.setattr("teams.lib.http._", lambda text: f"{translation.get_language()}: {text}")
    cast.ana.language = "es"
    cast.ana.save()
    client, sent = as_user(cast.ana), {"norms": "Start on time", "form_key": "k"}
    address = reverse("collab:norms-set", args=[cast.team.uuid])
    first = client.post(address, sent)
    client.cookies.pop("messages", None)
    again = client.post(address, sent)
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    said = [(one.level_tag, one.message) for one in get_messages(again.wsgi_request)]
    assert said == [("info", "es: This was already saved.")]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
def test_a_method_that_no_page_has_is_refused(cast, as_user, method):
    answer = as_user(cast.ana).generic(method, "/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, POST")
