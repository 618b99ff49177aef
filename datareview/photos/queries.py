"""Whether a student has a photo that is shown, and the files of photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery

from datareview.photos.models import PhotoFile, PhotoSwitch, StudentPhoto
from teams.lib.hidden_names import are_hidden

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

    from datareview.records.models import Student
    from teams.directory.models import School


def photos_are_shown(school: School) -> bool:
    """Whether ``school`` shows photos of students."""
    return PhotoSwitch.objects.filter(school=school, is_on=True).exists()


def with_photo_day(students: QuerySet[Student]) -> QuerySet[Student]:
    """``students`` with ``photo_day``: the day of the photo, None without one or where the school shows none."""
    shown = StudentPhoto.objects.filter(student=OuterRef("pk"), student__school__photo_switch__is_on=True)
    return students.annotate(photo_day=Subquery(shown.values("set_on")))


def photo_day(student: Student) -> dt.date | None:
    """The day of the photo of ``student``, read by `with_photo_day` or now; None also while names are hidden."""
    if are_hidden():
        return None
    if not hasattr(student, "photo_day"):
        student = with_photo_day(type(student).objects.filter(pk=student.pk)).get()
    day: dt.date | None = student.photo_day  # type: ignore[attr-defined]
    return day


def photo_of(student: Student) -> bytes | None:
    """The photo of ``student``, whom the caller may see, as JPEG; None if none is shown."""
    if photo_day(student) is None:
        return None
    found = StudentPhoto.objects.filter(student=student).values_list("picture", flat=True).first()
    return bytes(found) if found else None


def photo_files(school: School) -> list[PhotoFile]:
    """The last zip files of photos."""
    return list(
        PhotoFile.objects.filter(school=school, student=None).select_related("job", "uploaded_by")[:5]
    )


def how_many_photos(school: School) -> tuple[int, int]:
    """How many enrolled students have a photo, and how many there are."""
    students = school.students.filter(status="active")
    return students.filter(photo__isnull=False).count(), students.count()
