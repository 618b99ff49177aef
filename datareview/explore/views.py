"""The page of Explore, and saving and removing views of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.comparisons.choices import Question
from datareview.comparisons.queries.pinned import MOST_PICKED
from datareview.explore import services
from datareview.explore.forms import QuestionForm, SaveViewForm
from datareview.explore.http import picking_page
from datareview.explore.permissions import saved_views_visible_to
from datareview.explore.queries.page import address_of_question, explore_page
from datareview.explore.queries.table import score_file
from teams.access.permissions import require_ability
from teams.lib.csv_export import csv_response
from teams.lib.http import render_page, run_service, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from datareview.explore.queries.page import ExplorePage
    from teams.lib.requests import SchoolRequest


def explore_show(request: SchoolRequest) -> HttpResponse:
    """Show the chart that answers the question of the address, with its students."""
    question = Question.read(request.GET)
    page = explore_page(request.user, request.school, question, page=request.GET.get("page", ""))
    if page is None and question.of:
        raise Http404
    return _page(request, page)


def explore_export(request: SchoolRequest) -> HttpResponse:
    """Download the students of the table with their scores and levels as CSV."""
    question = Question.read(request.GET)
    page = explore_page(request.user, request.school, question)
    if page is None or page.drawing.facts is None:
        raise Http404
    return csv_response("scores.csv", *score_file(page.drawing.facts, question))


@require_POST
def picked_group(request: SchoolRequest) -> HttpResponse:
    """Go on to the form that starts a group for the selected students."""
    require_ability(request.user, "start_plan", request.school)
    page = picking_page(request)
    picked = page.picked(set(request.POST.getlist("student")), everyone="everyone" in request.POST)
    if not picked:
        messages.error(request, _("Select at least one student first."))
        return redirect(address_of_question(page.question))
    chosen = [("student", str(student.uuid)) for student in picked[:MOST_PICKED]]
    if len(picked) > MOST_PICKED:
        messages.warning(request, _("Only the first %(most)s students are taken.") % {"most": MOST_PICKED})
    return redirect(f"{reverse('datareview:plan-group-start')}?{urlencode(chosen)}")


@require_POST
def view_save(request: SchoolRequest) -> HttpResponse:
    """Save the question of the form under a name, for the user or the team whose students it is about."""
    page = picking_page(request)
    form = SaveViewForm(request.POST, may_share=page.may_share)
    return save_form(
        request,
        form,
        lambda: services.save_view(
            request.school,
            actor=request.user,
            name=form.cleaned_data["name"],
            question=page.keep,
            team=page.asked.team if form.cleaned_data.get("is_shared") else None,
        ),
        page=lambda: _page(request, page, form),
        then=address_of_question(page.keep),
        done=_("The view is saved. You find it above the chart."),
    )


@require_POST
def view_remove(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Remove a saved view."""
    view = get_object_or_404(saved_views_visible_to(request.user).select_related("school", "team"), uuid=uuid)
    return run_service(
        request,
        lambda: services.remove_view(view, actor=request.user),
        back=reverse("datareview:explore-show"),
        done=_("The view is removed."),
    )


def _page(request: SchoolRequest, page: ExplorePage | None, form: SaveViewForm | None = None) -> HttpResponse:
    context: dict[str, Any] = {"page": page}
    if page:
        context["form"] = QuestionForm(page)
        context["save_form"] = form or SaveViewForm(may_share=page.may_share, auto_id="view_%s")
    status = 422 if form and form.errors else 200
    return render_page(request, "datareview/explore/show.html", context, partial="explore", status=status)
