"""The page that replays a rule on earlier terms, before it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect

from datareview.replays.forms import ReplayForm
from datareview.replays.queries.outcomes import usual_outcome
from datareview.replays.queries.page import free_seats_now, replay_page_of
from datareview.replays.services import replayed
from datareview.rules.http import form_address
from datareview.rules.queries import names_by_key, rule_in_words, rules_visible_to
from datareview.rules.services.drafts import read_draft
from teams.access.permissions import require_ability
from teams.jobs.models import Job
from teams.lib.errors import DomainError
from teams.lib.http import render_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from datareview.flags.models import Rule
    from teams.lib.requests import SchoolRequest


def new_rule_replay(request: SchoolRequest) -> HttpResponse:
    """Replay a rule that is not added yet: its draft is in the query string."""
    return _page(request, None)


def rule_replay(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Replay a rule as it is, or as the draft in the query string would change it."""
    rule = get_object_or_404(rules_visible_to(request.user).select_related("school", "measure"), uuid=uuid)
    return _page(request, rule)


def _page(request: SchoolRequest, rule: Rule | None) -> HttpResponse:
    school = rule.school if rule else request.school
    require_ability(request.user, "edit_rules", school)
    try:
        changed = read_draft(school, request.GET.get("draft", ""), rule)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("datareview:rule-list")
    seats = free_seats_now(request.user, school)
    form = ReplayForm(request.GET, school, usual=usual_outcome(changed), seats=seats)
    found = replayed(rule, changed, form.chosen, actor=request.user)
    names = names_by_key(school)
    words = rule_in_words(changed, names)
    now = rule_in_words(rule, names) if rule else ""
    job = found if isinstance(found, Job) else None
    page = None
    if not isinstance(found, Job):
        page = replay_page_of(
            request.user, school, found, is_new=rule is None or now == words, seats=form.free
        )
    context = {
        "rule": changed,
        "words": words,
        "now": now if now != words else "",
        "form": form,
        "form_url": form_address(rule, changed) if rule or changed.kind == changed.Kind.CONDITIONS else "",
        "job": job,
        "page": page,
    }
    return render_page(request, "datareview/replays/show.html", context, partial="replay")
