"""Pages on which a school takes standards from a published framework."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.frameworks.forms import ChoiceForm, FrameworkUploadForm, choice_of
from datareview.frameworks.permissions import frameworks_visible_to
from datareview.frameworks.queries import framework_files, framework_page
from datareview.frameworks.services import (
    apply_framework,
    discard_framework,
    store_framework,
    undo_framework,
)
from teams.access.permissions import require_ability
from teams.lib.http import render_form, render_page, run_service, save_form
from teams.lib.requests import accepts_uploads

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from datareview.frameworks.models import FrameworkFile
    from teams.lib.requests import SchoolRequest


@accepts_uploads(lambda: settings.UPLOAD_MAX_BYTES)
def framework_list(request: SchoolRequest) -> HttpResponse:
    """List the files of frameworks; POST uploads one."""
    require_ability(request.user, "edit_standards", request.school)
    form = FrameworkUploadForm(request.POST or None, request.FILES or None)

    def page() -> HttpResponse:
        context = {"files": framework_files(request.user, request.school)[:50]}
        return render_form(request, "datareview/frameworks/list.html", form, context)

    def store() -> FrameworkFile:
        file = form.cleaned_data["file"]
        return store_framework(request.school, actor=request.user, name=file.name or "", data=file.read())

    return save_form(request, form, store, page=page, then=lambda file: file, field="file")


def framework_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show what applying a file would change, as the query string chooses its items."""
    file = _visible(request, uuid)
    found = framework_page(
        file, choice_of(file, request.GET), request.GET.get("page", ""), request.GET.get("show", "")
    )
    context = {"found": found, "form": ChoiceForm(found)}
    return render_page(request, "datareview/frameworks/detail.html", context)


@require_POST
def framework_apply(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Apply a file as it was seen."""
    file = _visible(request, uuid)
    choice, seen = choice_of(file, request.POST), request.POST.get("seen", "")
    return run_service(
        request,
        lambda: apply_framework(file, actor=request.user, choice=choice, seen=seen),
        back=file,
        done=_("The standards are in. The file can be undone."),
    )


@require_POST
def framework_undo(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Undo a file."""
    file = _visible(request, uuid)
    return run_service(
        request, lambda: undo_framework(file, actor=request.user), back=file, done=_("The file was undone.")
    )


@require_POST
def framework_discard(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Delete an upload that is not applied."""
    file = _visible(request, uuid)
    return run_service(
        request,
        lambda: discard_framework(file, actor=request.user),
        back=file,
        then=reverse("datareview:framework-list"),
        done=_("The upload was deleted."),
    )


def _visible(request: SchoolRequest, uuid: UUID) -> FrameworkFile:
    rows = frameworks_visible_to(request.user).select_related("school", "uploaded_by")
    return get_object_or_404(rows, uuid=uuid)
