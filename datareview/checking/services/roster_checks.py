"""Check a roster file: every row is new, changed or the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from django.utils.translation import gettext as _

from datareview.checking.services.course_grades import course_grade_rows
from datareview.checking.services.groups import group_rows
from datareview.checking.services.guardians import guardian_rows
from datareview.checking.services.incidents import incident_rows
from datareview.checking.services.past_grades import past_grade_rows
from datareview.checking.services.pending import is_in_turn, pending
from datareview.checking.services.roster_cells import RosterCells, Stored
from datareview.checking.services.rosters import LIFTED, ROSTERS, roster_year
from datareview.checking.services.sections import enrollment_rows, section_rows, teacher_rows
from datareview.imports.checked import Checked
from datareview.imports.models import Import
from teams.tables.cells import without_equal_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from teams.tables.problems import Problems


def check_roster(row: Import, frame: pd.DataFrame, problems: Problems) -> Checked:
    """Check a roster file. ``rows`` has the keys and fields of its `RosterTable`; None is an empty cell, which keeps.

    What has ended is not continued by a row that names no end: such a row is new. Only a teacher, who is in a section
    once, has ``is_back`` instead, which clears the last day.
    """
    table, cells = ROSTERS[row.kind], RosterCells(row, frame, problems)
    stored = _READERS[row.kind](cells)
    frame = cells.frame
    keys, fields = list(table.keys), [name for name in table.fields if name in frame.columns]
    frame = without_equal_rows(frame, keys, fields, problems, "")
    states, ids, lifted = [], [], []
    is_back = frame.get("is_back", pd.Series(False, index=frame.index, dtype=bool)).tolist()
    lines = [list(zip(*(frame[name].tolist() for name in names), strict=True)) for names in (keys, fields)]
    for key, given, back in zip(lines[0], lines[1] or [()] * len(frame), is_back, strict=True):
        pk, values = stored.get(key, (None, {}))
        found = dict(zip(fields, given, strict=True))
        lifted.append(values.get("may_contact") is False and found.get("may_contact") is True)
        differs = back or any(new is not None and new != values.get(name) for name, new in found.items())
        states.append("new" if pk is None else "changed" if differs else "same")
        ids.append(pk)
    index = frame.index
    message = _("“Do not contact” is stored for this guardian, and the file says yes. Is that right?")
    allowed, column = frame[pd.Series(lifted, index=index, dtype=bool)], cells.columns.get("may_contact", "")
    problems.add(allowed, column, LIFTED, message, values="number", severity="warning")
    return Checked(frame.assign(state=states, row_id=pd.Series(ids, index=index, dtype=object)))


def note_new(row: Import, checked: Checked) -> None:
    """Let the next files of the set know the new students, sections or enrollments of a checked file."""
    if not is_in_turn() or not len(checked.rows):
        return
    found = pending()
    kinds: dict[str, tuple[dict[int, Any], dict[str, Any]]] = {
        Import.Kind.STUDENTS: (found.students, {"school": row.school}),
        Import.Kind.SECTIONS: (found.sections, {"school": row.school}),
        Import.Kind.ENROLLMENTS: (found.enrollments, {}),
    }
    if row.kind not in kinds:
        return
    rows, common = kinds[row.kind]
    table = ROSTERS[row.kind]
    if row.kind == Import.Kind.SECTIONS:
        common["year"] = roster_year(row)
    new = checked.rows[checked.rows["state"] == "new"]
    names = [name for name in (*table.keys, *table.fields) if name in new.columns]
    for values in new[names].to_dict("records"):
        given = {str(name): value for name, value in values.items() if value is not None}
        pk = -1 - len(rows)
        rows[pk] = table.model(pk=pk, **common, **given)


_READERS: dict[str, Callable[[RosterCells], Stored]] = {
    Import.Kind.SECTIONS: section_rows,
    Import.Kind.TEACHERS: teacher_rows,
    Import.Kind.ENROLLMENTS: enrollment_rows,
    Import.Kind.GUARDIANS: guardian_rows,
    Import.Kind.GROUPS: group_rows,
    Import.Kind.INCIDENTS: incident_rows,
    Import.Kind.COURSE_GRADES: course_grade_rows,
    Import.Kind.PAST_GRADES: past_grade_rows,
}
