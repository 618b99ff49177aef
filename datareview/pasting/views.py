"""Paste a block of rows, settle what is unclear, save it."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import ngettext

from datareview.answers.forms import PasteForm
from datareview.answers.queries.grid import entry_class
from datareview.assessments.permissions import assessments_visible_to
from datareview.pasting.forms import SettlingForm
from datareview.pasting.queries.preview import preview_paste
from datareview.pasting.services import save_block
from datareview.sections.http import needs_names
from teams.lib import formats
from teams.lib.errors import DomainError
from teams.lib.http import render_form, save_form
from teams.lib.parameters import public_id

if TYPE_CHECKING:
    from typing import Any
    from uuid import UUID

    from django.http import HttpResponse

    from datareview.pasting.queries.preview import PastePreview
    from datareview.records.models import Assessment, Section
    from teams.lib.requests import SchoolRequest


@needs_names
def answer_paste(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show the form for a block of rows; POST shows what saving it would do, and with "save" saves it."""
    assessment, section = _class(request, uuid)
    form = PasteForm(request.POST or None)
    preview = _preview(request, assessment, section, form)
    here = {"assessment": assessment, "section": section}
    grid_page = f"{reverse('datareview:answer-enter', args=[assessment.uuid])}?section={section.uuid}"

    def page() -> HttpResponse:
        context: dict[str, Any] = {**here, "preview": preview, "grid_page": grid_page}
        if preview is not None:
            initial = {"text": form.cleaned_data["text"], "seen": preview.grid.revision}
            context["settle"] = SettlingForm(preview=preview, initial=initial)
            context["draft"] = zlib.crc32(form.cleaned_data["text"].encode())
        return render_form(request, "datareview/pasting/paste.html", form, context)

    def newest() -> dict[str, object]:
        nonlocal preview
        preview = preview_paste(
            assessment, section, form.cleaned_data["text"], form.data, reader=request.user
        )
        return {}

    if preview is None or "save" not in request.POST:
        return page()
    cells, seen = preview.typed_cells, request.POST.get("seen", "")
    return save_form(
        request,
        form,
        lambda: save_block(assessment, cells, actor=request.user, section=section, seen=seen),
        page=page,
        then=grid_page,
        done=lambda many: (
            ngettext("%(n)s answer was saved.", "%(n)s answers were saved.", many)
            % {"n": formats.number(many)}
        ),
        newest=newest,
    )


def _class(request: SchoolRequest, uuid: UUID) -> tuple[Assessment, Section]:
    """The assessment, and the class that the address names; 404 unless the user may enter its answers."""
    rows = assessments_visible_to(request.user).select_related("team__school")
    assessment = get_object_or_404(rows, uuid=uuid)
    section = entry_class(request.user, assessment, public_id(request.GET.get("section")))
    if section is None:
        raise Http404
    return assessment, section


def _preview(
    request: SchoolRequest, assessment: Assessment, section: Section, form: PasteForm
) -> PastePreview | None:
    """The preview of a valid form; None, with an error in the form, if the block cannot be used."""
    if not (form.is_bound and form.is_valid()):
        return None
    try:
        return preview_paste(assessment, section, form.cleaned_data["text"], form.data, reader=request.user)
    except DomainError as error:
        form.add_error("text", str(error))
        return None
