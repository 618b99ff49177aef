"""Pages of the caseload and of plans; logging sessions, entering scores and reviewing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.anecdotes.queries import anecdote_record_of
from datareview.hand_scores import services as scores
from datareview.plans.forms import WEEKDAYS
from datareview.plans.permissions import may_review, plans_visible_to
from datareview.plans.queries.starting import provider_loads
from datareview.plans.services.checks import Conflicts
from datareview.progress.forms import (
    CaseloadFilter,
    ChangeForm,
    ReopenForm,
    ReviewPageForm,
    ScoreForm,
    SessionForm,
)
from datareview.progress.http import LAST_REVIEWED, desk_page, just_reviewed, visible_plan
from datareview.progress.permissions import reviews_visible_to
from datareview.progress.queries.caseload import caseload_of
from datareview.progress.queries.plan_page import plan_page
from datareview.progress.services import changes, reviews, sessions
from datareview.progress.services.undo import undo_review
from teams.lib import formats
from teams.lib.errors import DomainError
from teams.lib.http import render_form, render_page, run_service, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.forms import Form
    from django.http import HttpResponse

    from datareview.plans.models import Plan, PlanGroup
    from datareview.progress.models import Review, Session
    from datareview.records.models import Score
    from teams.lib.requests import SchoolRequest


def plan_list(request: SchoolRequest) -> HttpResponse:
    """Show the caseload."""
    caseload = caseload_of(request.user, request.school, request.GET.dict())
    context = {
        "caseload": caseload,
        "wanted": request.GET,
        "filters": CaseloadFilter(request.GET, caseload),
        "reviewed": just_reviewed(request),
    }
    return render_page(request, "datareview/progress/list.html", context, partial="caseload")


def plan_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a plan."""
    plan = visible_plan(request, uuid)
    return _page(request, plan)


@require_POST
def session_log(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Log a session; a request from the caseload returns there."""
    plan = visible_plan(request, uuid)
    form = SessionForm(request.POST, plan=plan)
    done = _("Session of %(student)s logged.") % {"student": plan.student}

    def work() -> Session:
        return sessions.log_session(plan, actor=request.user, **form.cleaned_data)

    if request.POST.get("from") in ("list", "desk"):
        is_desk = request.POST["from"] == "desk"
        return run_service(
            request,
            work,
            back="datareview:desk-show" if is_desk else "datareview:plan-list",
            done=done,
            region=None if is_desk else lambda: plan_list(request),
            form=form,
            typed=False,
        )
    return save_form(
        request,
        form,
        work,
        page=lambda: _page(request, plan, status=422, session_form=form),
        then=plan,
        done=done,
    )


@require_POST
def session_remove(request: SchoolRequest, uuid: UUID, session: UUID) -> HttpResponse:
    """Remove a session that was logged by mistake."""
    plan = visible_plan(request, uuid)
    row = get_object_or_404(plan.sessions, uuid=session)
    row.plan = plan
    day = formats.short_day(row.held_on)
    return run_service(
        request,
        lambda: sessions.remove_session(row, actor=request.user),
        back=plan,
        done=_("The session of %(day)s is removed.") % {"day": day},
    )


def plan_change(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Change a running plan's schedule, provider, tier or goal from today on. A concurrent change shows the other."""
    plan = visible_plan(request, uuid)
    if not may_review(request.user, plan):
        raise PermissionDenied
    form = ChangeForm(request.POST or None, plan=plan, loads=provider_loads(plan.student.school))

    def newest() -> dict[str, object]:
        plan.refresh_from_db()
        return {"seen": changes.plan_version(plan)}

    return save_form(
        request,
        form,
        lambda: changes.change_plan(
            plan,
            actor=request.user,
            why=form.cleaned_data["why"],
            seen=form.cleaned_data["seen"],
            values=form.values(),
            family=form.family(),
        ),
        page=lambda: render_form(request, "datareview/progress/change.html", form, {"plan": plan}),
        then=plan,
        done=lambda lines: _("The plan is changed.") if lines else _("Nothing has changed."),
        newest=newest,
    )


@require_POST
def plan_reopen(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Go on with a plan that has ended."""
    plan, form = visible_plan(request, uuid), ReopenForm(request.POST)
    if not may_review(request.user, plan):
        raise PermissionDenied
    return save_form(
        request,
        form,
        lambda: reviews.reopen_plan(plan, actor=request.user, **form.cleaned_data),
        page=lambda: _page(request, plan, status=422, reopen_form=form),
        then=plan,
        done=_("The plan goes on."),
    )


@require_POST
def score_enter(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Enter a score."""
    plan, form = visible_plan(request, uuid), ScoreForm(request.POST)
    return save_form(
        request,
        form,
        lambda: _enter(form, plan, request),
        page=lambda: _page(request, plan, status=422, score_form=form),
        then=plan,
        done=_("Score saved. Trends are being updated."),
    )


def _enter(form: ScoreForm, plan: Plan, request: SchoolRequest) -> list[Score]:
    try:
        return scores.enter_score(plan.student, plan.measure, actor=request.user, **form.cleaned_data)
    except scores.SecondScores:
        form.asks = True
        raise


@require_POST
def score_count(request: SchoolRequest, uuid: UUID, score: UUID) -> HttpResponse:
    """Let a score that was set aside count."""
    plan = visible_plan(request, uuid)
    rows = plan.student.set_aside_scores.filter(measure=plan.measure)
    aside = get_object_or_404(rows.select_related("student__school", "measure__school"), uuid=score)
    return run_service(
        request,
        lambda: scores.count_set_aside(aside, actor=request.user),
        back=plan,
        done=_("Score saved. Trends are being updated."),
    )


def plan_review(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Review a plan, with current data next to the form."""
    plan = visible_plan(request, uuid)
    if not may_review(request.user, plan):
        raise PermissionDenied
    if request.method == "GET" and plan.state == plan.State.ENDED:
        messages.info(request, _("This plan has ended: there is nothing to decide."))
        return redirect(plan)
    page = plan_page(request.user, plan)
    start = {"due_on": plan.review_on, "next_review_on": page.next_review_on}
    form = ReviewPageForm(request.POST or None, initial=start)

    desk = request.POST.get("desk", request.GET.get("desk"))

    def page_of() -> HttpResponse:
        seen = form.data.get("due_on", "") if form.is_bound else ""
        context = {
            "page": page,
            "notes": anecdote_record_of(request.user, plan.student),
            "desk": desk,
            "is_stale": seen not in ("", plan.review_on.isoformat()),
        }
        return render_form(request, "datareview/progress/review.html", form, context)

    return save_form(
        request,
        form,
        lambda: _reviewed(request, plan, form),
        page=page_of,
        then=lambda _review: _plan_or_list(request, plan) if desk is None else desk_page(desk),
        done=_("The decision is saved with its data."),
    )


@require_POST
def review_undo(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Undo the newest review of a plan."""
    rows = reviews_visible_to(request.user).select_related("plan__student__school", "plan__provider")
    review = get_object_or_404(rows, uuid=uuid)
    request.session.pop(LAST_REVIEWED, None)

    def done(full: list[PlanGroup]) -> str:
        if not full:
            return _("The review is undone.")
        return _("The review is undone. %(groups)s is full: the student has no seat in it any more.") % {
            "groups": ", ".join(group.name for group in full)
        }

    return run_service(
        request,
        lambda: undo_review(review, actor=request.user),
        back=_plan_or_list(request, review.plan),
        then=lambda _full: _plan_or_list(request, review.plan),
        done=done,
    )


def _reviewed(request: SchoolRequest, plan: Plan, form: ReviewPageForm) -> Review:
    """Save the review; what speaks against it is shown above the form."""
    try:
        review = reviews.review_plan(plan, actor=request.user, **form.with_family())
    except Conflicts as error:
        form.conflicts = error.sentences
        raise DomainError(_("Please read what speaks against it, then save again.")) from error
    request.session[LAST_REVIEWED] = str(review.uuid)
    return review


def _plan_or_list(request: SchoolRequest, plan: Plan) -> Plan | str:
    """The plan's page, or the caseload for a provider who sees the student no more since the plan ended."""
    return plan if plans_visible_to(request.user).filter(pk=plan.pk).exists() else "datareview:plan-list"


def _page(request: SchoolRequest, plan: Plan, *, status: int = 200, **forms: Form) -> HttpResponse:
    page = plan_page(request.user, plan)
    context = {
        "page": page,
        "weekdays": [name for number, name in WEEKDAYS if number in plan.weekdays],
        "session_form": SessionForm(initial={"held_on": page.today, "minutes": plan.minutes}, plan=page.plan),
        "score_form": ScoreForm(initial={"taken_on": page.today}),
        "reopen_form": ReopenForm(initial={"next_review_on": page.next_review_on}),
        **forms,
    }
    return render_page(request, "datareview/progress/detail.html", context, status=status)
