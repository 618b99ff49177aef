"""Photos of students, the files that bring them, and whether a school shows them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from datareview.records.models import Student
from teams.directory.models import School
from teams.jobs.models import Job
from teams.lib.models import PublicModel


class PhotoSwitch(models.Model):
    """Whether a school shows photos; without a row it does not."""

    school = models.OneToOneField(School, on_delete=models.CASCADE, related_name="photo_switch")
    is_on = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("photos on or off")

    def __str__(self) -> str:
        return str(self.school)


class StudentPhoto(models.Model):
    """A student's photo: a square JPEG of `datareview.photos.services.SIDE` pixels, drawn anew, in the database.

    In the database it is erased, merged and backed up with the student.
    """

    student = models.OneToOneField(Student, on_delete=models.CASCADE, related_name="photo")
    picture = models.BinaryField()
    set_on = models.DateField()

    class Meta:
        verbose_name = _("photo")

    def __str__(self) -> str:
        return str(self.student)


class PhotoFile(PublicModel):
    """An uploaded picture of ``student``, or a zip file of pictures that are named after students' numbers.

    ``file`` is deleted once it is read. ``unknown`` and ``unreadable`` are names in the zip that brought no photo.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="photo_files")
    student = models.ForeignKey(Student, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    file = models.FileField(upload_to="photos/%Y/%m/", blank=True)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    is_read = models.BooleanField(default=False)
    error = models.CharField(max_length=300, blank=True)
    photos = models.PositiveIntegerField(default=0)
    unknown = models.JSONField(default=list, blank=True)
    unreadable = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("file of photos")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return str(self.uuid)

    def get_absolute_url(self) -> str:
        return self.student.get_absolute_url() if self.student else reverse("datareview:photo-list")
