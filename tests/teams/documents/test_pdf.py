"""What PDF files look like."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from teams.documents.pdf import pdf_of
from teams.themes.colors import LIGHT


def test_drawings_on_paper_have_the_light_colors():
    drawn = '<svg viewBox="0 0 9 9"><rect width="9" height="9" fill="var(--accent)"/></svg>'
    content = PdfReader(BytesIO(pdf_of(drawn)))
    red, green, blue = (int(LIGHT["accent"][at : at + 2], 16) / 255 for at in (1, 3, 5))
    fills = re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) rg", content.pages[0].get_contents().get_data().decode())

    assert pytest.approx((red, green, blue), abs=0.01) in [tuple(map(float, fill)) for fill in fills]


def test_texts_and_titles_have_our_fonts():
    (page,) = PdfReader(BytesIO(pdf_of("<h1>Minutes</h1><p>Decided</p>"))).pages
    fonts = [str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()]

    assert sorted(name.partition("+")[2].split("-")[0] for name in fonts) == ["Inter", "Source"]
