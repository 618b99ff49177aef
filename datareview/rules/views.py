"""Pages of rules."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.forms import Form
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from datareview.flags.models import Rule
from datareview.rules.forms.conditions import ConditionsForm
from datareview.rules.forms.rules import AdoptForm, RuleFilter, RuleForm
from datareview.rules.http import replay_address
from datareview.rules.queries import (
    change_in_words,
    listed_rules,
    measures_for_rules,
    names_by_key,
    rule_in_words,
    rules_page,
    rules_visible_to,
)
from datareview.rules.services.drafts import own_rule, preset_rule, read_draft
from datareview.rules.services.rules import (
    add_rule,
    adopt_preset,
    revise_rule,
    switch_rules,
    undo_rule_change,
)
from datareview.rules.services.trials import try_new_rule, try_rule
from teams.access.permissions import require_ability
from teams.lib import formats
from teams.lib.errors import DomainError
from teams.lib.http import render_form, render_page, run_service, save_form
from teams.lib.parameters import int_or_none, public_id
from teams.lists.picked import change_picked

if TYPE_CHECKING:
    from collections.abc import Callable, Container
    from uuid import UUID

    from django.forms import BaseForm
    from django.http import HttpResponse, QueryDict

    from datareview.records.models import Measure
    from datareview.rules.services.drafts import Grades
    from teams.lib.requests import SchoolRequest


def rule_list(request: SchoolRequest) -> HttpResponse:
    """Show active rules and available presets."""
    require_ability(request.user, "run_trends", request.school)
    return _list_page(request, request.GET)


def _list_page(
    request: SchoolRequest, wanted: QueryDict, *, form: Form | None = None, picked: Container[str] = ()
) -> HttpResponse:
    page = rules_page(request.user, request.school, wanted.dict())
    context = {
        "page": page,
        "offers": [(offer, AdoptForm(offer)) for offer in page.offers],
        "filters": RuleFilter(wanted),
        "wanted": wanted,
        "picked": picked,
    }
    return render_form(request, "datareview/rules/list.html", form or Form(), context)


@require_POST
def rules_change(request: SchoolRequest) -> HttpResponse:
    """Switch the selected rules on or off; trends and flags are recomputed once."""
    require_ability(request.user, "edit_rules", request.school)
    is_on = request.POST.get("do") == "on"
    form = Form(request.POST)
    return change_picked(
        request,
        form,
        lambda rows: switch_rules(request.school, rows, actor=request.user, is_on=is_on),
        rows=rules_visible_to(request.user).filter(school=request.school),
        listed=lambda wanted: listed_rules(request.user, request.school, wanted),
        page=lambda wanted, picked: _list_page(request, wanted, form=form, picked=picked),
        back="datareview:rule-list",
        done=lambda changed: _switched(is_on=is_on, many=len(changed)),
    )


def _switched(*, is_on: bool, many: int) -> str:
    """What became of several rules."""
    if not many:
        return _("Nothing changed.")
    words = (
        ngettext("%(n)s rule is on.", "%(n)s rules are on.", many)
        if is_on
        else ngettext("%(n)s rule is off.", "%(n)s rules are off.", many)
    )
    return words % {"n": formats.number(many)} + " " + _("Flags are being updated.")


@require_POST
def rule_adopt(request: SchoolRequest, key: str) -> HttpResponse:
    """Adopt a preset; trends and flags are recomputed. "Try" shows whom it would flag without saving."""
    measure, grades = None, None
    if request.POST.get("measure"):
        measure = get_object_or_404(request.school.measures, uuid=public_id(request.POST["measure"]))
    lowest, highest = (int_or_none(request.POST.get(name)) for name in ("lowest_grade", "highest_grade"))
    if lowest is not None and highest is not None:
        grades = lowest, highest
    if "try" in request.POST:
        return _try_preset(request, key, measure, grades)
    return run_service(
        request,
        lambda: adopt_preset(request.school, key, actor=request.user, measure=measure, grades=grades),
        back="datareview:rule-list",
        done=lambda rule: _("“%(rule)s” is on. Flags are being updated.") % {"rule": rule},
    )


def _try_preset(
    request: SchoolRequest, key: str, measure: Measure | None, grades: Grades | None
) -> HttpResponse:
    """Show whom a preset would flag today, with its form to add it; back to the list if it cannot be judged."""
    try:
        rule = preset_rule(request.school, key, measure=measure, grades=grades)
        trial = try_new_rule(rule, actor=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("datareview:rule-list")
    context = {
        "rule": rule,
        "words": rule_in_words(rule),
        "trial": trial,
        "is_trial": True,
        "preset": key,
        "replay_url": replay_address(None, rule),
    }
    return render_page(request, "datareview/rules/try.html", context)


def rule_new(request: SchoolRequest) -> HttpResponse:
    """Add a rule with the school's own conditions; "try" previews the effect without saving."""
    require_ability(request.user, "edit_rules", request.school)
    draft = _draft(request)
    form = ConditionsForm(request.POST or None, measures=measures_for_rules(request.school), draft=draft)
    if "replay" in request.POST and form.is_valid():
        return _replayed(request, form, None)
    context: dict[str, Any] = {"is_trial": "try" in request.POST}
    if context["is_trial"] and form.is_valid():
        try:
            rule = own_rule(request.school, conditions=form.conditions, grades=form.grades)
            context["words"] = rule_in_words(rule, names_by_key(request.school))
            context["trial"] = try_new_rule(rule, actor=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
    page = _page_of(request, form, context)
    if context["is_trial"]:
        return page()
    return save_form(
        request,
        form,
        lambda: add_rule(
            request.school,
            actor=request.user,
            name=form.cleaned_data["name"],
            conditions=form.conditions,
            grades=form.grades,
        ),
        page=page,
        then="datareview:rule-list",
        done=lambda rule: _("“%(rule)s” is on. Flags are being updated.") % {"rule": rule},
    )


def _page_of(request: SchoolRequest, form: BaseForm, context: dict[str, Any]) -> Callable[[], HttpResponse]:
    """The page of a rule, or for htmx only what trying it found."""
    template = "datareview/rules/edit.html"
    return partial(
        render_form, request, template, form, context, partial="trial" if context["is_trial"] else ""
    )


def rule_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Change cut points and grades; "try" previews the effect without saving."""
    rule = get_object_or_404(rules_visible_to(request.user).select_related("school", "measure"), uuid=uuid)
    require_ability(request.user, "edit_rules", rule.school)
    form = _form_of(request, rule)
    if "replay" in request.POST and form.is_valid():
        return _replayed(request, form, rule)
    is_trial = "try" in request.POST
    context = {
        "rule": rule,
        "is_trial": is_trial,
        "words": rule_in_words(rule, names_by_key(rule.school)),
        "before": change_in_words(rule),
    }
    if is_trial and form.is_valid():
        try:
            context["trial"] = try_rule(rule, actor=request.user, **form.settings)
        except DomainError as error:
            form.add_error(None, str(error))
    page = _page_of(request, form, context)
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


def _form_of(request: SchoolRequest, rule: Rule) -> RuleForm | ConditionsForm:
    """The form for the settings of the rule's kind, filled in with a draft in the query string."""
    data, draft = request.POST or None, _draft(request, rule)
    if rule.kind == Rule.Kind.CONDITIONS:
        return ConditionsForm(data, measures=measures_for_rules(rule.school, rule), rule=rule, draft=draft)
    return RuleForm(data, rule=draft or rule)


def _draft(request: SchoolRequest, rule: Rule | None = None) -> Rule | None:
    """The settings that someone comes back with from a replay; None if there are none, or they can't be read."""
    if not (text := request.GET.get("draft", "")):
        return None
    try:
        draft = read_draft(request.school, text, rule)
    except DomainError:
        return None
    return draft if rule or draft.kind == Rule.Kind.CONDITIONS else None


def _replayed(request: SchoolRequest, form: RuleForm | ConditionsForm, rule: Rule | None) -> HttpResponse:
    """Go on to the replay of the settings in the form."""
    lowest, highest = form.settings["grades"]
    changed = Rule(
        school=rule.school if rule else request.school,
        name=rule.name if rule else form.cleaned_data["name"],
        kind=rule.kind if rule else Rule.Kind.CONDITIONS,
        measure=rule.measure if rule else None,
        parameters=form.settings["cut_points"],
        lowest_grade=lowest,
        highest_grade=highest,
    )
    return redirect(replay_address(rule, changed))


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
