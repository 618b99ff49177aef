"""Pictures and PDF files as people upload them, and pieces of student work."""

import io

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from collab.student_work.models import StudentWork, WorkPage, WorkScoring


def picture(kind="JPEG", size=(300, 200), color="white", **options):
    """The bytes of a picture of one color."""
    found = io.BytesIO()
    Image.new("RGB", size, color).save(found, kind, **options)
    return found.getvalue()


def pdf(pages=1):
    """The bytes of a PDF file of empty pages, with an author."""
    found = io.BytesIO()
    sheets = [Image.new("RGB", (120, 160), "white") for _one in range(pages)]
    sheets[0].save(found, "PDF", save_all=True, append_images=sheets[1:], author="Maya Okafor")
    return found.getvalue()


def uploaded(content, name="IMG_0001.jpg"):
    return SimpleUploadedFile(name, content)


def make_work(item, user, *, state="shown", title="A", student=None, covers=()):
    """A piece with one white page, in ``state``."""
    work = StudentWork.objects.create(item=item, uploaded_by=user, title=title, state=state, student=student)
    page = WorkPage(work=work, number=1, width=300, height=200, covers=list(covers))
    page.file.save(f"{work.uuid}-1.jpg", ContentFile(picture()), save=True)
    return work


def make_scoring(item, highest=4):
    return WorkScoring.objects.create(
        item=item, rubric="4: with a drawing\n0: nothing", highest=highest, version=1
    )
