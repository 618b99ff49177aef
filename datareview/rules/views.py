"""Pages of rules."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.rules.forms import AdoptForm, RuleForm
from datareview.rules.queries import change_in_words, rule_in_words, rules_page, rules_visible_to
from datareview.rules.services import adopt_preset, revise_rule, try_rule, undo_rule_change
from teams.access.permissions import require_ability
from teams.lib.errors import DomainError
from teams.lib.http import render_form, render_page, run_service, save_form
from teams.lib.parameters import int_or_none, public_id

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def rule_list(request: SchoolRequest) -> HttpResponse:
    """Show active rules and available presets."""
    require_ability(request.user, "run_trends", request.school)
    page = rules_page(request.user, request.school)
    offers = [(offer, AdoptForm(offer)) for offer in page.offers]
    return render_page(request, "datareview/rules/list.html", {"page": page, "offers": offers})


@require_POST
def rule_adopt(request: SchoolRequest, key: str) -> HttpResponse:
    """Adopt a preset; trends and flags are recomputed."""
    measure, grades = None, None
    if request.POST.get("measure"):
        measure = get_object_or_404(request.school.measures, uuid=public_id(request.POST["measure"]))
    lowest, highest = (int_or_none(request.POST.get(name)) for name in ("lowest_grade", "highest_grade"))
    if lowest is not None and highest is not None:
        grades = lowest, highest
    return run_service(
        request,
        lambda: adopt_preset(request.school, key, actor=request.user, measure=measure, grades=grades),
        back="datareview:rule-list",
        done=lambda rule: _("“%(rule)s” is on. Flags are being updated.") % {"rule": rule},
    )


def rule_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Change cut points and grades; "try" previews the effect without saving."""
    rule = get_object_or_404(rules_visible_to(request.user).select_related("school", "measure"), uuid=uuid)
    require_ability(request.user, "edit_rules", rule.school)
    form = RuleForm(request.POST or None, rule=rule)
    is_trial = "try" in request.POST
    context = {
        "rule": rule,
        "is_trial": is_trial,
        "words": rule_in_words(rule),
        "before": change_in_words(rule),
    }
    if is_trial and form.is_valid():
        try:
            context["trial"] = try_rule(rule, actor=request.user, **form.settings)
        except DomainError as error:
            form.add_error(None, str(error))
    page = partial(
        render_form,
        request,
        "datareview/rules/edit.html",
        form,
        context,
        partial="trial" if is_trial else "",
    )
    if is_trial:
        return page()
    return save_form(
        request,
        form,
        lambda: revise_rule(rule, actor=request.user, is_on=form.cleaned_data["is_on"], **form.settings),
        page=page,
        then="datareview:rule-list",
        done=_("Saved. Flags are being updated."),
    )


@require_POST
def rule_undo(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Undo the last change of a rule."""
    rule = get_object_or_404(rules_visible_to(request.user).select_related("school"), uuid=uuid)
    return run_service(
        request,
        lambda: undo_rule_change(rule, actor=request.user),
        back="datareview:rule-list",
        done=_("The change is undone. Flags are being updated."),
    )
