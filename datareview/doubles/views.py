"""Records that were entered twice: find, compare, merge, undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.doubles.forms import MergeForm
from datareview.doubles.permissions import undoable_merges, unmarkable_pairs
from datareview.doubles.queries import (
    MOST_PAIRS,
    different_students,
    likely_doubles,
    merge_preview,
    recent_merges,
)
from datareview.doubles.services.different import mark_different, unmark_different
from datareview.doubles.services.merging import merge_students, undo_merge
from datareview.roster.permissions import editable_students
from datareview.sections.http import needs_names
from teams.access.permissions import require_ability
from teams.lib.http import render_form, render_page, run_service, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def merge_list(request: SchoolRequest) -> HttpResponse:
    """List records that may be of one student, merges that can still be undone, and pairs marked as different."""
    require_ability(request.user, "edit_students", request.school)
    context = {
        "doubles": likely_doubles(request.school),
        "most": MOST_PAIRS,
        "merges": recent_merges(request.school),
        "different": different_students(request.school, request.GET.get("page")),
    }
    return render_page(request, "datareview/doubles/list.html", context)


@needs_names
def student_merge(request: SchoolRequest, uuid: UUID, other: UUID) -> HttpResponse:
    """Compare two records and merge the second into the first."""
    students = editable_students(request.user)
    kept, gone = get_object_or_404(students, uuid=uuid), get_object_or_404(students, uuid=other)
    preview = merge_preview(kept, gone)
    bound = request.POST if request.method == "POST" else None
    form = MergeForm(bound, conflicts=preview.conflicts)
    context = {"kept": kept, "gone": gone, "preview": preview}
    return save_form(
        request,
        form,
        lambda: merge_students(kept, gone, actor=request.user, chosen=form.cleaned_data),
        page=lambda: render_form(request, "datareview/doubles/merge.html", form, context),
        then="datareview:merge-list",
        done=lambda merge: _("The two records are now one: %(student)s.") % {"student": merge.kept},
    )


@require_POST
def merge_undo(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Undo a merge."""
    merge = get_object_or_404(undoable_merges(request.user), uuid=uuid)
    return run_service(request, lambda: undo_merge(merge, actor=request.user), back="datareview:merge-list")


@require_POST
def different_mark(request: SchoolRequest, uuid: UUID, other: UUID) -> HttpResponse:
    """Mark two records as different students."""
    students = editable_students(request.user)
    first, second = get_object_or_404(students, uuid=uuid), get_object_or_404(students, uuid=other)
    return run_service(
        request,
        lambda: mark_different(first, second, actor=request.user),
        back="datareview:merge-list",
        done=_("They are kept as two students, and won’t be suggested again."),
    )


@require_POST
def different_undo(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Undo a mark of two different students."""
    pair = get_object_or_404(unmarkable_pairs(request.user), uuid=uuid)
    return run_service(
        request, lambda: unmark_different(pair, actor=request.user), back="datareview:merge-list"
    )
