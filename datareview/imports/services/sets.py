"""Divide a zip of files: each becomes an upload of its own. The files of a OneRoster set are joined first."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from uuid import uuid5

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from datareview.imports.services.files import ACCEPTED, start_reading, stored_import
from datareview.oneroster.joining import joined_files
from datareview.records.models import Section, Student
from teams.lib.errors import DomainError
from teams.tables.limits import EXPANSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datareview.imports.models import Import
    from teams.tables.limits import Limits

ZIP = ".zip"
MOST_FILES = 40
MOST_SETS = 5  # earlier ones in which what a delta names is looked for
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, EOFError)
# Files of which others need the rows first, by words in their names; all others come after them.
FIRST = ("student", "user", "section", "class", "teacher", "enroll", "guardian", "group")


def divide_set(row: Import, limits: Limits) -> list[str]:
    """Upload each file in a zip, in the order in which they need each other. Returns their names. May run twice.

    Raises DomainError if there is none, or more than may be unpacked.
    """
    members = _members(row, limits.most_bytes)
    students = Student.objects.filter(school=row.school).values_list("local_id", flat=True)
    sections = Section.objects.filter(school=row.school).values_list("local_id", flat=True)
    files = (
        joined_files(members, limits, students, sections, _earlier_sets(row, limits.most_bytes)) or members
    )
    names = sorted(files, key=lambda name: (_place(name), name))
    for name in names:
        uuid = uuid5(row.uuid, name)
        if not type(row).objects.filter(uuid=uuid).exists():
            content, whole = ContentFile(files[name], name=name), f"{row.name}: {name}"[-200:]
            with stored_import(row.school, actor=row.uploaded_by, file=content, name=whole) as part:
                part.uuid, part.part_of = uuid, row
                start_reading(part, actor=row.uploaded_by, job=row.job)
    return names


def _earlier_sets(row: Import, most: int) -> Iterator[dict[str, bytes]]:
    """The files of the last sets of which something was loaded, the newest first."""
    there = type(row).objects.filter(school=row.school, parts__state=row.State.APPLIED).exclude(pk=row.pk)
    for one in there.order_by("-pk").distinct()[:MOST_SETS]:
        if one.file.storage.exists(one.file.name or ""):
            yield _members(one, most)


def _members(row: Import, most: int) -> dict[str, bytes]:
    """The files in a zip by their names, with their folders where two have the same; those that are no tables left out."""
    try:
        with row.file.open("rb") as file, zipfile.ZipFile(file) as archive:
            parts = [part for part in archive.infolist() if _is_table(part.filename) and part.file_size]
            if len(parts) > MOST_FILES or sum(part.file_size for part in parts) > EXPANSION * most:
                raise DomainError(_("The zip has too many or too large files. Load its files one by one."))
            found: dict[str, bytes] = {}
            for part in parts:
                with archive.open(part) as opened:
                    data = opened.read(most + 1)
                if len(data) > most:
                    raise DomainError(
                        _("“%(name)s” in the zip is larger than %(mb)d MB. Split it.")
                        % {"name": part.filename[:100], "mb": most // 2**20}
                    )
                path = PurePosixPath(part.filename)
                found[" ".join(path.parts) if path.name in found else path.name] = data
    except DAMAGED as error:
        raise DomainError(_("This zip can’t be read. It may be damaged or have a password.")) from error
    if not found:
        raise DomainError(_("The zip has no file that Collab reads: CSV, TSV or a spreadsheet."))
    return found


def _is_table(name: str) -> bool:
    path = PurePosixPath(name)
    is_hidden = any(part.startswith((".", "__")) for part in path.parts)
    return not is_hidden and path.name.lower().endswith(ACCEPTED) and path.name.lower() != "manifest.csv"


def _place(name: str) -> int:
    plain = name.lower()
    return next((place for place, word in enumerate(FIRST) if word in plain), len(FIRST))
