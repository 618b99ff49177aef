"""Pages of groups: the list, one group, starting one, joining and leaving, ending."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.delivery.forms.groups import (
    AddStudentForm,
    EntrantsForm,
    GroupChangeForm,
    GroupFilter,
    GroupStartForm,
    kept_values,
)
from datareview.delivery.http import visible_group, visible_member
from datareview.delivery.queries.groups import group_page, listed_groups
from datareview.delivery.queries.starting import (
    entrants_of,
    figure_field,
    group_start,
    initial_figures,
    join_figures,
    students_to_add,
)
from datareview.delivery.services import groups
from datareview.plans.queries.starting import provider_loads
from datareview.plans.services.checks import Conflicts
from datareview.plans.services.several import PlansRefused
from teams.access.permissions import require_ability
from teams.lib.errors import DomainError
from teams.lib.http import render_form, render_page, run_service, save_form

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpResponse

    from datareview.plans.models import PlanGroup
    from teams.lib.requests import SchoolRequest

T = TypeVar("T")
SEAT = (
    "fresh",
    "provider",
    "time",
    "weekdays",
    "minutes",
)  # what a free cell of the grid of seats says of a group


def plan_group_list(request: SchoolRequest) -> HttpResponse:
    """Show the school's groups."""
    found = listed_groups(request.user, request.school, request.GET.dict())
    context = {"groups": found, "filters": GroupFilter(request.GET, found), "wanted": request.GET}
    return render_page(request, "datareview/delivery/list.html", context, partial="groups")


def plan_group_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a group, its members and how they do."""
    group = visible_group(request, uuid)
    page = group_page(request.user, group)
    context: dict[str, object] = {"page": page}
    if page.may_arrange and not group.ended_on:
        here = [one.row.plan.student_id for one in page.members]
        context["add_form"] = AddStudentForm(students=students_to_add(request.user, group.school, here))
    return render_page(request, "datareview/delivery/detail.html", context)


def plan_group_start(request: SchoolRequest) -> HttpResponse:
    """Start a group for the students in the query string, with values suggested from the data of each."""
    require_ability(request.user, "start_plan", request.school)
    entrants = entrants_of(
        request.user, request.school, request.GET.getlist("candidate"), request.GET.getlist("student")
    )
    sent = request.POST or request.GET
    start = group_start(request.user, request.school, entrants, sent.dict())
    form = GroupStartForm(
        None if "fresh" in sent else request.POST or None, school=request.school, start=start
    )
    if "fresh" in sent:
        form.initial = {**form.initial, **kept_values(sent)}
    rest = students_to_add(request.user, request.school, [one.student.pk for one in entrants])
    context: dict[str, object] = {"start": start, "add_form": AddStudentForm(students=rest)}
    context["kept"] = [(name, one) for name in SEAT for one in request.GET.getlist(name)]
    region = "schedule" if "schedule" in request.GET else "roster"
    return save_form(
        request,
        form,
        lambda: _saved(
            form,
            lambda: groups.start_group(
                request.school, form.new_plans(), actor=request.user, **form.schedule()
            ),
        ),
        page=lambda: render_form(request, "datareview/delivery/start.html", form, context, partial=region),
        then=lambda group: group,
        done=_("The group is started, with a plan for each student."),
    )


def plan_group_join(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Let the students in the query string join a group, with a baseline and a goal for each."""
    group = visible_group(request, uuid)
    require_ability(request.user, "start_plan", group.school)
    named = [request.GET.getlist(name) for name in ("candidate", "student")]
    entrants = entrants_of(request.user, group.school, *named)
    figures = join_figures(group, entrants)
    form = EntrantsForm(
        request.POST or None,
        entrants=entrants,
        figures=figures,
        initial=initial_figures(entrants, figures),
    )
    context = {"group": group, "page": group_page(request.user, group)}
    return save_form(
        request,
        form,
        lambda: _saved(
            form,
            lambda: groups.join_group(
                group,
                form.new_plans(),
                actor=request.user,
                despite=form.cleaned_data["despite"],
                family=form.family(),
            ),
        ),
        page=lambda: render_form(request, "datareview/delivery/join.html", form, context),
        then=group,
        done=_("Added to the group, with a plan of their own."),
    )


def plan_group_change(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Change a group's schedule, leader, place or name from today on. A concurrent change shows the other."""
    group = visible_group(request, uuid)
    require_ability(request.user, "start_plan", group.school)
    form = GroupChangeForm(request.POST or None, group=group, loads=provider_loads(group.school))
    form.initial.update({name: request.GET[name] for name in ("provider", "time") if name in request.GET})

    def newest() -> dict[str, object]:
        group.refresh_from_db()
        return {"seen": group.version}

    return save_form(
        request,
        form,
        lambda: groups.change_group(
            group,
            actor=request.user,
            seen=form.cleaned_data["seen"],
            why=form.cleaned_data["why"],
            values=form.values(),
        ),
        page=lambda: render_form(request, "datareview/delivery/change.html", form, {"group": group}),
        then=group,
        done=_("The group is changed."),
        newest=newest,
    )


@require_POST
def plan_group_leave(request: SchoolRequest, uuid: UUID, pk: int) -> HttpResponse:
    """Let a member leave from today on, or come back with "back"."""
    group = visible_group(request, uuid)
    member = visible_member(request, group, pk)
    back = "back" in request.POST

    def work() -> None:
        (groups.return_to_group if back else groups.leave_group)(member, actor=request.user)

    done = (
        _("%(student)s is in the group again.")
        if back
        else _("%(student)s has left the group. The plan goes on.")
    )
    return run_service(request, work, back=group, done=done % {"student": member.plan.student})


@require_POST
def plan_group_end(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """End a group, or take the end back with "back"."""
    group = visible_group(request, uuid)
    service: Callable[..., PlanGroup] = (
        groups.reopen_plan_group if "back" in request.POST else groups.end_plan_group
    )
    done = (
        _("The group goes on.")
        if "back" in request.POST
        else _("The group has ended. Plans go on until reviewed.")
    )
    return run_service(request, lambda: service(group, actor=request.user), back=group, done=done)


def _saved(form: EntrantsForm, work: Callable[[], T]) -> T:
    """Run ``work``; what speaks against saving, and the reason a plan cannot start, are shown where they belong."""
    try:
        return work()
    except Conflicts as error:
        form.conflicts = error.sentences
        raise DomainError(_("Please read what speaks against it, then save again.")) from error
    except PlansRefused as error:
        for entrant in form.entrants:
            if sentence := error.problems.get(entrant.student.pk):
                form.add_error(figure_field("baseline", entrant.student.uuid), sentence)
        raise DomainError(_("Some plans cannot start, so nothing was saved. See below.")) from error
