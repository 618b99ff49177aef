"""The bank of strategies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.forms import Form
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from datareview.strategies import services
from datareview.strategies.forms import AdoptStrategiesForm, BankFilter, StrategyForm
from datareview.strategies.permissions import strategies_visible_to
from datareview.strategies.queries import bank_of, listed_strategies, strategies_to_adopt, strategy_page
from teams.access.permissions import require_ability
from teams.lib import formats
from teams.lib.http import render_form, render_page, run_service, save_form
from teams.lists.picked import change_picked

if TYPE_CHECKING:
    from collections.abc import Container
    from uuid import UUID

    from django.http import HttpResponse, QueryDict

    from datareview.strategies.models import Strategy
    from teams.lib.requests import SchoolRequest


def strategy_list(request: SchoolRequest) -> HttpResponse:
    """Show the bank, filtered and sorted by the query string."""
    return _list_page(request, request.GET)


def _list_page(
    request: SchoolRequest, wanted: QueryDict, *, form: Form | None = None, picked: Container[str] = ()
) -> HttpResponse:
    context = {
        "bank": bank_of(request.user, request.school, wanted.dict()),
        "filters": BankFilter(wanted, request.school),
        "wanted": wanted,
        "picked": picked,
    }
    return render_form(
        request, "datareview/strategies/list.html", form or Form(), context, partial="strategies"
    )


@require_POST
def strategies_change(request: SchoolRequest) -> HttpResponse:
    """Retire the selected strategies, or bring them back."""
    require_ability(request.user, "edit_strategies", request.school)
    is_retired = request.POST.get("do") == "retire"
    form = Form(request.POST)
    return change_picked(
        request,
        form,
        lambda rows: services.retire_strategies(
            request.school, rows, actor=request.user, is_retired=is_retired
        ),
        rows=strategies_visible_to(request.user).filter(school=request.school),
        listed=lambda wanted: listed_strategies(request.user, request.school, wanted),
        page=lambda wanted, picked: _list_page(request, wanted, form=form, picked=picked),
        back="datareview:strategy-list",
        done=lambda changed: _changed(is_retired=is_retired, many=len(changed)),
    )


def _changed(*, is_retired: bool, many: int) -> str:
    """What became of several strategies."""
    words = (
        ngettext("%(n)s strategy was retired.", "%(n)s strategies were retired.", many)
        if is_retired
        else ngettext("%(n)s strategy can be chosen again.", "%(n)s strategies can be chosen again.", many)
    )
    return words % {"n": formats.number(many)}


def strategy_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a strategy, and the plans that use it."""
    page = strategy_page(request.user, _visible(request, uuid))
    return render_page(request, "datareview/strategies/detail.html", {"page": page})


def strategy_add(request: SchoolRequest) -> HttpResponse:
    """Add a strategy of the school's own."""
    require_ability(request.user, "edit_strategies", request.school)
    form = StrategyForm(request.POST or None, school=request.school)
    return save_form(
        request,
        form,
        lambda: services.add_strategy(request.school, actor=request.user, **form.values()),
        page=lambda: render_form(request, "datareview/strategies/edit.html", form),
        then=lambda strategy: strategy,
        done=_("The strategy was added."),
    )


def strategy_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Edit a strategy. A concurrent edit shows the other version."""
    strategy = _visible(request, uuid)
    require_ability(request.user, "edit_strategies", strategy.school)
    form = StrategyForm(request.POST or None, school=strategy.school, strategy=strategy)

    def newest() -> dict[str, object]:
        strategy.refresh_from_db()
        return {"seen": services.strategy_fingerprint(strategy)}

    return save_form(
        request,
        form,
        lambda: services.change_strategy(
            strategy, actor=request.user, seen=form.cleaned_data["seen"] or None, **form.values()
        ),
        page=lambda: render_form(request, "datareview/strategies/edit.html", form, {"strategy": strategy}),
        then=strategy,
        done=_("Saved."),
        field="what_to_do",
        newest=newest,
    )


@require_POST
def strategy_copy(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Copy a strategy, and open the copy to edit it."""
    strategy = _visible(request, uuid)
    return run_service(
        request,
        lambda: services.copy_strategy(strategy, actor=request.user),
        back=strategy,
        then=lambda copy: reverse("datareview:strategy-edit", args=[copy.uuid]),
    )


@require_POST
def strategy_retire(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Retire a strategy; ``retired=no`` brings it back."""
    strategy = _visible(request, uuid)
    is_retired = request.POST.get("retired") != "no"
    return run_service(
        request,
        lambda: services.retire_strategies(
            strategy.school, [strategy], actor=request.user, is_retired=is_retired
        ),
        back=strategy,
        done=_("Retired. New plans can’t choose it.") if is_retired else _("It can be chosen again."),
    )


def strategies_adopt(request: SchoolRequest) -> HttpResponse:
    """Add starting strategies to the bank."""
    require_ability(request.user, "edit_strategies", request.school)
    groups = strategies_to_adopt(request.school)
    form = AdoptStrategiesForm(request.POST or None, groups=groups)
    return save_form(
        request,
        form,
        lambda: services.adopt_strategies(request.school, form.cleaned_data["keys"], actor=request.user),
        page=lambda: render_form(
            request, "datareview/strategies/adopt.html", form, {"has_more": bool(groups)}
        ),
        then="datareview:strategy-list",
        done=lambda added: (
            ngettext("%(n)s strategy was added.", "%(n)s strategies were added.", len(added))
            % {"n": len(added)}
        ),
    )


def _visible(request: SchoolRequest, uuid: UUID) -> Strategy:
    return get_object_or_404(strategies_visible_to(request.user).select_related("school"), uuid=uuid)
