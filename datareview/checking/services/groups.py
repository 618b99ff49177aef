"""Check a file of the groups that students are in."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from datareview.checking.services.roster_cells import RosterCells, Stored, drop_backwards, mask, read_span
from datareview.records.models import GroupName, Subgroup
from datareview.records.queries.spans import do_overlap, matching_span


def group_rows(cells: RosterCells) -> Stored:
    """Read members of groups, and return the stored ones by student, category and group."""
    cells.students()
    cells.needed("category", 40)
    cells.needed("group", 60)
    read_span(cells)
    known = set(GroupName.objects.filter(school=cells.row.school).values_list("category", "group"))
    pairs = zip(cells.frame["category"], cells.frame["group"], strict=True)
    message = _(
        "The school’s list of groups has no such group. Add it under Students, Groups, or correct it."
    )
    cells.drop(mask(cells, (pair not in known for pair in pairs)), "group", "unknown-group", message)
    spans: dict[tuple[Any, ...], dict[tuple[Any, Any], int]] = {}
    present: dict[tuple[int, str], str] = {}
    rows = Subgroup.objects.filter(student__school=cells.row.school).order_by(
        F("starts_on").asc(nulls_first=True), "pk"
    )
    for one in rows.values("pk", "student_id", "category", "group", "starts_on", "ends_on"):
        there = spans.setdefault((one["student_id"], one["category"], one["group"]), {})
        there[one["starts_on"], one["ends_on"]] = one["pk"]
        if one["ends_on"] is None:
            present[one["student_id"], one["category"]] = one["group"]
    columns = [cells.frame[name] for name in ("student_id", "category", "group")]
    lines = list(zip(*columns, cells.column("ends_on"), strict=True))
    stored: Stored = {}
    today = cells.row.school.today()
    starts_on, days, doubled = list(cells.column("starts_on")), [], []
    for place, (student, category, group, until) in enumerate(lines):
        there = spans.get((student, category, group), {})
        match = matching_span(there, starts_on[place], until, today)
        if match is not None:
            values = {"starts_on": match[0], "ends_on": match[1]}
            stored[student, category, group] = (there[match], values)
        elif there and starts_on[place] is None:
            starts_on[place] = today
        begun, ended = match or (None, None)
        first, last = starts_on[place] or begun, until or ended
        days.append((first, last))
        others = [span for span in there if span != match] if (first, last) != match else []
        doubled.append(any(do_overlap((first, last), span) for span in others))
    cells.keep("starts_on", starts_on)
    for student, category, group, day in lines:
        if day is not None and present.get((student, category)) == group:
            del present[student, category]
    wrong = [
        day is None and present.setdefault((student, category), group) != group
        for student, category, group, day in lines
    ]
    wrong_rows, double_rows = mask(cells, wrong), mask(cells, doubled)
    drop_backwards(cells, days)
    message = _("The student is in another group of this category. End that first.")
    cells.drop(wrong_rows, "group", "other-group", message)
    message = _("The student was in this group on some of these days already. Correct the days.")
    cells.drop(double_rows, "group", "overlap", message)
    return stored
