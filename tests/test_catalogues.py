"""Translations are complete, compiled, and keep their placeholders."""

import re
from io import BytesIO

import polib
import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.utils.translation.template import templatize

from tests.catalogues import LOCALE, catalogues

ROOT = LOCALE.parent

SPANISH = polib.pofile(str(LOCALE / "es" / "LC_MESSAGES" / "django.po"))
PLACE = re.compile(r"%\(\w+\)[-+0-9.]*[a-z]")


def test_english_and_spanish_exist():
    assert [path.parts[-3] for path in catalogues()] == ["en", "es"]


def sentences() -> set[str]:
    """Every string in code and templates that is marked for translation."""
    keywords = DEFAULT_KEYWORDS | {f"{name}_lazy": places for name, places in DEFAULT_KEYWORDS.items()}
    code = [path for app in ("collab", "datareview", "teams") for path in (ROOT / app).rglob("*.py")]
    sources = [path.read_text() for path in code]
    pages = [templatize(path.read_text(), origin=str(path)) for path in (ROOT / "templates").rglob("*.*")]
    sources += [re.sub(r"^\s+", "", page, flags=re.MULTILINE) for page in pages]
    return {
        first(found[1])
        for source in sources
        for found in extract("python", BytesIO(source.encode()), keywords)
    }


def first(message: str | tuple[str | None, ...]) -> str:
    return message if isinstance(message, str) else message[0]


def test_every_sentence_of_the_source_is_in_the_spanish_catalogue():
    known = {entry.msgid for entry in SPANISH if not entry.obsolete}
    assert sorted(sentences() - known) == []


def test_spanish_is_complete():
    assert [entry.msgid for entry in SPANISH.untranslated_entries() + SPANISH.fuzzy_entries()] == []
    assert len(SPANISH) > 800


@pytest.mark.parametrize(
    ("word", "others", "wrong"),
    [
        (r"\bclass(es)?\b", r"\b(groups?|sections?)\b", r"\b(grupos?|secci[oó]n(es)?)\b"),
        (r"\bsections?\b", r"\b(groups?|class(es)?)\b", r"\bgrupos?\b"),
        (r"\bgroups?\b", r"\b(class(es)?|sections?)\b", r"\bsecci[oó]n(es)?\b"),
    ],
    ids=["clase", "sección", "grupo"],
)
def test_a_class_a_section_and_a_group_have_each_one_name(word, others, wrong):
    def has(pattern: str, texts: list[str]) -> bool:
        return any(re.search(pattern, re.sub(PLACE, "", text), re.IGNORECASE) for text in texts)

    said = [entry for entry in SPANISH if has(word, [entry.msgid])]
    alone = [entry for entry in said if not has(others, [entry.msgid, entry.msgid_plural])]
    assert len(alone) > 20
    assert [e.msgid for e in alone if has(wrong, [e.msgstr, *e.msgstr_plural.values()])] == []


def test_placeholders_survive_translation():
    singular = [entry for entry in SPANISH if not entry.msgid_plural]
    assert [
        e.msgid for e in singular if sorted(PLACE.findall(e.msgid)) != sorted(PLACE.findall(e.msgstr))
    ] == []


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: path.parts[-3])
def test_compiled_catalogues_match_their_sources(path):
    compiled = {
        (e.msgid, e.msgctxt): e.msgstr or e.msgstr_plural for e in polib.mofile(str(path.with_suffix(".mo")))
    }
    text = {
        (e.msgid, e.msgctxt): e.msgstr or e.msgstr_plural
        for e in polib.pofile(str(path)).translated_entries()
    }
    assert compiled == text


def test_a_page_is_in_the_language_of_its_reader(cast, as_user):
    cast.ana.language = "es"
    cast.ana.save()
    assert "Mis compromisos" in as_user(cast.ana).get("/").content.decode()
    assert "My action items" in as_user(cast.tom).get("/").content.decode()
