"""Check a file of guardians."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.checking.services.rosters import ROSTERS, TEXTS
from datareview.imports.models import Import
from datareview.records.models import Guardian
from datareview.sections.queries.enrolling import plain_name
from teams.tables.languages import language_codes

if TYPE_CHECKING:
    from datareview.checking.services.roster_cells import RosterCells, Stored

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def guardian_rows(cells: RosterCells) -> Stored:
    """Read guardians, and return the stored ones by student and name."""
    cells.students()
    cells.needed("name", 120)
    if cells.columns.get("last_name"):
        cells.text("last_name", 60)
        pairs = zip(cells.frame["name"], cells.column("last_name"), strict=True)
        cells.keep("name", [f"{first} {last or ''}".strip()[:120] for first, last in pairs])
    for name in ("relation", "phone"):
        cells.text(name, TEXTS[name])
    cells.text("email", 254)
    if "email" in cells.frame.columns:
        bad = cells.frame["email"].map(lambda text: text is not None and not EMAIL.fullmatch(text))
        cells.drop(bad.astype(bool), "email", "no-email", _("This is not an email address."))
    if cells.columns.get("language"):
        cells.keep("language", cells.texts("language").str.casefold().map(language_codes()))
    cells.answer("may_contact")
    fields = ROSTERS[Import.Kind.GUARDIANS].fields
    stored: Stored = {}
    spelled: dict[tuple[int, str], str] = {}
    rows = Guardian.objects.filter(student__school=cells.row.school).order_by("may_contact", "pk")
    for one in rows.values("pk", "student_id", "name", *fields):
        # Of two records of one person, a row is about the one that says "Do not contact".
        name = spelled.setdefault((one["student_id"], plain_name(one["name"])), one["name"])
        stored.setdefault((one["student_id"], name), (one["pk"], one))
    cells.keep(
        "name",
        [
            spelled.setdefault((student, plain_name(name)), " ".join(name.split()))
            for student, name in zip(cells.frame["student_id"], cells.frame["name"], strict=True)
        ],
    )
    return stored
