"""Upload photos, draw them anew, remove them, and say whether the school shows them."""

from __future__ import annotations

import zipfile
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from datareview.photos.models import PhotoFile, PhotoSwitch, StudentPhoto
from datareview.records.models import Student
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.documents.pictures import PICTURE, kind_of, square_of
from teams.jobs.services.jobs import start_job
from teams.lib.errors import DomainError
from teams.lib.uploads import stored_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.core.files import File

    from teams.directory.models import School, User
    from teams.jobs.models import Job
    from teams.jobs.services.jobs import Progress

SIDE = 320  # pixels
MOST_BYTES = 200 * 2**20  # of a zip file
MOST_OF_ONE = 12 * 2**20
MOST_PHOTOS = 5000
MOST_NAMES = 50  # of a list of what brought no photo
ZIP = b"PK\x03\x04"


@contextmanager
def stored_photos(
    school: School, *, actor: User, file: File[bytes], student: Student | None = None
) -> Iterator[PhotoFile]:
    """Store an uploaded picture of ``student``, or a zip file of many, for a row that `read_photos_later` saves."""
    require_ability(actor, "edit_students", school)
    head = file.read(32)
    file.seek(0)
    is_right = kind_of(head) == PICTURE if student else head.startswith(ZIP)
    if not is_right:
        raise DomainError(
            _("Upload a picture (JPEG, PNG, WebP, HEIC).")
            if student
            else _("Upload a zip file of pictures that are named after students’ numbers, like 10234.jpg.")
        )
    if (file.size or 0) > (MOST_OF_ONE if student else MOST_BYTES):
        raise DomainError(_("The file is too large. Make it smaller."))
    row = PhotoFile(school=school, uploaded_by=actor, student=student)
    with stored_file(row.file, file, str(row.uuid)):
        yield row


@transaction.atomic
def read_photos_later(row: PhotoFile, *, actor: User) -> PhotoFile:
    """Save a new file and start the job that reads it."""
    require_ability(actor, "edit_students", row.school)
    row.save()
    row.job = start_job("datareview.read_photos", school=row.school, actor=actor, payload={"file": row.pk})
    row.save(update_fields=["job"])
    record_event(actor, "uploaded-photos", row.student or row.school, school=row.school)
    return row


def read_photos(job: Job, progress: Progress) -> dict[str, Any]:
    """Draw the photos of a file anew and keep them; the file is deleted. Idempotent."""
    row = PhotoFile.objects.select_related("school", "student").filter(pk=job.payload["file"]).first()
    if row is None or row.is_read:
        return {}
    try:
        with row.file.open("rb") as file:
            if row.student:
                _keep(row.student, square_of(file.read(), SIDE))
                row.photos = 1
            else:
                _read_zip(row, file, progress)
    except (DomainError, zipfile.BadZipFile) as error:
        row.error = str(error) if isinstance(error, DomainError) else _("The zip file is damaged.")
    name = row.file.name
    row.is_read, row.file = True, ""
    row.save()
    if name:
        PhotoFile._meta.get_field("file").storage.delete(name)  # noqa: SLF001
    return {}


def _read_zip(row: PhotoFile, file: File[bytes], progress: Progress) -> None:
    students = {one.local_id: one for one in Student.objects.filter(school=row.school)}
    with zipfile.ZipFile(file) as archive:
        entries = [one for one in archive.infolist() if not one.is_dir() and not _is_hidden(one.filename)]
        if len(entries) > MOST_PHOTOS:
            raise DomainError(_("The zip file has more than %(n)d files.") % {"n": MOST_PHOTOS})
        unknown, unreadable = [], []
        for number, entry in enumerate(entries, start=1):
            path = PurePosixPath(entry.filename)
            student = students.get(path.stem)
            if student is None:
                unknown.append(path.name[:80])
                continue
            try:
                if entry.file_size > MOST_OF_ONE:
                    raise DomainError(_("The file is too large. Make it smaller."))
                _keep(student, square_of(archive.read(entry), SIDE))
                row.photos += 1
            except (DomainError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
                unreadable.append(path.name[:80])
            progress.step(number, len(entries))
    row.unknown, row.unreadable = unknown[:MOST_NAMES], unreadable[:MOST_NAMES]


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)


def _keep(student: Student, picture: bytes) -> None:
    StudentPhoto.objects.update_or_create(
        student=student, defaults={"picture": picture, "set_on": student.school.today()}
    )


@transaction.atomic
def remove_photo(student: Student, *, actor: User) -> None:
    """Delete a student's photo."""
    require_ability(actor, "edit_students", student.school)
    if StudentPhoto.objects.filter(student=student).delete()[0]:
        record_event(actor, "removed-photo", student, school=student.school)


@transaction.atomic
def switch_photos(school: School, *, actor: User, is_on: bool) -> None:
    """Show photos to who sees a student, or to nobody."""
    require_ability(actor, "edit_students", school)
    PhotoSwitch.objects.update_or_create(school=school, defaults={"is_on": is_on})
    record_event(actor, "switched-photos", school, school=school, is_on=is_on)
