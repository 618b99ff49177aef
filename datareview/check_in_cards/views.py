"""A plan's check-in card: today's points, setting it up, checking in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.check_in_cards import services
from datareview.check_in_cards.forms import CardForm, PointsForm
from datareview.check_in_cards.permissions import may_give_points, may_set_up
from datareview.check_in_cards.queries import POINTS_KEY, card_of, card_version, check_in_page
from datareview.progress.http import visible_plan
from datareview.records.models import Domain
from teams.lib.http import render_form, render_page, run_service, save_form
from teams.lib.parameters import day_or_none

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from datareview.check_in_cards.models import CheckInCard
    from datareview.plans.models import Plan
    from teams.lib.requests import SchoolRequest

TEMPLATE = "datareview/check_in_cards/show.html"


def check_in_card_show(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show the card on a day; a plan without one leads to the form."""
    plan = visible_plan(request, uuid)
    card = card_of(plan)
    if card is None:
        return (
            redirect("datareview:check-in-card-edit", plan.uuid)
            if may_set_up(request.user, plan)
            else redirect(plan)
        )
    return _page(request, plan, card)


def check_in_card_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Set up a card, or change it. A concurrent change shows the other."""
    plan = visible_plan(request, uuid)
    if not may_set_up(request.user, plan):
        raise PermissionDenied
    card = card_of(plan)
    is_measured = plan.measure.key == POINTS_KEY
    form = CardForm(request.POST or None, plan=plan, card=card, is_measured=is_measured)
    return save_form(
        request,
        form,
        lambda: services.set_up_card(plan, actor=request.user, **form.values()),
        page=lambda: render_form(
            request, "datareview/check_in_cards/edit.html", form, {"plan": plan, "card": card}
        ),
        then=lambda _card: _address(plan),
        done=_("The card is ready."),
        newest=lambda: {"seen": card_version(card_of(plan))},
    )


@require_POST
def check_in_points(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Give the points of a period with one tap."""
    plan, card = _card(request, uuid)
    form = PointsForm(request.POST)
    return run_service(
        request,
        lambda: services.give_points(card, actor=request.user, **form.cleaned_data),
        back=_back(request, plan),
        region=lambda: _page(request, plan, card),
        form=form,
        typed=False,
    )


@require_POST
def check_in_check(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Check a student in ("way" is in, or back) or out."""
    plan, card = _card(request, uuid)
    day = day_or_none(request.POST.get("day")) or plan.student.school.today()
    way = request.POST.get("way", "")

    def work() -> None:
        if way == "out":
            services.check_out(card, actor=request.user, day=day)
        else:
            services.check_in(card, actor=request.user, day=day, back=way == "back")

    return run_service(
        request,
        work,
        back=_back(request, plan),
        done=_("The day’s share of points is saved as a score.") if way == "out" else "",
        region=lambda: _page(request, plan, card),
        typed=False,
    )


def card_panel(request: SchoolRequest, plan: Plan) -> str | None:
    """The way from a plan to its card, or to a first one for plans about behavior."""
    card = card_of(plan)
    user = request.user
    may = may_set_up(user, plan) and plan.measure.domain in (
        Domain.BEHAVIOR,
        Domain.ENGAGEMENT,
        Domain.ATTENDANCE,
    )
    if card is None and not may:
        return None
    context = {"plan": plan, "card": card, "may_give": card and may_give_points(user, plan)}
    return render_to_string("datareview/check_in_cards/_panel.html", context, request)


def _card(request: SchoolRequest, uuid: UUID) -> tuple[Plan, CheckInCard]:
    plan = visible_plan(request, uuid)
    if (card := card_of(plan)) is None:
        raise Http404
    return plan, card


def _address(plan: Plan) -> str:
    return reverse("datareview:check-in-card-show", args=[plan.uuid])


def _back(request: SchoolRequest, plan: Plan) -> str:
    day = day_or_none(request.POST.get("day"))
    return _address(plan) + (f"?on={day.isoformat()}" if day else "")


def _page(request: SchoolRequest, plan: Plan, card: CheckInCard) -> HttpResponse:
    card.plan = plan
    on = request.POST.get("day") or request.GET.get("on")
    return render_page(request, TEMPLATE, {"page": check_in_page(request.user, card, on)}, partial="card")
