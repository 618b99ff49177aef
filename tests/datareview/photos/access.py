import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from datareview.photos.models import PhotoFile, PhotoSwitch, StudentPhoto
from tests.access import Page, Post, by, one

EDIT = by("ada", sees="ana tom sol cora pia")


def jpeg(color="red") -> bytes:
    found = io.BytesIO()
    Image.new("RGB", (40, 60), color).save(found, "JPEG")
    return found.getvalue()


def _shown(side) -> None:
    PhotoSwitch.objects.create(school=side.school, is_on=True)
    StudentPhoto.objects.create(student=side.maya, picture=jpeg(), set_on=side.school.today())


PAGES = [
    Page("photo-list", who=by("ada zac", rest=403)),
    Page("photo-edit", one("maya"), EDIT),
    Page(
        "photo-show",
        lambda side: [side.maya.uuid, "2026-01-01"],
        {who: 200 if found == "does" else found for who, found in by("ana tom sol cora pia ada").items()},
        given=_shown,
    ),
]

POSTS = [
    Post(
        "photo-list",
        who=by("ada zac", rest=403),
        data=lambda side: {"file": SimpleUploadedFile("a.zip", b"PK\x03\x04")},
        effect=lambda side: PhotoFile.objects.filter(school=side.own.school).count(),
        becomes=1,
    ),
    Post(
        "photo-edit",
        one("maya"),
        EDIT,
        data=lambda side: {"file": SimpleUploadedFile("a.jpg", jpeg())},
        effect=lambda side: PhotoFile.objects.filter(student=side.maya).count(),
        becomes=1,
    ),
    Post(
        "photo-remove",
        one("maya"),
        EDIT,
        given=_shown,
        effect=lambda side: StudentPhoto.objects.filter(student=side.maya).count(),
        becomes=0,
    ),
    Post(
        "photo-switch",
        who=by("ada zac", rest=403),
        data=lambda side: {"on": "yes"},
        effect=lambda side: PhotoSwitch.objects.filter(school=side.own.school, is_on=True).count(),
        becomes=1,
    ),
]
