"""Uploaded pictures and PDF files become plain pages; what is covered is gone."""

import io

import pillow_heif
import pytest
from PIL import Image

from teams.documents.pictures import LONGEST, covered, kind_of, pages_of
from teams.lib.errors import DomainError
from tests.factories.work import pdf, picture


def opened(page):
    return Image.open(io.BytesIO(page))


def heic():
    found = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), "red")).save(found)
    return found.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_one_jpeg_page(kind):
    ((page, width, height),) = pages_of(picture(kind))
    assert (opened(page).format, width, height) == ("JPEG", 300, 200)


def test_a_picture_of_a_phone_is_read():
    ((page, width, height),) = pages_of(heic())
    assert (opened(page).format, width, height) == ("JPEG", 64, 48)
    assert opened(page).getpixel((30, 20))[0] > 200


def test_nothing_but_the_picture_is_kept_and_it_is_upright():
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x9286] = 6, "Phone of Maya Okafor", "Maya"
    ((page, width, height),) = pages_of(picture(exif=exif, comment=b"Maya Okafor"))
    assert (width, height) == (200, 300)
    assert dict(opened(page).getexif()) == {}
    assert b"Maya" not in page
    assert b"Exif" not in page


def test_a_large_picture_is_made_smaller_and_transparent_paper_is_white():
    ((_page, width, height),) = pages_of(picture("PNG", (4000, 1000)))
    assert (width, height) == (LONGEST, 500)
    found = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(found, "PNG")
    ((page, *_size),) = pages_of(found.getvalue())
    assert min(opened(page).getpixel((10, 10))) > 250


def test_each_page_of_a_pdf_is_a_picture_without_its_author():
    pages = list(pages_of(pdf(2)))
    assert [opened(page).format for page, _width, _height in pages] == ["JPEG", "JPEG"]
    assert not any(b"Maya" in page for page, *_size in pages)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"GIF89a" + b"\0" * 40, "Upload a picture"),
        (b"<svg onload=alert(1)>", "Upload a picture"),
        (b"MZ" + b"\0" * 40, "Upload a picture"),
        (b"", "Upload a picture"),
        (b"\xff\xd8\xff" + b"\0" * 40, "damaged or protected"),
        (b"%PDF-1.7 nothing", "damaged or protected"),
        (pdf(7), "7 pages, and the limit is 6"),
        (picture("PNG", (10_000, 6_000)), "more than 50 million pixels"),
    ],
    ids=["gif", "svg", "exe", "empty", "cut", "no pdf", "pages", "pixels"],
)
def test_what_cannot_be_shown_is_refused_in_words(content, error):
    with pytest.raises(DomainError, match=error):
        list(pages_of(content))


def test_the_name_of_a_file_does_not_matter():
    assert (kind_of(b"%PDF-1.4"), kind_of(picture()[:32]), kind_of(heic()[:32]), kind_of(b"PK\x03\x04")) == (
        "pdf",
        "picture",
        "picture",
        "",
    )


def test_what_is_covered_is_black_and_the_rest_is_as_it_was():
    page = opened(covered(picture(size=(200, 100)), [[10, 20, 30, 40]]))
    inside, outside = [(25, 25), (60, 50), (75, 55)], [(10, 10), (90, 50), (25, 70)]
    assert all(max(page.getpixel(at)) < 25 for at in inside)
    assert all(min(page.getpixel(at)) > 230 for at in outside)
