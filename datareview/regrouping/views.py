"""Form groups after an assessment, change them, print them, see what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.assessments.permissions import assessments_visible_to, may_edit_assessment
from datareview.regrouping import services
from datareview.regrouping.forms import GroupsForm, NewGroupForm, NoteForm
from datareview.regrouping.queries.families import families_of
from datareview.regrouping.queries.groups import (
    formed_groups,
    groups_page,
    lists_by_teacher,
    proposed_groups,
    regroupings_visible_to,
    standards_asked,
)
from teams.lib.http import run_service, save_form
from teams.lib.parameters import public_id

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from datareview.records.models import Assessment, Standard
    from datareview.regrouping.models import Regrouping
    from datareview.regrouping.queries.groups import GroupsPage, StandardChoice, TeachingGroup
    from teams.lib.requests import SchoolRequest


def regrouping_form(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show which students would be in which group on a standard; POST forms the groups. Formed groups are shown instead."""
    rows = assessments_visible_to(request.user).select_related("team__school")
    assessment = get_object_or_404(rows, uuid=uuid)
    _for_the_team(request, assessment)
    standards = standards_asked(assessment)
    standard = _chosen(request, standards)
    if request.method == "POST":
        return run_service(
            request,
            lambda: services.form_groups(assessment, standard, actor=request.user),
            back=request.get_full_path(),
            then=lambda regrouping: regrouping,
        )
    if formed := formed_groups(assessment, standard):
        return redirect(formed)
    context = {
        "proposal": proposed_groups(request.user, assessment, standard),
        "standards": standards,
        "standard": standard,
    }
    return render(request, "datareview/regrouping/form.html", context)


def regrouping_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show the groups and what came of them; POST saves them and may split one. A concurrent change shows both."""
    regrouping = _regrouping(request, uuid)
    page = groups_page(request.user, regrouping)
    form = GroupsForm(request.POST or None, page=page)

    def shown() -> HttpResponse:
        context = {
            "page": page,
            "standards": standards_asked(regrouping.assessment),
            "form": form,
            "new_group": NewGroupForm(),
            "notes": _note_forms(page),
        }
        return render(request, "datareview/regrouping/detail.html", context)

    def newest() -> dict[str, object]:
        regrouping.refresh_from_db()
        return {"version": regrouping.version}

    return save_form(
        request,
        form,
        lambda: services.save_groups(
            regrouping,
            actor=request.user,
            groups=form.group_values(),
            places=form.places(),
            check_on=form.check_day(),
            version=form.cleaned_data["version"],
            split=form.cleaned_data["split"],
        ),
        page=shown,
        then=regrouping,
        done=_("Saved."),
        newest=newest,
    )


@require_POST
def regrouping_extend(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Add an empty group."""
    regrouping = _regrouping(request, uuid)
    form = NewGroupForm(request.POST)
    return run_service(
        request,
        lambda: services.add_group(regrouping, form.cleaned_data["band"], actor=request.user),
        back=regrouping,
        form=form,
    )


@require_POST
def regrouping_remove(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Remove a set of groups."""
    regrouping = _regrouping(request, uuid)
    return run_service(
        request,
        lambda: services.remove_groups(regrouping, actor=request.user),
        back=regrouping,
        then=regrouping.assessment,
        done=_("The groups were removed. The results stay."),
    )


@require_POST
def group_remove(request: SchoolRequest, uuid: UUID, pk: int) -> HttpResponse:
    """Remove a group that nobody is in."""
    regrouping = _regrouping(request, uuid)
    group = get_object_or_404(regrouping.groups, pk=pk)
    return run_service(request, lambda: services.remove_group(group, actor=request.user), back=regrouping)


@require_POST
def group_note(request: SchoolRequest, uuid: UUID, pk: int) -> HttpResponse:
    """Write what was tried with a group and what the teacher saw."""
    regrouping = _regrouping(request, uuid)
    group = get_object_or_404(regrouping.groups, pk=pk)
    form = NoteForm(request.POST)
    return run_service(
        request,
        lambda: services.note_group(group, actor=request.user, **form.cleaned_data),
        back=regrouping,
        form=form,
        done=_("Saved."),
    )


def regrouping_lists(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """One list for each teacher and a sentence for each family, to print."""
    regrouping = _regrouping(request, uuid)
    page = groups_page(request.user, regrouping)
    context = {"page": page, "lines": lists_by_teacher(page), "families": families_of(page)}
    return render(request, "datareview/regrouping/lists.html", context)


def _regrouping(request: SchoolRequest, uuid: UUID) -> Regrouping:
    return get_object_or_404(regroupings_visible_to(request.user), uuid=uuid)


def _for_the_team(request: SchoolRequest, assessment: Assessment) -> None:
    """404 for those outside the team: groups show each student's band, from which a class's results can be counted."""
    if not may_edit_assessment(request.user, assessment):
        raise Http404


def _chosen(request: SchoolRequest, choices: list[StandardChoice]) -> Standard | None:
    """The standard that the address names; None for the whole assessment, 404 for one that it does not ask."""
    wanted = request.GET.get("standard")
    if not wanted:
        return None
    for choice in choices:
        if choice.standard.uuid == public_id(wanted):
            return choice.standard
    raise Http404


def _note_forms(page: GroupsPage) -> list[tuple[TeachingGroup, NoteForm]]:
    return [
        (
            line,
            NoteForm(
                initial={
                    "tried": line.group.tried,
                    "saw": line.group.saw,
                    "seen": services.note_version(line.group),
                },
                auto_id=f"note-{line.group.pk}-%s",
            ),
        )
        for line in page.groups
    ]
