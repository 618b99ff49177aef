"""Pages of scorecards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from datareview.flags.models import Rule
from datareview.rules.queries import rules_visible_to
from datareview.scorecards.forms import KeepCardForm, LearnForm
from datareview.scorecards.queries.page import card_cut_points, card_page, versions_of
from datareview.scorecards.services import keep_scorecard, learned, learning_key, shown_card
from teams.access.permissions import require_ability
from teams.jobs.models import Job
from teams.lib.http import render_form, render_page, save_form
from teams.lib.parameters import public_id

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.directory.models import School
    from teams.lib.requests import SchoolRequest


def scorecard_new(request: SchoolRequest) -> HttpResponse:
    """Learn a scorecard from earlier terms, look at it, and keep it as a rule or as the next version of one."""
    rule = _rule_of(request)
    school = rule.school if rule else request.school
    require_ability(request.user, "edit_rules", school)
    asked = LearnForm(request.GET, school, rule=rule)
    context: dict[str, Any] = {"asked": asked, "rule": rule}
    key, found = _found(request, school, asked)
    if isinstance(found, Job):
        return render_page(
            request, "datareview/scorecards/new.html", {**context, "job": found}, partial="learned"
        )
    keep = KeepCardForm(request.POST or None, key=key, learned=found, rule=rule)
    if found is not None:
        context |= {"card": card_page(request.user, school, found)}

    def page() -> HttpResponse:
        return render_form(request, "datareview/scorecards/new.html", keep, context, partial="learned")

    if found is None:
        return page()
    return save_form(
        request,
        keep,
        lambda: keep_scorecard(school, found, actor=request.user, key=key, rule=rule, **keep.values()),
        page=page,
        newest=lambda: {"shown": key},
        then="datareview:rule-list",
        done=lambda kept: _("“%(rule)s” is on. Flags are being updated.") % {"rule": kept},
    )


def _found(
    request: SchoolRequest, school: School, asked: LearnForm
) -> tuple[str, dict[str, Any] | Job | None]:
    """The key and what was learned: that which the user has seen, or what is learned now."""
    shown = request.POST.get("shown", "")
    if not (asked.is_bound and asked.is_valid()):
        return shown, None
    if card := shown_card(shown, school, asked.settings):
        return shown, card
    seats = asked.cleaned_data["seats"]
    key = learning_key(school, asked.settings, seats)
    return key, learned(key, school, asked.settings, seats=seats, actor=request.user)


def _rule_of(request: SchoolRequest) -> Rule | None:
    """The scorecard that is learned again, if one is named."""
    if not (wanted := request.GET.get("rule")):
        return None
    return _scorecard(request, public_id(wanted))


def _scorecard(request: SchoolRequest, uuid: UUID | None) -> Rule:
    rule = get_object_or_404(rules_visible_to(request.user).select_related("school"), uuid=uuid)
    if rule.kind != Rule.Kind.SCORECARD:
        raise Http404
    return rule


def scorecard_show(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a scorecard that is a rule: points, rates, its validation record, and its versions."""
    rule = _scorecard(request, uuid)
    context = {
        "rule": rule,
        "cut_points": card_cut_points(rule),
        "card": card_page(request.user, rule.school, rule.cut_points),
        "versions": versions_of(rule),
        "again_url": f"{reverse('datareview:scorecard-new')}?{urlencode({'rule': rule.uuid})}",
    }
    return render_page(request, "datareview/scorecards/show.html", context)
