"""Counts are written as readers write them, and still choose between one and many."""

import re
from pathlib import Path

import pytest
from django.template import engines
from django.utils import translation

TEMPLATES = Path(__file__).parents[3] / "templates"
COUNT = re.compile(r"\bcount \w+=(\S+)")
TAG = re.compile(r"\{% blocktranslate\b(.*?)%\}", re.DOTALL)


def test_every_count_is_written_by_the_formatter():
    """“1234 results” next to “1–50 of 1,234” would be two ways to write one number."""
    counts = [
        (path.name, expression)
        for path in TEMPLATES.rglob("*.html")
        for tag in TAG.findall(path.read_text(encoding="utf-8"))
        for expression in COUNT.findall(tag)
    ]
    assert len(counts) > 50
    assert [one for one in counts if not one[1].endswith("|counted")] == []


@pytest.mark.parametrize(
    ("language", "n", "said"),
    [
        ("en", 1, "1 zebra"),
        ("en", 0, "0 zebras"),
        ("en", None, "0 zebras"),
        ("en", 1234, "1,234 zebras"),
        ("es", 12345, "12.345 zebras"),
    ],
)
def test_a_count_chooses_its_form_and_has_separators(language, n, said):
    words = "{{ n }} zebra{% plural %}{{ n }} zebras"
    source = f"{{% load i18n %}}{{% blocktranslate count n=n|counted %}}{words}{{% endblocktranslate %}}"
    template = engines["django"].from_string(source)
    with translation.override(language):
        assert template.render({"n": n}) == said
