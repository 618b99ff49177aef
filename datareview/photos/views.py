"""Upload, show and remove photos of students."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.photos import services
from datareview.photos.forms import PhotoForm, PhotosForm
from datareview.photos.queries import how_many_photos, photo_day, photo_files, photo_of, photos_are_shown
from datareview.records.permissions import students_visible_to
from teams.access.permissions import require_ability
from teams.lib.http import render_form, run_service, save_upload
from teams.lib.requests import accepts_uploads

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from datareview.records.models import Student
    from teams.lib.requests import SchoolRequest


@accepts_uploads(lambda: services.MOST_BYTES)
def photo_list(request: SchoolRequest) -> HttpResponse:
    """Show whether photos are shown, and take a zip file of them."""
    require_ability(request.user, "edit_students", request.school)
    form = PhotosForm(request.POST or None, request.FILES or None)
    have, of = how_many_photos(request.school)
    context = {
        "is_on": photos_are_shown(request.school),
        "files": photo_files(request.school),
        "have": have,
        "of": of,
    }
    return save_upload(
        request,
        form,
        lambda row: services.read_photos_later(row, actor=request.user),
        store=lambda file: services.stored_photos(request.school, actor=request.user, file=file),
        page=lambda: render_form(request, "datareview/photos/list.html", form, context),
    )


@accepts_uploads(lambda: services.MOST_OF_ONE)
def photo_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Take a picture of a student."""
    student = _editable(request, uuid)
    form = PhotoForm(request.POST or None, request.FILES or None)
    context = {"student": student, "day": photo_day(student), "is_on": photos_are_shown(student.school)}
    return save_upload(
        request,
        form,
        lambda row: services.read_photos_later(row, actor=request.user),
        store=lambda file: services.stored_photos(
            student.school, actor=request.user, file=file, student=student
        ),
        page=lambda: render_form(request, "datareview/photos/edit.html", form, context),
    )


@require_POST
def photo_remove(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Delete a student's photo."""
    student = _editable(request, uuid)
    return run_service(
        request,
        lambda: services.remove_photo(student, actor=request.user),
        back=student,
        done=_("The photo was deleted."),
    )


@require_POST
def photo_switch(request: SchoolRequest) -> HttpResponse:
    """Show photos, or none."""
    is_on = request.POST.get("on") == "yes"
    return run_service(
        request,
        lambda: services.switch_photos(request.school, actor=request.user, is_on=is_on),
        back="datareview:photo-list",
        done=_("Photos are shown to who sees a student.") if is_on else _("No photos are shown."),
    )


def photo_show(request: SchoolRequest, uuid: UUID, day: str) -> FileResponse:
    """Send a student's photo; ``day`` only makes the address another one when the photo is."""
    del day
    student = get_object_or_404(students_visible_to(request.user).select_related("school"), uuid=uuid)
    picture = photo_of(student)
    if picture is None:
        raise Http404
    response = FileResponse(io.BytesIO(picture), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=600"
    return response


def _editable(request: SchoolRequest, uuid: UUID) -> Student:
    student = get_object_or_404(students_visible_to(request.user).select_related("school"), uuid=uuid)
    require_ability(request.user, "edit_students", student.school)
    return student
