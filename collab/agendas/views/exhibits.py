"""Show a chart on an agenda; add, remove and hide charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from collab.agendas.forms import ExhibitForm
from collab.agendas.http import visible_item
from collab.agendas.queries.exhibit_views import exhibits_for
from collab.agendas.services import exhibits
from teams.lib.http import render_page, run_service

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from collab.agendas.models import Exhibit
    from teams.lib.requests import SchoolRequest


def exhibit_show(request: SchoolRequest, uuid: UUID, exhibit: UUID) -> HttpResponse:
    """Show one chart of an item, as a page or a fragment for an expanded row."""
    item = visible_item(request, uuid)
    row = get_object_or_404(item.exhibits, uuid=exhibit)
    meeting: Any = item.meeting
    shown = exhibits_for(request.user, item, meeting)
    context = {"item": item, "shown": next(one for one in shown if one.uuid == str(row.uuid))}
    return render_page(request, "collab/agendas/exhibits/show.html", context, partial="chart")


@require_POST
def exhibit_add(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Add a chart to an item."""
    item = visible_item(request, uuid)
    form = ExhibitForm(request.POST, item=item, user=request.user)
    return run_service(
        request,
        lambda: exhibits.add_exhibit(item, actor=request.user, **form.chosen()),
        back=reverse("collab:item-edit", args=[item.uuid]),
        form=form,
        invalid=_("Choose a chart."),
    )


@require_POST
def exhibit_remove(request: SchoolRequest, uuid: UUID, exhibit: UUID) -> HttpResponse:
    """Remove a chart from an item."""
    row = _exhibit(request, uuid, exhibit)
    return run_service(
        request,
        lambda: exhibits.remove_exhibit(row, actor=request.user),
        back=reverse("collab:item-edit", args=[uuid]),
    )


@require_POST
def exhibit_predict(request: SchoolRequest, uuid: UUID, exhibit: UUID) -> HttpResponse:
    """Hide a chart until everyone present has predicted, or stop hiding it."""
    row = _exhibit(request, uuid, exhibit)
    wanted = request.POST.get("wanted") == "yes"
    return run_service(
        request,
        lambda: exhibits.ask_to_predict(row, actor=request.user, wanted=wanted),
        back=row.item.agenda_meeting,
    )


def _exhibit(request: SchoolRequest, uuid: UUID, exhibit: UUID) -> Exhibit:
    item = visible_item(request, uuid)
    return get_object_or_404(item.exhibits.select_related("item__meeting"), uuid=exhibit)
