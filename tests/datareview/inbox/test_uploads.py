"""Uploads by programs with a token, and the page of tokens."""

from __future__ import annotations

import datetime as dt
import logging
from email.utils import format_datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from collab.config.bodies import most_bytes_of
from datareview.inbox.models import Delivery, UploadToken
from datareview.inbox.services.settings import make_token, revoke_token, watch_folder
from datareview.inbox.services.taking import take_delivery_job
from teams.directory.models import Staff
from teams.jobs.models import Job
from teams.lib import clock
from tests.factories.imports import Quiet, load, scores

ADDRESS = "/imports/upload/scores.csv"


@pytest.fixture
def token(cast):
    return make_token(cast.school, actor=cast.ada, name="SIS")


def put(client, text, token, **headers):
    return client.put(
        ADDRESS, text, content_type="text/csv", headers={"authorization": f"Bearer {token}"} | headers
    )


def test_a_program_uploads_a_file_of_a_known_form(cast, client, token, settings):
    load(cast, scores(cast, "1001,{day},70,orf"))
    written = (clock.now() - dt.timedelta(hours=5)).astimezone(dt.UTC).replace(microsecond=0)
    changed = {"last-modified": format_datetime(written, usegmt=True)}
    answer = put(client, scores(cast, "1002,{day},80,orf"), token, **changed)
    delivery = Delivery.objects.get()
    assert (answer.status_code, answer.content.decode().strip()) == (
        201,
        f"{settings.SITE_URL}{delivery.of_import.get_absolute_url()}",
    )
    take_delivery_job(Job(payload={"delivery": delivery.pk}), Quiet())
    assert cast.jonas.scores.filter(value=80).count() == 1
    row = UploadToken.objects.get()
    assert (delivery.token, delivery.changed_at) == (row, written)
    assert row.used_at is not None


def test_a_file_of_the_future_does_not_make_later_ones_old(cast, client, token):
    load(cast, scores(cast, "1001,{day},70,orf"))
    for value, then in ((80, "Tue, 06 Jan 2099 03:00:00 GMT"), (81, "")):
        put(client, scores(cast, f"1002,{{day}},{value},orf"), token, **{"last-modified": then})
        delivery = Delivery.objects.order_by("-pk").first()
        take_delivery_job(Job(payload={"delivery": delivery.pk}), Quiet())
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("applied", "")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic {token}", "Bearer {digest}"])
def test_without_a_valid_token_nothing_is_taken(cast, client, token, header):
    header = header.format(token=token, digest=UploadToken.objects.get().digest)
    answer = client.put(ADDRESS, "x", content_type="text/csv", headers={"authorization": header})
    assert (answer.status_code, Delivery.objects.count()) == (401, 0)


def test_a_revoked_token_and_that_of_someone_who_may_no_longer_load_are_refused(cast, client, token):
    Staff.objects.filter(user=cast.ada).update(role="teacher")
    assert put(client, "x", token).status_code == 403
    Staff.objects.filter(user=cast.ada).update(role="administrator")
    revoke_token(UploadToken.objects.get(), actor=cast.ada)
    assert put(client, "x", token).status_code == 401
    assert not Delivery.objects.exists()


def test_a_file_that_cannot_be_stored_is_refused_with_the_reason(cast, client, token):
    answer = put(client, "", token)
    assert (answer.status_code, answer.content.decode()) == (422, "The file is empty.\n")
    assert Delivery.objects.get().state == "stopped"


def test_other_methods_and_a_session_are_no_upload(cast, as_user, token):
    client = as_user(cast.ada)
    assert client.get(ADDRESS).status_code == 405
    assert client.put(ADDRESS, "x", content_type="text/csv").status_code == 401


def test_large_bodies_are_received_from_those_with_a_token_only(cast, token, settings):
    scope = {"path": ADDRESS, "headers": [(b"authorization", f"Bearer {token}".encode())]}
    assert most_bytes_of(scope) > settings.UPLOAD_MAX_BYTES
    scope["headers"] = [(b"authorization", b"Bearer collab_wrong")]
    assert most_bytes_of(scope) == settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def test_a_token_is_shown_once_and_stored_nowhere(cast, as_user, caplog):
    client = as_user(cast.ada)
    with caplog.at_level(logging.INFO, "collab.security"):
        answer = client.post(reverse("datareview:token-make"), {"name": "SIS"}, follow=True)
    text = answer.content.decode()
    start = text.index("collab_")
    token = text[start : start + 50]
    assert token in text
    row = UploadToken.objects.get()
    assert (token in row.digest, row.name, row.made_by) == (False, "SIS", cast.ada)
    page = client.get(reverse("datareview:inbox-show")).content.decode()
    assert ("SIS" in page, "collab_" in page) == (True, False)
    assert "upload token made" in caplog.messages
    assert token not in caplog.text
    client.post(reverse("datareview:token-revoke", args=[row.uuid]))
    assert "SIS" not in client.get(reverse("datareview:inbox-show")).content.decode()


def test_a_token_without_a_purpose_is_not_made(cast, as_user):
    answer = as_user(cast.ada).post(reverse("datareview:token-make"), {"name": " "})
    assert (answer.status_code, UploadToken.objects.count()) == (422, 0)


def test_only_who_loads_files_watches_and_makes_tokens(cast, token):
    with pytest.raises(PermissionDenied):
        watch_folder(cast.school, actor=cast.pia, is_watched=True)
    with pytest.raises(PermissionDenied):
        make_token(cast.school, actor=cast.cora, name="x")
    with pytest.raises(PermissionDenied):
        revoke_token(UploadToken.objects.get(), actor=cast.zed)


def test_what_arrived_is_filtered_sorted_and_paged(cast, as_user, monkeypatch):
    for name, state in (("b.csv", "stopped"), ("a.csv", "applied"), ("c.csv", "stopped")):
        Delivery.objects.create(
            school=cast.school,
            name=name,
            state=state,
            reason=f"why {name}",
            changed_at="2026-01-06T03:00:00Z",
        )
    client, address = as_user(cast.ada), reverse("datareview:inbox-show")

    def names(**wanted):
        found = client.get(address, wanted).context["page"].deliveries
        return [one.name for one in found]

    assert names() == ["c.csv", "a.csv", "b.csv"]
    assert names(sort="name") == ["a.csv", "b.csv", "c.csv"]
    assert names(state="stopped") == ["c.csv", "b.csv"]
    assert names(q="A.C") == ["a.csv"]
    assert "Nothing matches" in client.get(address, {"q": "zzz"}).content.decode()
    assert "why c.csv" in client.get(address).content.decode()
    monkeypatch.setattr("datareview.inbox.queries.ROWS", 2)
    assert names(sort="name", page=2) == ["c.csv"]
