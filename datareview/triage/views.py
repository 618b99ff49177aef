"""Pages of the triage list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from datareview.anecdotes.queries import anecdote_record_of
from datareview.flags.models import Candidate
from datareview.flags.permissions import candidates_visible_to
from datareview.flags.services import candidates
from datareview.triage.forms import CandidateFilter, DecisionForm, SeveralForm
from datareview.triage.queries.candidates import (
    candidate_page,
    matching_candidates,
    triage_list,
    triage_row,
    triage_tabs,
)
from teams.access.permissions import require_ability
from teams.lib import formats
from teams.lib.errors import DomainError
from teams.lib.http import render_page, run_service, wants_partial
from teams.lib.parameters import uuid_or_none
from teams.lib.sent_forms import mark_saved

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest

LIST = "datareview/triage/list.html"
JUST_DECIDED = "just_decided"  # in the session, until the list is shown


def candidate_list(request: SchoolRequest) -> HttpResponse:
    """Show the triage list."""
    form = SeveralForm(today=request.school.today(), auto_id="several-%s")
    return _list_page(request, request.GET, form)


def candidate_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a candidate."""
    candidate = visible_candidate(request, uuid)
    return _detail(request, candidate, _decision_form(candidate))


def candidate_options(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show the decision form of a candidate inside the triage list."""
    candidate = visible_candidate(request, uuid)
    require_ability(request.user, "triage", candidate.student.school)
    if not wants_partial(request):
        return redirect(candidate)
    return _open_row(request, candidate, _decision_form(candidate))


@require_POST
def candidate_decide(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Decide about a candidate. Returns its row to the triage list, or redirects to its page."""
    candidate = visible_candidate(request, uuid)
    require_ability(request.user, "triage", candidate.student.school)
    form = _decision_form(candidate, request.POST)
    if form.is_valid():
        try:
            candidates.decide_candidate(candidate, actor=request.user, **form.cleaned_data)
        except candidates.Decided as error:
            messages.error(request, str(error))
        except DomainError as error:
            form.add_error(None, str(error))
    if form.errors:
        page = _open_row if wants_partial(request) else _detail
        return page(request, candidate, form)
    mark_saved(request)
    return _decided_row(request, uuid, just_now=True) if wants_partial(request) else redirect(candidate)


@require_POST
def candidate_reopen(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Take back a decision. Returns the row to the triage list, or redirects to the candidate's page."""
    candidate = visible_candidate(request, uuid)
    return run_service(
        request,
        lambda: candidates.reopen_candidate(candidate, actor=request.user),
        back=candidate,
        region=lambda: _decided_row(request, uuid),
        typed=False,
    )


@require_POST
def candidates_decide(request: SchoolRequest) -> HttpResponse:
    """Decide about several candidates, and return to the filtered triage list."""
    require_ability(request.user, "triage", request.school)
    back, form = (
        QueryDict(request.POST.get("back", "")),
        SeveralForm(request.POST, today=request.school.today(), auto_id="several-%s"),
    )
    rows = candidates_visible_to(request.user).filter(student__school=request.school)
    if "everyone" in request.POST:
        chosen = list(matching_candidates(request.user, request.school, back.dict()))
    else:
        chosen = list(rows.filter(uuid__in=_chosen_ids(request)).select_related("student__school"))
    if not chosen:
        form.add_error(None, _("Select at least one candidate first."))
    done, problems = 0, list[str]()
    if form.is_valid():
        try:
            decision = {name: value for name, value in form.cleaned_data.items() if name != "everyone"}
            done, problems = candidates.decide_candidates(chosen, actor=request.user, **decision)
        except DomainError as error:
            form.add_error(None, str(error))
    if form.errors:
        return _list_page(request, back, form, picked=set(request.POST.getlist("candidate")))
    mark_saved(request)
    for problem in problems:
        messages.error(request, problem)
    if done:
        request.session[JUST_DECIDED] = [str(one.uuid) for one in chosen]
    return redirect(f"{reverse('datareview:candidate-list')}?{back.urlencode()}")


@require_POST
def candidates_group(request: SchoolRequest) -> HttpResponse:
    """Go on to the form that starts a group for the selected candidates."""
    require_ability(request.user, "start_plan", request.school)
    chosen = [("candidate", str(uuid)) for uuid in _chosen_ids(request)]
    if not chosen:
        messages.error(request, _("Select at least one candidate first."))
        return redirect(f"{reverse('datareview:candidate-list')}?{request.POST.get('back', '')}")
    return redirect(f"{reverse('datareview:plan-group-start')}?{urlencode(chosen)}")


@require_POST
def candidates_reopen(request: SchoolRequest) -> HttpResponse:
    """Take back what was just decided about several candidates, and return to the filtered triage list."""
    require_ability(request.user, "triage", request.school)
    rows = candidates_visible_to(request.user).filter(student__school=request.school)
    chosen = rows.filter(uuid__in=_chosen_ids(request)).select_related("student__school")
    done, problems = candidates.reopen_candidates(chosen, actor=request.user)
    mark_saved(request)
    if not done and not problems:
        problems = [_("There is nothing to undo.")]
    for problem in problems:
        messages.error(request, problem)
    if done:
        text = ngettext("%(n)s decision undone.", "%(n)s decisions undone.", done)
        messages.success(request, text % {"n": formats.number(done)})
    back = QueryDict(request.POST.get("back", ""))
    return redirect(f"{reverse('datareview:candidate-list')}?{back.urlencode()}")


def visible_candidate(request: SchoolRequest, uuid: UUID) -> Candidate:
    """The candidate if the user may see the student, otherwise 404."""
    rows = candidates_visible_to(request.user).select_related("student__school", "decided_by")
    return get_object_or_404(rows, uuid=uuid)


def _decision_form(candidate: Candidate, data: QueryDict | None = None) -> DecisionForm:
    today = candidate.student.school.today()
    return DecisionForm(data, today=today, candidate=candidate, auto_id=f"%s-{candidate.uuid}")


def _chosen_ids(request: SchoolRequest) -> list[UUID]:
    return [uuid for text in request.POST.getlist("candidate") if (uuid := uuid_or_none(text))]


def _list_page(
    request: SchoolRequest, wanted: QueryDict, form: SeveralForm, *, picked: Container[str] = ()
) -> HttpResponse:
    queue = triage_list(request.user, request.school, wanted.dict())
    filters = CandidateFilter(wanted, queue)
    undo = _just_decided(request, request.session.pop(JUST_DECIDED, ()))
    context = {
        "queue": queue,
        "filters": filters,
        "form": form,
        "wanted": wanted,
        "picked": picked,
        "undo": undo,
    }
    return render_page(request, LIST, context, partial="queue", status=422 if form.errors else 200)


def _just_decided(request: SchoolRequest, uuids: Sequence[str]) -> list[Candidate]:
    """Of those decided together on the page before, the ones that the user can still reopen."""
    if not uuids:
        return []
    rows = candidates_visible_to(request.user).filter(uuid__in=uuids, decided_by=request.user)
    return list(rows.filter(state__in=Candidate.REOPENABLE))


def _detail(request: SchoolRequest, candidate: Candidate, form: DecisionForm) -> HttpResponse:
    page = candidate_page(request.user, candidate)
    notes = anecdote_record_of(request.user, page.student)
    context = {"page": page, "candidate": candidate, "form": form, "notes": notes}
    return render_page(request, "datareview/triage/detail.html", context, status=422 if form.errors else 200)


def _open_row(request: SchoolRequest, candidate: Candidate, form: DecisionForm) -> HttpResponse:
    return _row(request, candidate, is_open=True, form=form, status=422 if form.errors else 200)


def _decided_row(request: SchoolRequest, uuid: UUID, **more: Any) -> HttpResponse:
    """The row after a decision, with the numbers of the tabs as they are now."""
    tabs = triage_tabs(request.user, request.school)
    return _row(request, visible_candidate(request, uuid), tabs=tabs, **more)


def _row(request: SchoolRequest, candidate: Candidate, *, status: int = 200, **more: object) -> HttpResponse:
    return render_page(request, LIST, {"row": triage_row(candidate), **more}, partial="row", status=status)
