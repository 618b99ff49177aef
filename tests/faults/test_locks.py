"""A long write at a school, and colleagues who save meanwhile."""

from __future__ import annotations

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from datareview.loading.services import writing
from datareview.records.models import Student
from teams.directory.models import Team
from tests.factories.imports import load, scores
from tests.servers import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "t" * 32


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks the whole database, not rows")
def test_rows_of_a_school_are_saved_while_a_file_is_applied_there(cast, monkeypatch):
    """The import holds the school's row; a new row that refers to the school must not wait for it."""
    insert = writing.insert_rows

    def save_meanwhile():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '10s'")
        Student.objects.create(school=cast.school, local_id="2001", grade=4, entered_on=cast.school.today())
        connection.close()

    def insert_slowly(*args, **constants):
        insert(*args, **constants)
        with ThreadPoolExecutor(1) as others:
            others.submit(save_meanwhile).result()

    monkeypatch.setattr(writing, "insert_rows", insert_slowly)
    row = load(cast, scores(cast, "1001,{day},70,orf"))
    assert row.state == "applied"
    assert Student.objects.filter(local_id="2001").exists()


@pytest.fixture
def add_norms(cast, programs):
    """Post norms of Ana's team to a server that waits a second for locks. Returns the response and its page."""
    address = urlsplit(programs.web(PAGE_LOCK_SECONDS="1", PAGE_QUERY_SECONDS="1"))
    client = Client()
    client.force_login(cast.ana, backend="teams.account.backends.ScopeBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value

    def post(**headers):
        line = http.client.HTTPConnection(address.netloc, timeout=PATIENCE)
        headers |= {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode({"csrfmiddlewaretoken": TOKEN, "norms": "Start on time"})
        line.request("POST", reverse("collab:norms-set", args=[cast.team.uuid]), body, headers)
        answer = line.getresponse()
        page = answer.read().decode()
        line.close()
        return answer, page

    return post


@pytest.mark.process
def test_a_page_that_waits_too_long_for_others_says_so(cast, add_norms):
    with transaction.atomic():
        list(Team.objects.select_for_update().filter(pk=cast.team.pk))
        answer, page = add_norms()
        assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
        assert "A large change is being saved" in page
        answer, _page = add_norms(**{"HX-Request": "true"})
        said = json.loads(answer.headers["HX-Trigger"])["collab:say"]
        assert (answer.status, said["level"]) == (503, "error")
        assert said["text"].startswith(
            "A large change is being saved. This page had to wait too long for it."
        )
    assert add_norms()[0].status == 302


@pytest.mark.process
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite ends no statement")
def test_a_statement_that_takes_too_long_ends_and_the_page_says_so(cast, add_norms):
    """A trigger sleeps in the middle of what the page writes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION sleep_long() RETURNS trigger AS $$ BEGIN PERFORM pg_sleep(30); RETURN NEW; END $$"
            " LANGUAGE plpgsql; CREATE TRIGGER slow BEFORE INSERT ON teams_norm"
            " FOR EACH ROW EXECUTE FUNCTION sleep_long()"
        )
    try:
        answer, page = add_norms()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER slow ON teams_norm; DROP FUNCTION sleep_long()")
    assert answer.status == 503
    assert "A large change is being saved" in page
