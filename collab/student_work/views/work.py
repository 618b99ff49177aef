"""Pages of student work: the pieces on an item, one piece with its pages, and what people do with them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from collab.agendas.http import visible_item
from collab.meetings.permissions import may_run
from collab.student_work.forms import CoverForm, RubricForm, ScoreForm, WorkForm
from collab.student_work.models import StudentWork
from collab.student_work.permissions import own_work, work_visible_to
from collab.student_work.queries.work import next_to_score, students_for_work, work_on
from collab.student_work.services import pieces, scores
from collab.student_work.services.pieces import MOST_BYTES
from teams.jobs.services.jobs import with_progress
from teams.lib.http import render_form, render_page, run_service, save_form, save_upload
from teams.lib.requests import accepts_uploads

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from uuid import UUID

    from django.core.files import File

    from collab.agendas.models import AgendaItem
    from teams.lib.requests import SchoolRequest

STATES = StudentWork.State


@accepts_uploads(lambda: MOST_BYTES)
def work_list(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show the work on an item; POST stores a file and starts its conversion."""
    item = visible_item(request, uuid)
    students = students_for_work(request.user, item)
    form = WorkForm(request.POST or None, request.FILES or None, students=students)

    def store(file: File[bytes]) -> AbstractContextManager[StudentWork]:
        values = {name: form.cleaned_data[name] for name in ("title", "student")}
        return pieces.stored_work(item, actor=request.user, file=file, **values)

    def page() -> HttpResponse:
        return render_form(request, "collab/student_work/list.html", form, _context(request, item))

    return save_upload(
        request, form, lambda work: pieces.convert_later(work, actor=request.user), store=store, page=page
    )


def _context(request: SchoolRequest, item: AgendaItem) -> dict[str, Any]:
    shown = work_on(request.user, item, item.agenda_meeting)
    scoring = shown.scoring
    known = (
        {"rubric": scoring.rubric, "highest": scoring.highest, "version": scoring.version}
        if scoring
        else None
    )
    return {"item": item, "shown": shown, "rubric_form": RubricForm(initial=known)}


def work_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show one piece: its job, its pages to cover, or its pages with the reader's score."""
    work = _visible(request, uuid)
    return _detail(request, work)


def _detail(request: SchoolRequest, work: StudentWork, *, form: CoverForm | None = None) -> HttpResponse:
    item = work.item
    page = work_on(request.user, item, item.agenda_meeting)
    piece = next(one for one in page.pieces if one.work.pk == work.pk)
    work.state = work.standing
    is_running = work.state in (STATES.CONVERTING, STATES.FINISHING)
    rows = list(work.pages.all())
    mine = {"level": piece.mine.level, "why": piece.mine.why} if piece.mine else None
    context = {
        "work": work,
        "item": item,
        "piece": piece,
        "shown": page,
        "pages": rows,
        "job": with_progress(work.job) if work.job and is_running else None,
        "cover_form": (form or CoverForm(pages=rows)) if work.state == STATES.COVERING else None,
        "score_form": ScoreForm(initial=mine, highest=page.scoring.highest) if page.scoring else None,
        "following": next_to_score(page, work),
        "may_delete": piece.is_own or (page.may_add and may_run(request.user, item.agenda_meeting)),
    }
    status = 422 if form else 200
    return render_page(request, "collab/student_work/show.html", context, status=status)


@require_POST
def work_cover(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Cover names on a piece, and show it to the others."""
    work = get_object_or_404(_rows(request).filter(pk__in=own_work(request.user).values("pk")), uuid=uuid)
    form = CoverForm(request.POST, pages=work.pages.all())
    return save_form(
        request,
        form,
        lambda: pieces.cover_work(work, actor=request.user, **form.cleaned_data),
        page=lambda: _detail(request, work, form=form),
        then=work,
    )


def work_page(request: SchoolRequest, uuid: UUID, number: int) -> FileResponse:
    """Send a page of a piece as a picture."""
    work = _visible(request, uuid)
    page = get_object_or_404(work.pages, number=number)
    try:
        with page.file.open("rb") as file:
            content = io.BytesIO(file.read())
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(content, content_type="image/jpeg")


@require_POST
def work_score(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Score a piece; the next one that the reader has not scored opens."""
    work = _visible(request, uuid)
    page = work_on(request.user, work.item, work.item.agenda_meeting)
    if page.scoring is None:
        raise Http404
    form = ScoreForm(request.POST, highest=page.scoring.highest)
    following = next_to_score(page, work)
    back = following or reverse("collab:work-list", args=[work.item.uuid])
    return run_service(
        request,
        lambda: scores.score_work(work, actor=request.user, **form.cleaned_data),
        back=back,
        done=_("Your score is saved. It stays hidden until all scores are revealed."),
        form=form,
        invalid=_("Choose a level of the rubric."),
    )


@require_POST
def work_delete(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Delete a piece."""
    work = _visible(request, uuid)
    return run_service(
        request,
        lambda: pieces.delete_work(work, actor=request.user),
        back=reverse("collab:work-list", args=[work.item.uuid]),
        done=_("The piece is deleted, with its scores."),
    )


@require_POST
def rubric_set(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Write the rubric of an item's work. A concurrent edit shows both versions."""
    item = visible_item(request, uuid)
    form = RubricForm(request.POST)
    address = reverse("collab:work-list", args=[item.uuid])

    def page() -> HttpResponse:
        context = _context(request, item) | {
            "form": WorkForm(students=students_for_work(request.user, item)),
            "rubric_form": form,
        }
        return render_page(request, "collab/student_work/list.html", context, status=422)

    def newest() -> dict[str, object]:
        scoring = work_on(request.user, item, item.agenda_meeting).scoring
        return {"version": scoring.version if scoring else 0}

    return save_form(
        request,
        form,
        lambda: scores.set_rubric(item, actor=request.user, **form.cleaned_data),
        page=page,
        then=address,
        field="rubric",
        newest=newest,
    )


@require_POST
def scores_reveal(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Reveal all scores of an item's work."""
    item = visible_item(request, uuid)
    return run_service(
        request,
        lambda: scores.reveal_scores(item, actor=request.user),
        back=reverse("collab:work-list", args=[item.uuid]),
    )


def _rows(request: SchoolRequest) -> Any:
    rows = work_visible_to(request.user)
    return rows.select_related("item__meeting__team__school", "item__topic", "job", "uploaded_by")


def _visible(request: SchoolRequest, uuid: UUID) -> StudentWork:
    """A piece that the user may see, otherwise 404."""
    return get_object_or_404(_rows(request), uuid=uuid)
