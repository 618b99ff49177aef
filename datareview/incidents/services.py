"""Record incidents, change and remove them."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from datareview.incidents.permissions import may_edit
from datareview.records.models import Incident, Student
from datareview.runs.services.runs import start_trend_run
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.lib import formats
from teams.lib.errors import DomainError, StaleEdit
from teams.lib.versions import version_of

if TYPE_CHECKING:
    from decimal import Decimal

    from teams.directory.models import User

LONGEST_AGO = dt.timedelta(days=366)  # older incidents come in files
LASTING = {Incident.Consequence.DETENTION, Incident.Consequence.IN_SCHOOL, Incident.Consequence.OUT_OF_SCHOOL}


@dataclass(frozen=True, slots=True)
class IncidentValues:
    """What a person writes about an incident. ``time`` is the school's; ``days`` is how long the consequence lasts."""

    day: dt.date
    kind: str
    time: dt.time | None = None
    place: str = ""
    severity: str = Incident.Severity.MINOR.value
    consequence: str = Incident.Consequence.NONE.value
    days: Decimal | None = None

    @classmethod
    def of(cls, incident: Incident) -> IncidentValues:
        """The stored values of ``incident``."""
        return cls(**{field.name: getattr(incident, field.name) for field in fields(cls)})


@transaction.atomic
def record_incident(student: Student, *, actor: User, values: IncidentValues) -> Incident:
    """Record an incident of a student, and compute the student's flags again."""
    require_ability(actor, "record_incidents", student.school)
    if student.status != Student.Status.ACTIVE:
        raise DomainError(_("%(student)s has left the school.") % {"student": student})
    _check(student, values)
    incident = Incident.objects.create(student=student, recorded_by=actor, **asdict(values))
    _record(actor, "recorded-incident", incident, _plain(values))
    return incident


@transaction.atomic
def edit_incident(incident: Incident, *, actor: User, values: IncidentValues, seen: str) -> Incident:
    """Change an incident.

    ``seen`` is the `incident_version` the actor started from; if it has changed, StaleEdit has the values stored now.
    """
    incident = _locked(incident, actor)
    before = IncidentValues.of(incident)
    if seen != incident_version(incident):
        raise StaleEdit(
            _("Someone changed this incident while you were writing."), current=_in_words(incident)
        )
    _check(incident.student, values)
    changed = {name: value for name, value in asdict(values).items() if value != asdict(before)[name]}
    if not changed:
        return incident
    for name, value in changed.items():
        setattr(incident, name, value)
    incident.save(update_fields=list(changed))
    old, new = _plain(before), _plain(values)
    _record(actor, "edited-incident", incident, {name: [old[name], new[name]] for name in changed})
    return incident


@transaction.atomic
def remove_incident(incident: Incident, *, actor: User) -> None:
    """Delete an incident."""
    incident = _locked(incident, actor)
    _record(actor, "removed-incident", incident, _plain(IncidentValues.of(incident)))
    incident.delete()


def incident_version(incident: Incident) -> str:
    """A short hash of what `edit_incident` changes, to detect concurrent edits."""
    return version_of(_plain(IncidentValues.of(incident)))


def _check(student: Student, values: IncidentValues) -> None:
    today = student.school.today()
    if not values.kind.strip():
        raise DomainError(_("Say what kind of incident it was."))
    if values.day > today:
        raise DomainError(
            _("The date is in the future; today is %(today)s at the school.")
            % {"today": formats.short_day(today, with_year=True)}
        )
    if values.day < today - LONGEST_AGO:
        raise DomainError(_("This is more than a year ago. Older incidents come in a file, under Imports."))
    if values.days is not None and values.consequence not in LASTING:
        raise DomainError(_("Only a detention or a suspension lasts days. Leave the days empty."))


def _locked(incident: Incident, actor: User) -> Incident:
    rows = Incident.objects.select_for_update(of=("self",), no_key=True).select_related("student__school")
    found = rows.filter(pk=incident.pk).first()
    if found is None:
        raise DomainError(_("Someone removed this incident in the meantime."))
    if not may_edit(actor, found, found.student.school_id):
        raise PermissionDenied
    return found


def _record(actor: User, verb: str, incident: Incident, detail: dict[str, Any]) -> None:
    school = incident.student.school
    record_event(actor, verb, incident.student, school=school, detail=detail, incident=incident.pk)
    start_trend_run(school, actor=actor, trigger="incident", student_ids=[incident.student_id])


def _plain(values: IncidentValues) -> dict[str, Any]:
    return {name: None if value is None else str(value) for name, value in asdict(values).items()}


def _in_words(incident: Incident) -> str:
    words = [
        formats.short_day(incident.day),
        formats.time(incident.time) if incident.time else "",
        incident.place,
        incident.kind,
        incident.get_severity_display(),
        incident.get_consequence_display(),
        formats.number(incident.days) if incident.days is not None else "",
    ]
    return ", ".join(word for word in words if word)
