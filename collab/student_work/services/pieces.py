"""Upload student work, convert it, cover names on it, show it, and delete it."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from collab.agendas.models import AgendaItem
from collab.agendas.permissions import may_read
from collab.meetings.models import EventKind, Meeting, Region
from collab.meetings.permissions import may_run, may_take_part_in
from collab.meetings.services.locking import announce, lock_meeting
from collab.student_work.models import StudentWork, WorkPage
from datareview.records.permissions import students_visible_to
from teams.audit.services import record_event
from teams.documents.pictures import covered, kind_of, pages_of
from teams.jobs.services.jobs import start_job
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.lib.uploads import stored_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from django.core.files import File

    from datareview.records.models import Student
    from teams.directory.models import User
    from teams.jobs.models import Job
    from teams.jobs.services.jobs import Progress

MOST_BYTES = 12 * 1024 * 1024
MOST_PIECES = 12  # on one item
MOST_COVERS = 4  # on one page
KEPT = dt.timedelta(days=400)  # a school year and the summer
KEPT_UNSHOWN = dt.timedelta(days=7)
STATES = StudentWork.State


@contextmanager
def stored_work(
    item: AgendaItem, *, actor: User, file: File[bytes], title: str, student: Student | None
) -> Iterator[StudentWork]:
    """Store an uploaded file, of which only the first bytes are read here, for a piece that `convert_later` saves.

    Enter this before a transaction; on exit, the file is deleted again unless the piece was saved.
    """
    _require_part(item, actor)
    if not kind_of(file.read(32)):
        raise DomainError(_("Upload a picture (JPEG, PNG, WebP, HEIC) or a PDF file."))
    file.seek(0)
    if (file.size or 0) > MOST_BYTES:
        raise DomainError(
            _("The file is %(mb)d MB, and the limit is %(most)d MB. Make it smaller.")
            % {"mb": (file.size or 0) // 2**20 + 1, "most": MOST_BYTES // 2**20}
        )
    if StudentWork.objects.filter(item=item).count() >= MOST_PIECES:
        raise DomainError(_("An item can have up to %(most)s pieces of work.") % {"most": MOST_PIECES})
    if student and not students_visible_to(actor).filter(pk=student.pk).exists():
        raise PermissionDenied
    work = StudentWork(item=item, uploaded_by=actor, title=title.strip()[:80], student=student)
    with stored_file(work.file, file, str(work.uuid)):
        yield work


@transaction.atomic
def convert_later(work: StudentWork, *, actor: User) -> StudentWork:
    """Save a new piece and start the job that converts it."""
    meeting = _require_part(work.item, actor)
    work.save()
    _start(work, actor, "collab.convert_work")
    record_event(actor, "uploaded", work, school=meeting.team.school)
    return work


def convert_work(job: Job, progress: Progress) -> dict[str, Any]:
    """Convert an uploaded file to pages. Idempotent."""
    work = StudentWork.objects.filter(pk=job.payload["work"]).first()
    if work is None or work.state != STATES.CONVERTING:
        return {}
    try:
        with work.file.open("rb") as file:
            content = file.read()
        pages = list(pages_of(content))
    except DomainError as error:
        _finish(work, STATES.FAILED, error=str(error))
        return {}
    _forget_pages(work)
    for number, (jpeg, width, height) in enumerate(pages, start=1):
        page = WorkPage(work=work, number=number, width=width, height=height)
        page.file.save(f"{work.uuid}-{number}.jpg", ContentFile(jpeg), save=False)
        page.save()
        progress.step(number, len(pages))
    _finish(work, STATES.COVERING)
    return {}


@transaction.atomic
def cover_work(
    work: StudentWork, *, actor: User, covers: Mapping[int, Sequence[Sequence[float]]], lacks_names: bool
) -> StudentWork:
    """Cover the parts of pages that show who the student is, and show the piece to all who may read the item.

    ``covers`` maps numbers of pages to rectangles in percent. A piece without any needs ``lacks_names``.
    """
    work = _locked(work)
    if work.uploaded_by_id != actor.pk:
        raise PermissionDenied
    _require_part(work.item, actor)
    if work.standing in (STATES.FINISHING, STATES.SHOWN):
        return work
    if work.standing != STATES.COVERING:
        raise DomainError(_("This file is still being converted."))
    pages = {page.number: page for page in work.pages.all()}
    for number, rectangles in covers.items():
        if number not in pages or len(rectangles) > MOST_COVERS or not all(map(_is_on_page, rectangles)):
            raise DomainError(_("A rectangle is not on its page. Draw it again."))
        pages[number].covers = [list(one) for one in rectangles]
    if not lacks_names and not any(page.covers for page in pages.values()):
        raise DomainError(_("Cover the name, or say that no name can be seen."))
    for page in pages.values():
        page.save(update_fields=["covers"])
    work.state, work.lacks_names = STATES.FINISHING, lacks_names
    _start(work, actor, "collab.finish_work")
    return work


def finish_work(job: Job, progress: Progress) -> dict[str, Any]:
    """Draw the rectangles into the pages, delete what was under them, and show the piece. Idempotent."""
    work = StudentWork.objects.select_related("item").filter(pk=job.payload["work"]).first()
    if work is None or work.state != STATES.FINISHING:
        return {}
    pages = list(work.pages.all())
    for page in pages:
        if page.covers:
            _cover_page(page, f"{work.uuid}-{page.number}-c.jpg")
        progress.step(page.number, len(pages))
    # before the piece is shown: if this stops in between, the next attempt still knows the file
    if work.file.name:
        work.file.storage.delete(work.file.name)
    _finish(work, STATES.SHOWN)
    return {}


def _cover_page(page: WorkPage, name: str) -> None:
    """Draw the rectangles into the picture of a page, and delete what was under them; the page has none left then.

    Later pages can fail, and rectangles that their uploader adds afterwards are drawn into the new picture.
    """
    storage, before = page.file.storage, str(page.file.name)
    with page.file.open("rb") as file:
        jpeg = covered(file.read(), page.covers)
    page.covers = []
    with stored_file(page.file, ContentFile(jpeg), name):
        page.save(update_fields=["file", "covers"])
    storage.delete(before)


@transaction.atomic
def delete_work(work: StudentWork, *, actor: User) -> None:
    """Delete a piece with its files and scores: by its uploader, and by members who run the meeting."""
    work = _locked(work)
    meeting = work.item.agenda_meeting
    if work.uploaded_by_id != actor.pk and not (may_run(actor, meeting) and may_read(actor, work.item)):
        raise PermissionDenied
    record_event(actor, "deleted", work, school=meeting.team.school)
    work.delete()
    _tell(work.item, actor)


def delete_old_work() -> int:
    """Delete pieces that were shown long ago, and those that nobody finished covering. Returns the number deleted."""
    now = clock.now()
    old = StudentWork.objects.filter(created_at__lt=now - KEPT)
    left = StudentWork.objects.exclude(state=STATES.SHOWN).filter(created_at__lt=now - KEPT_UNSHOWN)
    rows = list((old | left).distinct())
    for work in rows:
        with transaction.atomic():
            work.delete()
    return len(rows)


def _forget_pages(work: StudentWork) -> None:
    """Delete the pages that an earlier attempt of the job has left."""
    for page in work.pages.all():
        page.delete()


@transaction.atomic
def _finish(work: StudentWork, state: str, *, error: str = "") -> None:
    row = _locked(work)
    row.state, row.error = state, error[:300]
    if state == STATES.SHOWN:
        row.file = ""
    row.save(update_fields=["state", "error", "file"])
    if state == STATES.SHOWN:
        _tell(row.item, row.uploaded_by)


def _tell(item: AgendaItem, actor: User) -> None:
    """Other screens of a live meeting show the pieces of its current item anew."""
    if item.meeting is None:
        return  # it went back to the queue meanwhile
    meeting = lock_meeting(item.meeting)
    if meeting.state == Meeting.State.LIVE:
        region = Region.ITEM if item.state == AgendaItem.State.CURRENT else Region.AGENDA
        announce(meeting, actor=actor, kind=EventKind.EXHIBIT, region=region)


def _require_part(item: AgendaItem, actor: User) -> Meeting:
    """The item's meeting, which must be open. The actor must take part in it, and be able to read the item."""
    if item.meeting is None:
        raise DomainError(_("This item isn’t on an agenda yet. Add it to one first."))
    if not may_take_part_in(actor, item.meeting) or not may_read(actor, item):
        raise PermissionDenied
    if item.meeting.state not in (Meeting.State.PLANNED, Meeting.State.LIVE):
        raise DomainError(_("This meeting is closed, so its minutes don’t change."))
    return item.meeting


def _is_on_page(rectangle: Sequence[float]) -> bool:
    x, y, width, height = rectangle
    return min(x, y) >= 0 and min(width, height) > 0 and x + width <= 100.5 and y + height <= 100.5


def _start(work: StudentWork, actor: User, task: str) -> None:
    payload = {"work": work.pk, "return_url": work.get_absolute_url()}
    work.job = start_job(task, school=work.item.agenda_meeting.team.school, actor=actor, payload=payload)
    work.save()


def _locked(work: StudentWork) -> StudentWork:
    rows = StudentWork.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("item__meeting__team__school", "item__topic", "job", "uploaded_by").get(
        pk=work.pk
    )
    row.state = row.standing
    return row
