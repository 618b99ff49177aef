"""Released gaps as a PDF file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from datareview.gaps.queries.page import gap_page, table_columns, table_rows
from teams.access.permissions import can
from teams.documents.makers import makes
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from teams.documents.makers import Wanted
    from teams.jobs.services.jobs import Progress


@makes("datareview.gaps")
def make_gaps(wanted: Wanted, progress: Progress) -> str:
    """The release that ``options`` name (measure, window, grade), as HTML for paper: what the page and the CSV file show."""
    page = gap_page(wanted.school, wanted.options)
    if page.release is None or not can(wanted.user, "see_school", wanted.school):
        raise DomainError(_("You can no longer see these figures."))
    progress.step(1, 2)
    context = {
        "page": page,
        "columns": table_columns(),
        "rows": table_rows(page.gaps),
        "school": wanted.school,
        "LANGUAGE_CODE": get_language(),
    }
    return render_to_string("datareview/gaps/paper.html", context)
