"""Photos: off until switched on, drawn anew, from a zip by number, and seen by who sees the student."""

import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from datareview.photos.models import PhotoFile, StudentPhoto
from datareview.photos.services import SIDE, read_photos, read_photos_later, stored_photos, switch_photos
from teams.lib.errors import DomainError

pytestmark = pytest.mark.django_db


def picture(kind="JPEG") -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Ana"
    found = io.BytesIO()
    Image.new("RGB", (600, 800), "navy").save(found, kind, exif=exif)
    return found.getvalue()


def upload(cast, content, *, student=None, who="ada"):
    file = SimpleUploadedFile("x", content)
    actor = getattr(cast, who)
    with stored_photos(cast.school, actor=actor, file=file, student=student) as stored:
        row = read_photos_later(stored, actor=actor)
    read_photos(row.job, type("P", (), {"step": lambda *_a: None})())
    return PhotoFile.objects.get(pk=row.pk)


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"class/{name}.jpg", content)
    return out.getvalue()


def test_a_photo_is_drawn_anew_and_shown_once_the_school_says_so(cast, as_user):
    row = upload(cast, picture(), student=cast.maya)
    assert (row.is_read, row.error, row.file.name) == (True, "", "")
    stored = bytes(StudentPhoto.objects.get().picture)
    with Image.open(io.BytesIO(stored)) as drawn:
        assert (drawn.format, drawn.size, dict(drawn.getexif())) == ("JPEG", (SIDE, SIDE), {})
    address = reverse("datareview:photo-show", args=[cast.maya.uuid, "x"])
    client = as_user(cast.ana)
    assert client.get(address).status_code == 404
    switch_photos(cast.school, actor=cast.ada, is_on=True)
    assert b"".join(client.get(address).streaming_content) == stored
    assert "student-photo" in client.get(cast.maya.get_absolute_url()).content.decode()
    assert as_user(cast.gil).get(address).status_code == 404
    client.post(reverse("datareview:projector-switch"), {"next": "/"})
    assert client.get(address).status_code == 404


def test_a_zip_brings_photos_by_number_and_says_what_it_could_not_use(cast):
    files = {cast.maya.local_id: picture(), "nobody": picture("PNG"), cast.jonas.local_id: b"not a picture"}
    row = upload(cast, zipped(**files))
    assert (row.photos, row.unknown, row.unreadable) == (1, ["nobody.jpg"], [f"{cast.jonas.local_id}.jpg"])
    assert [one.student for one in StudentPhoto.objects.all()] == [cast.maya]


def test_only_the_office_uploads_and_only_what_is_a_picture_or_a_zip(cast):
    with pytest.raises(PermissionDenied):
        upload(cast, picture(), student=cast.maya, who="ana")
    for content, student in ((b"%PDF-1.7", cast.maya), (picture(), None)):
        with pytest.raises(DomainError, match="Upload a"):
            upload(cast, content, student=student)
    assert not PhotoFile.objects.exists()
