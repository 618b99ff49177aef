"""An answer as a PDF file."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from datareview.outcomes.permissions import may_ask
from datareview.outcomes.queries.answers import Asked
from datareview.outcomes.queries.asking import answer_of
from teams.documents.makers import makes
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from teams.documents.makers import Wanted
    from teams.jobs.services.jobs import Progress


@makes("datareview.outcome")
def make_outcome(wanted: Wanted, progress: Progress) -> str:
    """The answer to the question ``key`` about the days from ``since`` to ``until``, as HTML for paper."""
    key, since, until = (wanted.options[name] for name in ("key", "since", "until"))
    if not may_ask(wanted.user, wanted.school, key):
        raise DomainError(_("You can no longer see this report."))
    asked = Asked(wanted.user, wanted.school, dt.date.fromisoformat(since), dt.date.fromisoformat(until))
    answer = answer_of(asked, key)
    progress.step(1, 2)
    context = {"answer": answer, "school": wanted.school, "LANGUAGE_CODE": get_language()}
    return render_to_string("datareview/outcomes/paper.html", context)
