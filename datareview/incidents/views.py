"""Record an incident on a student's page, change it, remove it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from datareview.incidents import services
from datareview.incidents.forms import IncidentForm
from datareview.incidents.permissions import editable_incidents, students_to_record
from datareview.incidents.queries import usual_words
from teams.lib import clock
from teams.lib.http import render_form, run_service, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def incident_add(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Record an incident of a student, which is now unless someone says otherwise."""
    student = get_object_or_404(students_to_record(request.user), uuid=uuid)
    now = clock.now().astimezone(student.school.tz)
    form = IncidentForm(
        request.POST or None,
        usual=usual_words(student.school),
        initial={"day": now.date(), "time": now.time()},
    )
    return save_form(
        request,
        form,
        lambda: services.record_incident(student, actor=request.user, values=form.values()),
        page=lambda: render_form(request, "datareview/incidents/add.html", form, {"student": student}),
        then=student,
        done=_("The incident was recorded."),
    )


def incident_edit(request: SchoolRequest, pk: int) -> HttpResponse:
    """Change an incident, or remove it. A concurrent edit shows the other version."""
    incident = get_object_or_404(editable_incidents(request.user), pk=pk)
    student = incident.student
    if request.method == "POST" and request.POST.get("remove"):
        return run_service(
            request, lambda: services.remove_incident(incident, actor=request.user), back=student
        )
    values = services.IncidentValues.of(incident)
    start = {**asdict(values), "seen": services.incident_version(incident)}
    form = IncidentForm(request.POST or None, usual=usual_words(student.school), initial=start)

    def newest() -> dict[str, object]:
        incident.refresh_from_db()
        return {"seen": services.incident_version(incident)}

    context = {"incident": incident, "student": student}
    return save_form(
        request,
        form,
        lambda: services.edit_incident(
            incident, actor=request.user, values=form.values(), seen=form.cleaned_data["seen"]
        ),
        page=lambda: render_form(request, "datareview/incidents/edit.html", form, context),
        then=student,
        done=_("Saved."),
        field="kind",
        newest=newest,
    )
