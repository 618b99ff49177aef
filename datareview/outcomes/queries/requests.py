"""Whether requests for assistance are answered in time."""

from __future__ import annotations

from collections import Counter
from statistics import median_low
from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.flag_audit.queries.record import decision_days
from datareview.flags.models import Candidate
from datareview.outcomes.queries.answers import NONE, Finding, FindingTable, row, share_in_words
from datareview.records.models import Domain
from datareview.requests.models import AssistanceRequest
from datareview.requests.permissions import requests_visible_to
from teams.lib import formats

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from datareview.outcomes.queries.answers import Asked, FindingRow


class Request(NamedTuple):
    """A request: who asked, about what, when, by when to answer, and the day of the answer (None: none yet)."""

    asker: str
    domain: str
    asked_on: dt.date
    answer_by: dt.date
    state: str
    answered_on: dt.date | None

    def is_late(self, today: dt.date) -> bool:
        """Whether it was answered too late, or has no answer and should have one."""
        return (self.answered_on or today) > self.answer_by


def requests_of(asked: Asked) -> list[Request]:
    """Requests of the days that were not withdrawn; four queries.

    The answer is the first decision about the candidate on or after the day of the request.
    """
    rows = requests_visible_to(asked.user).filter(
        student__school=asked.school, withdrawn_on=None, asked_on__range=(asked.since, asked.until)
    )
    read = list(
        rows.order_by("asked_on", "pk").values_list(
            "candidate_id", "asker", "domain", "asked_on", "answer_by", "candidate__state"
        )
    )
    decided = decision_days(asked.school, {one[0] for one in read})
    return [
        Request(
            asker,
            domain,
            asked_on,
            answer_by,
            state,
            next((day for day in decided.get(pk, ()) if day >= asked_on), None),
        )
        for pk, asker, domain, asked_on, answer_by, state in read
    ]


def requests_answer(asked: Asked) -> Finding:
    """Requests by who asked and by area: answered in time, late, waiting; and what the answer was."""
    found = requests_of(asked)
    askers = {str(one.label): [r for r in found if r.asker == one] for one in AssistanceRequest.Asker}
    domains = {str(one.label): [r for r in found if r.domain == one] for one in Domain}
    columns = (
        *(_("Requests"), _("In time"), _("Late"), _("No answer, late"), _("Waiting"), _("Share in time")),
        _("Days until the answer, middle"),
    )
    answers = Counter(one.state for one in found if one.answered_on)
    tables = [
        FindingTable(_("By who asked"), (_("Asked by"), *columns), _rows(askers, asked)),
        FindingTable(_("By area"), (_("Area"), *columns), _rows(domains, asked)),
        FindingTable(
            _("What the answer was"),
            (_("Answer"), _("Requests")),
            [row(str(Candidate.State(state).label), many) for state, many in answers.most_common()],
        ),
    ]
    return Finding(
        "requests",
        _in_words(found, asked),
        asked.scope_words(
            ngettext("%(n)s request", "%(n)s requests", len(found)) % {"n": formats.number(len(found))}
        ),
        [table for table in tables if table.rows],
        [
            _(
                "A request is answered by the first decision about the student after it; each has a day for it, ten"
                " school days on."
            ),
            _(
                "The share counts requests with an answer, and those whose day has passed. Withdrawn requests do not count."
            ),
        ],
    )


def _rows(groups: dict[str, list[Request]], asked: Asked) -> list[FindingRow]:
    return [_row(name, theirs, asked) for name, theirs in groups.items() if theirs]


def _row(name: str, requests: list[Request], asked: Asked) -> FindingRow:
    counts = _counts(requests, asked)
    days = [(one.answered_on - one.asked_on).days for one in requests if one.answered_on]
    return row(
        name,
        len(requests),
        *(counts["in_time"], counts["late"], counts["overdue"], counts["waiting"]),
        share_in_words(counts["in_time"], len(requests) - counts["waiting"], asked.least),
        median_low(days) if days else NONE,
        url=reverse("datareview:assistance-list"),
    )


def _counts(requests: Iterable[Request], asked: Asked) -> Counter[str]:
    def kind(one: Request) -> str:
        if one.answered_on:
            return "late" if one.is_late(asked.today) else "in_time"
        return "overdue" if one.is_late(asked.today) else "waiting"

    return Counter(kind(one) for one in requests)


def _in_words(found: list[Request], asked: Asked) -> str:
    if not found:
        return _("No one asked for help in these days.")
    counts = _counts(found, asked)
    known = len(found) - counts["waiting"]
    return _(
        "%(in_time)s of %(known)s requests were answered in time; %(overdue)s wait beyond their day."
    ) % {
        "in_time": formats.number(counts["in_time"]),
        "known": formats.number(known),
        "overdue": formats.number(counts["overdue"]),
    }
