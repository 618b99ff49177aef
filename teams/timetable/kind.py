"""Timetables as a kind of checked file."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from teams.checked_files.services import FileKind
from teams.timetable.files import MOST_BYTES, read_timetable
from teams.timetable.models import TimetableFile
from teams.timetable.services import apply_timetable_file, check_timetable_file, undo_timetable_file

TIMETABLES = FileKind(
    name="timetable",
    model=TimetableFile,
    ability="edit_calendar",
    endings=(".csv.gz", ".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods"),
    most_bytes=MOST_BYTES,
    wrong_ending=_("Save the timetable as CSV or as a spreadsheet (.xlsx, .xls, .ods)."),
    too_large=_("The file is larger than 5 MB. Check that it is the right one."),
    read=read_timetable,
    check=check_timetable_file,
    apply=apply_timetable_file,
    undo=undo_timetable_file,
)
