"""A teacher's class, and the work that is missing in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from datareview.class_board import services
from datareview.class_board.forms import MissingWorkForm
from datareview.class_board.permissions import classes_today, missing_work_of_classes
from datareview.class_board.queries import class_board
from teams.lib import formats
from teams.lib.http import render_form, render_page, run_service, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def class_list(request: SchoolRequest) -> HttpResponse:
    """List the reader's classes."""
    classes = list(classes_today(request.user).filter(school=request.school))
    return render_page(request, "datareview/class_board/list.html", {"classes": classes})


def class_show(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a class, and note work that was not handed in."""
    section = get_object_or_404(classes_today(request.user), uuid=uuid)
    board = class_board(request.user, section)
    students = [row.student for row in board.rows]
    form = MissingWorkForm(request.POST or None, school=section.school, students=students)
    return save_form(
        request,
        form,
        lambda: services.note_missing_work(section, actor=request.user, **form.cleaned_data),
        page=lambda: render_form(request, "datareview/class_board/show.html", form, {"board": board}),
        then=reverse("datareview:class-show", args=[section.uuid]),
        done=lambda n: (
            ngettext("Noted for %(n)s student.", "Noted for %(n)s students.", n) % {"n": formats.number(n)}
        ),
    )


@require_POST
def missing_work_set(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Note that a piece of work came after all, or that it did not."""
    work = get_object_or_404(missing_work_of_classes(request.user), uuid=uuid)
    is_handed_in = request.POST.get("handed_in") != "no"
    return run_service(
        request,
        lambda: services.hand_in(work, actor=request.user, is_handed_in=is_handed_in),
        back=reverse("datareview:class-show", args=[work.enrollment.section.uuid]),
        done=_("Noted: handed in.") if is_handed_in else _("Noted: still missing."),
    )
