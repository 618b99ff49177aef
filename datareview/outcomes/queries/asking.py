"""Ask a question, or all that one may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.flag_audit.models import FlagRelease
from datareview.flag_audit.queries.groups import wholes_of
from datareview.outcomes.permissions import may_ask, plans_counted_for
from datareview.outcomes.queries.answers import QUESTIONS, Asked, interval_in_words
from datareview.outcomes.queries.delivery import caseload_answer, minutes_answer
from datareview.outcomes.queries.flags import flags_answer
from datareview.outcomes.queries.groups import group_tables
from datareview.outcomes.queries.requests import requests_answer
from datareview.outcomes.queries.seats import seats_answer
from datareview.outcomes.queries.strategies import strategies_answer
from datareview.outcomes.queries.tiers import tiers_answer
from datareview.plans.models import Plan
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from datareview.flag_audit.queries.groups import Whole
    from datareview.outcomes.queries.answers import Finding, FindingTable
    from teams.directory.models import School

ANSWERS: dict[str, Callable[[Asked], Finding]] = {
    "strategies": strategies_answer,
    "tiers": tiers_answer,
    "minutes": minutes_answer,
    "caseload": caseload_answer,
    "seats": seats_answer,
    "requests": requests_answer,
    "flags": flags_answer,
}


@dataclass(frozen=True, slots=True)
class Overview:
    """What came of it in a sentence, and each question that the reader may ask with its finding and page."""

    finding: str
    counted: str
    lines: list[tuple[str, str, str]]


def answer_of(asked: Asked, key: str) -> Finding:
    """The answer to the question ``key``, which the reader may ask."""
    return ANSWERS[key](asked)


def overview_of(asked: Asked, days: Mapping[str, str]) -> Overview:
    """All that the reader may ask; ``days`` is what links to the pages repeat. A constant number of queries."""
    query = f"?{urlencode(days)}" if days else ""
    page = "datareview:outcome-detail"
    lines = [
        (str(question), answer_of(asked, key).finding, reverse(page, args=[key]) + query)
        for key, question in QUESTIONS.items()
        if may_ask(asked.user, asked.school, key)
    ]
    ended = plans_counted_for(asked.user, asked.school).filter(ended_on__range=(asked.since, asked.until))
    outcomes = list(ended.values_list("outcome", flat=True))
    ended_words = ngettext("%(n)s plan", "%(n)s plans", len(outcomes)) % {"n": formats.number(len(outcomes))}
    return Overview(_what_came(outcomes, asked), asked.scope_words(ended_words), lines)


def _what_came(outcomes: list[str], asked: Asked) -> str:
    from datareview.analysis.equity import wilson_interval

    n, met = len(outcomes), outcomes.count(Plan.Outcome.MET)
    if not n:
        return _("No plan has ended in these days.")
    if n == 1:
        return _("The plan that ended met its goal.") if met else _("The plan that ended missed its goal.")
    if n < asked.least:
        return _("%(met)s of %(n)s plans that ended met their goal: too few for a share.") % {
            "met": formats.number(met), "n": formats.number(n),
        }  # fmt: skip
    return _("%(share)s of %(n)s plans that ended met their goal.") % {
        "share": interval_in_words(met / n, *wilson_interval(met, n)), "n": formats.number(n),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Releases:
    """What of flags by group is released, newest first, and the terms that can be released."""

    tables: list[tuple[str, list[FindingTable]]]
    open: list[Whole]


def releases_of(school: School) -> Releases:
    """Released figures of flags by group, and terms that are over and not released; three queries."""
    found = list(FlagRelease.objects.filter(school=school))
    taken = [(one.since, one.until) for one in found]
    wholes = wholes_of(school)
    names = {one.since: one.name for one in wholes}
    return Releases(
        tables=[
            (names.get(one.since, formats.days(one.since, one.until)), group_tables(one)) for one in found
        ],
        open=[
            one
            for one in wholes
            if not any(since <= one.until and until >= one.since for since, until in taken)
        ],
    )
