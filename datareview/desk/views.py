"""The desk, and decisions at it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.desk.forms import DeskDecisionForm
from datareview.desk.queries.desk import desk_of
from datareview.desk.queries.lines import candidate_key
from datareview.flags.permissions import candidates_visible_to
from datareview.flags.services import candidates
from datareview.progress.http import UNDO_SHOWN, desk_page, just_reviewed
from teams.access.permissions import require_ability
from teams.lib import clock
from teams.lib.http import render_page, run_service, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from datareview.flags.models import Candidate
    from teams.lib.requests import SchoolRequest

LAST_LINE, LAST_DECIDED = "desk_line", "desk_decided"  # in the session: where one stopped, what can be undone


def desk_show(request: SchoolRequest) -> HttpResponse:
    """Show the desk, with the line in the query string open, or the one where the user stopped."""
    return _page(request)


@require_POST
def desk_decide(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Decide about a candidate, and open the next line."""
    candidate = _visible(request, uuid)
    require_ability(request.user, "triage", candidate.student.school)
    form = DeskDecisionForm(request.POST, today=candidate.student.school.today(), candidate=candidate)

    def work() -> Candidate:
        data = {name: value for name, value in form.cleaned_data.items() if name != "next"}
        decided = candidates.decide_candidate(candidate, actor=request.user, **data)
        request.session[LAST_DECIDED] = str(candidate.uuid)
        return decided

    return save_form(
        request,
        form,
        work,
        page=lambda: _page(request, form, refused=_visible(request, uuid)),
        then=lambda _decided: desk_page(form.cleaned_data["next"]),
        done=lambda decided: _("%(student)s: decided.") % {"student": decided.student},
    )


@require_POST
def desk_undo(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Take back the decision just made, and open its line again."""
    candidate = _visible(request, uuid)
    request.session.pop(LAST_DECIDED, None)
    section = (
        {"section": "new"} if request.POST.get("section") == "new" else {}
    )  # the one in which it is again
    return run_service(
        request,
        lambda: candidates.reopen_candidate(candidate, actor=request.user),
        back=desk_page(urlencode({**section, "line": candidate_key(candidate)})),
        done=_("The decision is undone."),
    )


def _page(
    request: SchoolRequest, form: DeskDecisionForm | None = None, refused: Candidate | None = None
) -> HttpResponse:
    asked = (
        QueryDict(form.data.get("next", "")) if form else request.GET
    )  # a form keeps the section it was sent from
    wanted = asked.dict() | ({"line": candidate_key(refused)} if refused else {})
    last = request.session.get(LAST_LINE, "")
    desk = desk_of(request.user, request.school, wanted, last=last, refused=refused)
    if desk.current and desk.current.key != last:  # each change of a session is written
        request.session[LAST_LINE] = desk.current.key
    today = request.school.today()
    context = {
        "desk": desk,
        "form": form
        or DeskDecisionForm(
            today=today,
            candidate=desk.candidate and desk.candidate.candidate,
            concern=None
            if desk.candidate and desk.candidate.is_of_several
            else desk.current and desk.current.concern,
            onward=desk.onward,
        ),
        "undo": _just_decided(request),
        "reviewed": just_reviewed(request),
        "wanted": request.GET,
    }
    status = 422 if form and form.errors else 200
    return render_page(request, "datareview/desk/show.html", context, partial="desk", status=status)


def _just_decided(request: SchoolRequest) -> Candidate | None:
    """The candidate decided a moment ago, if it can still be reopened by who decided."""
    if not (uuid := request.session.get(LAST_DECIDED)):
        return None
    recent = clock.now() - UNDO_SHOWN
    rows = candidates_visible_to(request.user).filter(
        uuid=uuid, decided_by=request.user, decided_at__gte=recent
    )
    return next((one for one in rows.select_related("student") if one.state in one.REOPENABLE), None)


def _visible(request: SchoolRequest, uuid: UUID) -> Candidate:
    rows = candidates_visible_to(request.user).select_related("student__school", "decided_by")
    return get_object_or_404(rows, uuid=uuid)
