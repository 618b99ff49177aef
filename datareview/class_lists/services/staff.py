"""Hand a list of staff that was uploaded as any other file to the area that loads people."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.imports.models import STAFF, Import
from datareview.imports.services.files import discard_import
from teams.checked_files.services import check_later, stored_upload
from teams.lib.errors import DomainError
from teams.staff_files.kind import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from teams.directory.models import User
    from teams.staff_files.models import StaffFile


@contextmanager
def stored_staff(row: Import, *, actor: User) -> Iterator[StaffFile]:
    """Store a list of staff for a file of people that `hand_over_staff` saves; enter this before a transaction."""
    if STAFF not in row.guesses:
        raise DomainError(_("This is no list of staff."))
    name = row.name.rpartition(".zip: ")[2]
    with (
        row.file.open("rb") as file,
        stored_upload(PEOPLE, row.school, actor=actor, file=file, name=name) as people,
    ):
        yield people


@transaction.atomic
def hand_over_staff(row: Import, people: StaffFile, *, actor: User) -> StaffFile:
    """Start the check of a list of staff as a file of people; the upload is deleted, except in a set."""
    check_later(PEOPLE, people, actor=actor)
    if not row.part_of_id:
        discard_import(row, actor=actor)
    return people
