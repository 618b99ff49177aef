"""Pages on which a team makes its assessments, changes them and finds them again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from datareview.assessments import queries
from datareview.assessments.forms.assessments import AssessmentFilter, CopyForm
from datareview.assessments.forms.editor import Editor
from datareview.assessments.permissions import (
    assessments_to_copy,
    assessments_visible_to,
    deleted_assessments,
    may_edit_assessment,
    may_make_assessments,
)
from datareview.assessments.services.assessments import (
    AssessmentValues,
    change_assessment,
    delete_assessment,
    make_assessment,
    restore_assessment,
)
from datareview.items.services.items import stored_items
from datareview.items.services.standards import UnknownStandards
from teams.access.permissions import teams_visible_to
from teams.lib import formats
from teams.lib.errors import StaleEdit
from teams.lib.http import render_page, run_service, save_form
from teams.lib.parameters import uuid_or_none

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from django.http import HttpResponse

    from datareview.records.models import Assessment
    from teams.directory.models import Team
    from teams.lib.requests import SchoolRequest

T = TypeVar("T")


def assessment_all(request: SchoolRequest) -> HttpResponse:
    """Show the assessments of all teams that the user may see, filtered and sorted by the query string."""
    return _list(request, None)


def assessment_list(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a team's assessments, filtered and sorted by the query string."""
    return _list(request, _team(request, uuid))


def assessment_new(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Make an assessment; ``?copy=`` copies the items of an earlier one, ``?again=`` checks its standards again."""
    team = _team(request, uuid)
    if not may_make_assessments(request.user, team):
        raise PermissionDenied
    choices = queries.editor_choices(team)
    copied = _copied(request, team)
    editor = Editor(
        request.POST or None,
        choices,
        start=_start_of(copied, team, is_again="again" in request.GET) if copied else None,
        items=[replace(item, pk=None, is_dropped=False) for item in stored_items(copied)] if copied else [],
    )
    copyable = queries.copyable_assessments(request.user, team)
    context = {
        "team": team,
        "copy_form": CopyForm(request.GET, copyable) if copyable else None,
        "copied": copied if copied and copied.team_id == team.pk and request.method == "GET" else None,
        "is_again": "again" in request.GET,
    }
    return _save(
        request,
        editor,
        lambda: make_assessment(
            team,
            actor=request.user,
            values=editor.values(),
            items=editor.items(),
            add_standards=editor.form.cleaned_data["add_standards"],
        ),
        context=context,
        then=lambda made: made,
        done=_("The assessment is ready. Enter the answers when it has been given."),
    )


def assessment_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Change an assessment and its items. A concurrent edit shows the other version."""
    assessment = _visible(request, uuid)
    if not may_edit_assessment(request.user, assessment):
        raise PermissionDenied
    editor = Editor(
        request.POST or None,
        queries.editor_choices(assessment.team, assessment),
        assessment=assessment,
        start=AssessmentValues.of(assessment),
        items=stored_items(assessment),
    )

    def newest() -> dict[str, object]:
        assessment.refresh_from_db()
        return {"seen": assessment.version}

    return _save(
        request,
        editor,
        lambda: change_assessment(
            assessment,
            actor=request.user,
            values=editor.values(),
            items=editor.items(),
            seen=editor.form.cleaned_data["seen"] or 0,
            add_standards=editor.form.cleaned_data["add_standards"],
        ),
        context={"team": assessment.team, "assessment": assessment},
        then=assessment,
        done=_saved,
        newest=newest,
    )


@require_POST
def assessment_delete(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Delete an assessment; it can be restored from the list."""
    assessment = _visible(request, uuid)
    if not may_edit_assessment(request.user, assessment):
        raise PermissionDenied
    listed = reverse("datareview:assessment-list", args=[assessment.team.uuid])
    return run_service(
        request,
        lambda: delete_assessment(assessment, actor=request.user),
        back=f"{listed}?show=deleted",
        done=_("Deleted. You can restore it here."),
    )


@require_POST
def assessment_restore(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Restore a deleted assessment."""
    teams = teams_visible_to(request.user).select_related("school")
    team = get_object_or_404(teams, assessments__uuid=uuid)
    assessment = get_object_or_404(deleted_assessments(request.user, team), uuid=uuid)
    listed = reverse("datareview:assessment-list", args=[team.uuid])
    return run_service(
        request,
        lambda: restore_assessment(assessment, actor=request.user),
        back=f"{listed}?show=deleted",
        then=listed,
        done=_("Restored with its answers."),
    )


def _list(request: SchoolRequest, team: Team | None) -> HttpResponse:
    school = team.school if team else request.school
    found = queries.assessments_of(request.user, school, team, request.GET.dict())
    context = {"list": found, "filters": AssessmentFilter(request.GET, found)}
    return render_page(request, "datareview/assessments/list.html", context, partial="assessments")


def _saved(marked: int) -> str:
    """Say that a change was saved, and how many answers have other points since."""
    if not marked:
        return _("Saved.")
    again = ngettext("%(n)s answer was marked again.", "%(n)s answers were marked again.", marked) % {
        "n": formats.number(marked)
    }
    return _("Saved. %(again)s") % {"again": again}


def _save(
    request: SchoolRequest,
    editor: Editor,
    work: Callable[[], T],
    *,
    context: Mapping[str, object],
    then: Assessment | Callable[[T], Assessment],
    done: str | Callable[[T], str],
    newest: Callable[[], dict[str, object]] | None = None,
) -> HttpResponse:
    """Save what was typed, or show it with what was read into it, its problems and unknown standards."""
    unknown = editor.unknown() if editor.was_read else []

    def page() -> HttpResponse:
        status = 422 if editor.has_errors else 200
        shown = {"editor": editor, "form": editor.form, "unknown": unknown, **context}
        if editor.was_read and unknown:
            shown["unknown_told"] = str(UnknownStandards(unknown))
        return render_page(request, "datareview/assessments/edit.html", shown, status=status)

    def run() -> T:
        try:
            return work()
        except UnknownStandards as error:
            unknown.extend(error.codes)
            raise
        except StaleEdit as error:
            raise StaleEdit(
                _("%(message)s It says now: “%(text)s”. Saving again replaces it.")
                % {"message": error, "text": error.current},
                current=error.current,
            ) from error

    if editor.form.is_bound and not editor.is_valid:
        return page()
    return save_form(request, editor.form, run, page=page, then=then, done=done, newest=newest)


def _start_of(copied: Assessment, team: Team, *, is_again: bool) -> AssessmentValues:
    """Values of a new assessment like ``copied``, which it checks again or only takes its items from."""
    start = AssessmentValues.of(copied)
    if copied.team_id != team.pk:
        return replace(start, sections=(), again_of=None, note="")
    return replace(start, again_of=copied if is_again else None)


def _copied(request: SchoolRequest, team: Team) -> Assessment | None:
    """The assessment named by ``?copy=`` or ``?again=``, if the user may copy it."""
    uuid = uuid_or_none(request.GET.get("copy") or request.GET.get("again"))
    rows = assessments_to_copy(request.user, team.school).select_related("team", "again_of")
    return get_object_or_404(rows, uuid=uuid) if uuid else None


def _team(request: SchoolRequest, uuid: UUID) -> Team:
    return get_object_or_404(teams_visible_to(request.user).select_related("school"), uuid=uuid)


def _visible(request: SchoolRequest, uuid: UUID) -> Assessment:
    rows = assessments_visible_to(request.user).select_related("team__school", "again_of")
    return get_object_or_404(rows, uuid=uuid)
