"""Files of people as a kind of checked file."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from teams.checked_files.services import FileKind
from teams.staff_files.files import MOST_BYTES, read_staff_file
from teams.staff_files.models import StaffFile
from teams.staff_files.services import apply_staff_file, check_staff_file, undo_staff_file

PEOPLE = FileKind(
    name="staff_file",
    model=StaffFile,
    ability="edit_people",
    endings=(".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods"),
    most_bytes=MOST_BYTES,
    wrong_ending=_("Save the list as CSV or as a spreadsheet (.xlsx, .xls, .ods)."),
    too_large=_("The file is larger than 2 MB. Check that it is the right one."),
    read=read_staff_file,
    check=check_staff_file,
    apply=apply_staff_file,
    undo=undo_staff_file,
)
