"""The audit log and the disclosure log are append-only."""

import pytest
from django.db import DatabaseError, transaction

from datareview.privacy.models import Disclosure
from datareview.privacy.services import record_disclosure
from teams.audit.models import AuditEvent
from teams.audit.services import record_event


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
    assert record_disclosure(cast.maya, reader=cast.sol, what="student-page").why == "plan"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Disclosure.objects.update(what="nothing")


@pytest.mark.parametrize("path", ["maya", "plan", "candidate"])
def test_opening_a_students_record_is_logged_with_the_reader(cast, as_user, path):
    as_user(cast.sol).get(getattr(cast, path).get_absolute_url())
    (row,) = Disclosure.objects.all()
    assert (row.reader, row.student, row.why) == (cast.sol, cast.maya, "plan")


def test_a_refused_page_is_no_disclosure(cast, as_user):
    assert as_user(cast.gil).get(cast.maya.get_absolute_url()).status_code == 404
    assert not Disclosure.objects.exists()
