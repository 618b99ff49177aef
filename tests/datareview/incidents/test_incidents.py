"""Incidents recorded on a student's page."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from datareview.incidents import services
from datareview.incidents.queries import incident_record_of
from datareview.incidents.services import IncidentValues, incident_version
from datareview.records.models import Incident
from datareview.runs.models import TrendRun
from teams.audit.models import AuditEvent
from teams.lib.errors import DomainError, StaleEdit
from tests.conftest import TODAY

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
FIGHT = IncidentValues(TODAY, "Fight", dt.time(12, 10), "Cafeteria", "major", "oss", Decimal("2.5"))


def record(cast, values=FIGHT, who="ana"):
    return services.record_incident(cast.maya, actor=getattr(cast, who), values=values)


def address(cast):
    return reverse("datareview:incident-add", args=[cast.maya.uuid])


def test_an_incident_is_recorded_audited_and_flags_are_computed_again(cast):
    TrendRun.objects.all().delete()
    incident = record(cast)
    assert (IncidentValues.of(incident), incident.recorded_by) == (FIGHT, cast.ana)
    event = AuditEvent.objects.latest("pk")
    assert (event.actor, event.verb, event.subject_uuid, event.data) == (
        cast.ana,
        "recorded-incident",
        cast.maya.uuid,
        {"incident": incident.pk},
    )
    assert [run.trigger for run in TrendRun.objects.all()] == ["incident"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (replace(FIGHT, kind=" "), "Say what kind"),
        (replace(FIGHT, day=TODAY + DAY), "in the future"),
        (replace(FIGHT, day=TODAY - 400 * DAY), "more than a year ago"),
        (replace(FIGHT, consequence="none"), "Leave the days empty"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(cast, values, sentence):
    with pytest.raises(DomainError, match=sentence):
        record(cast, values)
    assert not Incident.objects.exists()


def test_nobody_records_an_incident_of_a_student_who_left(cast):
    cast.maya.status = "left"
    with pytest.raises(DomainError, match="has left the school"):
        record(cast)


def test_people_change_their_own_and_the_office_all(cast):
    incident = record(cast)
    seen = incident_version(incident)
    for who in ("tom", "sol", "pia", "zed"):
        with pytest.raises(PermissionDenied):
            services.edit_incident(incident, actor=getattr(cast, who), values=FIGHT, seen=seen)
        with pytest.raises(PermissionDenied):
            services.remove_incident(incident, actor=getattr(cast, who))
    changed = services.edit_incident(
        incident, actor=cast.cora, values=replace(FIGHT, kind="Conflict"), seen=seen
    )
    assert (changed.kind, changed.recorded_by) == ("Conflict", cast.ana)
    services.remove_incident(changed, actor=cast.ana)
    assert not Incident.objects.exists()
    with pytest.raises(DomainError, match="removed this incident"):
        services.remove_incident(changed, actor=cast.ada)


def test_an_incident_from_a_file_is_the_offices(cast):
    incident = cast.maya.incidents.create(day=TODAY, kind="Phone")
    with pytest.raises(PermissionDenied):
        services.remove_incident(incident, actor=cast.ana)
    services.remove_incident(incident, actor=cast.ada)
    assert not Incident.objects.exists()


def test_two_people_at_once_the_second_sees_both_versions(cast, as_user):
    incident = record(cast)
    seen = incident_version(incident)
    services.edit_incident(incident, actor=cast.cora, values=replace(FIGHT, place="Gym"), seen=seen)
    with pytest.raises(StaleEdit) as stale:
        services.edit_incident(incident, actor=cast.ana, values=replace(FIGHT, kind="Ran"), seen=seen)
    assert "12:10" in stale.value.current
    sent = {"day": TODAY, "kind": "Ran", "severity": "minor", "consequence": "none", "seen": seen}
    edit = reverse("datareview:incident-edit", args=[incident.pk])
    page = as_user(cast.ana).post(edit, sent)
    text = page.content.decode()
    assert (page.status_code, 'value="Ran"' in text, "Gym, Fight" in text) == (422, True, True)
    again = as_user(cast.ana).post(edit, sent | {"seen": page.context["form"]["seen"].value()})
    assert (again.status_code, Incident.objects.get().kind) == (302, "Ran")


def test_the_page_begins_now_and_a_double_click_makes_one(cast, as_user):
    ana = as_user(cast.ana)
    form = ana.get(address(cast)).context["form"]
    assert form["day"].value() == TODAY
    sent = {
        "day": TODAY,
        "time": "10:05",
        "place": "Hallway",
        "kind": "Disruption",
        "severity": "minor",
        "consequence": "conference",
        "form_key": "0b0e8d68-3e0c-4b4c-8f4b-6f1f6f0a8a11",
    }
    for _click in range(2):
        assert ana.post(address(cast), sent).url == cast.maya.get_absolute_url()
    assert [(one.kind, one.time, one.consequence) for one in Incident.objects.all()] == [
        ("Disruption", dt.time(10, 5), "conference")
    ]


def test_a_refused_form_keeps_what_was_typed(cast, as_user):
    sent = {"day": TODAY + DAY, "kind": "Ran <off>", "severity": "major", "consequence": "none"}
    page = as_user(cast.ana).post(address(cast), sent)
    assert page.status_code == 422
    assert 'value="Ran &lt;off&gt;"' in page.content.decode()
    assert not Incident.objects.exists()


def test_the_students_page_lists_the_years_incidents_newest_first(cast, as_user):
    for ago in range(7):
        record(cast, replace(FIGHT, day=TODAY - ago * DAY), "ana" if ago else "tom")
    cast.maya.incidents.create(day=cast.school.year_start() - DAY, kind="Last year")
    page = as_user(cast.ana).get(cast.maya.get_absolute_url())
    record_ = page.context["page"].incidents
    lines = [*record_.latest, *record_.earlier]
    assert [(TODAY - line.incident.day).days for line in lines] == [0, 1, 2, 3, 4, 5, 6]
    assert [line.may_edit for line in lines] == [False, True, True, True, True, True, True]
    text = page.content.decode()
    assert ("2 earlier incidents" in text, "2.5 school days" in text, address(cast) in text) == (
        True,
        True,
        True,
    )


def test_nothing_can_be_recorded_on_the_page_of_a_student_who_left(cast):
    cast.maya.status = "left"
    assert not incident_record_of(cast.cora, cast.maya).may_record
