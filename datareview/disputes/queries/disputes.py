"""Disputes with where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import F

from datareview.disputes.models import Dispute
from datareview.disputes.permissions import disputes_to_answer, disputes_visible_to, may_answer
from teams.access.prepared import prepared_rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from datareview.records.models import Student
    from teams.directory.models import School, User

A_PAGE = 50
TABS = ("waiting", "mine", "all")


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A dispute, and what the reader may do about it."""

    dispute: Dispute
    is_open: bool
    is_late: bool
    may_answer: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class DisputeList:
    """A page of disputes: those that wait for the reader, those the reader opened, or all that they may see."""

    rows: list[DisputeRow]
    page: Page[Dispute]
    show: str
    counts: dict[str, int]


def dispute_list(user: User, school: School, wanted: Mapping[str, str]) -> DisputeList:
    """Disputes that the user may see, open ones first by the day of the answer; a constant number of queries."""
    visible = disputes_visible_to(user).filter(student__school=school)
    parts = {
        "waiting": disputes_to_answer(user).filter(student__school=school),
        "mine": visible.filter(asked_by=user),
        "all": visible,
    }
    counts = {key: rows.count() for key, rows in parts.items()}
    otherwise = "waiting" if counts["waiting"] else "all"
    show = wanted["show"] if wanted.get("show") in TABS else otherwise
    rows = parts[show].select_related(
        "student__school", "measure", "section", "asked_by", "owner", "answered_by"
    )
    order = (F("answered_at").desc(nulls_first=True), "answer_by", "pk")  # open ones have no such moment
    page = Paginator(rows.order_by(*order), A_PAGE).get_page(wanted.get("page", 1))
    today = school.today()
    return DisputeList([_row(one, user, today) for one in page], page, show, counts)


def open_disputes_of(student: Student) -> list[Dispute]:
    """Values of ``student`` that are disputed now; everyone who sees the student knows of them. One query."""
    found = prepared_rows(_open_of, student.pk)
    for row in found:
        row.student = student
    return found


def _open_of(student_id: int) -> QuerySet[Dispute]:
    rows = Dispute.objects.filter(student=student_id, state=Dispute.State.OPEN)
    return rows.select_related("measure", "section", "asked_by")


def disputes_waiting(user: User, school: School) -> list[Dispute]:
    """Disputes that wait for the user's answer, the most urgent first; one query."""
    rows = disputes_to_answer(user).filter(student__school=school)
    return list(rows.select_related("student", "measure", "section", "asked_by").order_by("answer_by", "pk"))


def _row(dispute: Dispute, user: User, today: dt.date) -> DisputeRow:
    is_open = dispute.state == Dispute.State.OPEN
    return DisputeRow(
        dispute,
        is_open,
        is_late=is_open and dispute.answer_by < today,
        may_answer=is_open and may_answer(user, dispute),
        may_withdraw=is_open and dispute.asked_by_id == user.pk,
    )
