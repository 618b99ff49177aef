"""The audit log and the disclosure log are append-only."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from datareview.privacy.models import Disclosure
from datareview.privacy.services.disclosures import record_disclosure
from teams.audit.models import AuditDetail, AuditEvent
from teams.audit.services import record_event
from teams.schema.append_only import protect_records

details = import_module("teams.migrations.0017_audit_detail")


def test_an_audit_event_says_who_did_what_to_which_and_cannot_be_changed(cast):
    event = record_event(cast.ana, "looked", cast.team, school=cast.school, count=3)
    assert (event.verb, event.subject_type, event.subject_uuid, event.data) == (
        "looked",
        "teams.team",
        cast.team.uuid,
        {"count": 3},
    )
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.update(verb="nothing")


def test_a_disclosure_says_why_it_was_allowed_and_cannot_be_changed(cast):
    row = record_disclosure([cast.maya.pk], reader=cast.sol, what="student-detail")
    assert row.reasons == {"plan": [cast.maya.pk]}
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Disclosure.objects.update(what="nothing")


@pytest.mark.parametrize("path", ["maya", "plan", "candidate"])
def test_opening_a_students_record_is_logged_with_the_reader(cast, as_user, path):
    as_user(cast.sol).get(getattr(cast, path).get_absolute_url())
    (row,) = Disclosure.objects.all()
    assert (row.reader, row.reasons) == (cast.sol, {"plan": [cast.maya.pk]})


def test_a_refused_page_is_no_disclosure(cast, as_user):
    assert as_user(cast.gil).get(cast.maya.get_absolute_url()).status_code == 404
    assert not Disclosure.objects.exists()


def test_texts_and_figures_are_stored_apart_from_the_log_and_can_be_erased(cast):
    event = record_event(cast.ana, "withdrew", cast.team, school=cast.school, detail={"said": "Maya stalled"})
    assert (event.data, event.detail.data) == ({}, {"said": "Maya stalled"})
    AuditDetail.objects.all().delete()
    assert AuditEvent.objects.filter(pk=event.pk).exists()


@pytest.mark.parametrize("words", ["Maya stalled", {"said": "Maya Okafor"}, ["Maya Okafor"], "José"])
def test_words_are_refused_in_the_log_itself(cast, words):
    with pytest.raises(ValueError, match="detail of an audit event: said"):
        record_event(cast.ana, "withdrew", cast.team, said=words)


def test_texts_in_older_rows_are_moved_out_of_the_log(cast):
    rows = [
        AuditEvent.objects.create(verb="withdrew", subject_type="x", data={"said": "Maya stalled"}),
        AuditEvent.objects.create(verb="rule-changed", subject_type="x", data={"before": {"act": 10}}),
        AuditEvent.objects.create(verb="score-entered", subject_type="x", data={"score": 3, "before": 71}),
    ]
    with connection.cursor() as cursor:
        details.move_words(apps, SimpleNamespace(connection=connection, execute=cursor.execute))
    assert [AuditEvent.objects.get(pk=row.pk).data for row in rows] == [
        {},
        {"before": {"act": 10}},
        {"score": 3},
    ]
    assert list(AuditDetail.objects.order_by("pk").values_list("data", flat=True)) == [
        {"said": "Maya stalled"},
        {"before": 71},
    ]
    protect_records(apps.get_app_config("teams"), using="default")  # as after all migrations
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.update(verb="nothing")
