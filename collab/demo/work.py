"""Student work that teachers of the demo bring to a meeting, with names covered, and score blind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from django.core.files.base import ContentFile

from collab.agendas.permissions import may_read
from collab.meetings.permissions import may_take_part_in
from collab.student_work.models import StudentWork, WorkScoring
from collab.student_work.services.pieces import (
    convert_later,
    convert_work,
    cover_work,
    finish_work,
    stored_work,
)
from collab.student_work.services.scores import score_work, set_rubric
from datareview.records.models import Student
from datareview.records.permissions import students_visible_to
from teams.documents.pictures import jpeg_of
from teams.jobs.services.jobs import run_job

if TYPE_CHECKING:
    from collections.abc import Callable

    from collab.agendas.models import AgendaItem
    from collab.demo.diary import Diary
    from collab.meetings.models import Meeting
    from teams.directory.models import Staff
    from teams.jobs.models import Job
    from teams.jobs.services.jobs import Progress

PIECES = 6  # kappa needs five that the same two people scored
NAME = (4.0, 3.0, 62.0, 9.0)  # the line with the name, in percent of the page
SIZE = (700, 900)
RUBRIC = """4: says what the text is mostly about, with two details that show it
3: says it, with one detail
2: a detail, without what the text is about
1: retells a part
0: nothing yet"""
ANSWERS = {
    4: "The text is about how beavers change a river.|They build dams, so a pond grows.|Other animals move in there.",
    3: "It is about beavers and the river.|They build dams out of wood.",
    2: "Beavers have strong teeth|and they cut down trees.",
    1: "First the beaver wakes up.|Then it swims. Then it eats.",
    0: "I like beavers.",
}


def bring_work(diary: Diary, meeting: Meeting) -> None:
    """In the demo teacher's team two upload what students wrote for the item on results, with a rubric to score it by."""
    item = meeting.items.filter(kind="explore").first()
    if item is None or diary.place.special.get("teacher") not in diary.people:
        return
    able = [one for one in diary.people if may_take_part_in(one.user, meeting) and may_read(one.user, item)]
    authors = able[:2]
    if not authors:
        return
    for number in range(PIECES):
        author = authors[number % len(authors)]
        _bring(diary, item, author, number + 1)
    set_rubric(item, actor=authors[0].user, rubric=RUBRIC, highest=4, version=0)


def _bring(diary: Diary, item: AgendaItem, author: Staff, number: int) -> None:
    students = students_visible_to(author.user).filter(
        school=diary.place.school, status=Student.Status.ACTIVE
    )
    grades = diary.team.grades.values("grade")
    some = list(students.filter(grade__in=grades).order_by("local_id")[:12])
    if not some:
        return
    student = some[int(diary.rng.integers(len(some)))]
    level = (4, 3, 3, 2, 1, 2)[number - 1]
    file = ContentFile(_page(student.full_name, ANSWERS[level], diary.rng), name="page.jpg")
    title = f"Exit ticket {number}"
    with stored_work(item, actor=author.user, file=file, title=title, student=student) as work:
        convert_later(work, actor=author.user)
    _work_on(work, convert_work)
    work = cover_work(work, actor=author.user, covers={1: [NAME]}, lacks_names=False)
    _work_on(work, finish_work)


def _work_on(work: StudentWork, do: Callable[[Job, Progress], dict[str, Any]]) -> None:
    """Do in this process what the worker would; it finds the job done."""
    if work.job_id:
        run_job(work.job_id, do)


def score_apart(diary: Diary, item: AgendaItem, people: list[Staff]) -> None:
    """Each of ``people`` scores every piece on an item alone; the last one's scores reveal all."""
    if not WorkScoring.objects.filter(item=item).exists():
        return
    pieces = list(StudentWork.objects.filter(item=item, state=StudentWork.State.SHOWN).order_by("pk"))
    for staff in people:
        for work, level in zip(pieces, (4, 3, 3, 2, 1, 2), strict=False):
            shift = int(diary.rng.choice([-1, 0, 0, 0, 1]))
            score_work(work, actor=staff.user, level=int(np.clip(level + shift, 0, 4)))


def _page(name: str, text: str, rng: np.random.Generator) -> bytes:
    """A page as a student hands it in: a name at the top, then lines by hand."""
    from PIL import Image, ImageDraw, ImageFont

    page = Image.new("RGB", SIZE, "#fffdf6")
    draw = ImageDraw.Draw(page)
    for y in range(140, SIZE[1], 56):
        draw.line([(30, y), (SIZE[0] - 30, y)], fill="#c9d6e8", width=2)
    ink = ImageFont.load_default(size=27)
    draw.text((44, 44), f"Name: {name}", fill="#1f2a44", font=ink)
    for row, line in enumerate(text.split("|")):
        draw.text(
            (44 + int(rng.integers(6)), 104 + 56 * row + int(rng.integers(5))), line, fill="#1f3a6e", font=ink
        )
    return jpeg_of(page)
