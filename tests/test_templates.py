"""Rules for templates: what they may contain, and that all of them are used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

ROOT = Path(__file__).parents[1]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CODE = [path for package in ("teams", "datareview", "collab") for path in (ROOT / package).rglob("*.py")]


def names(paths: list[Path]) -> list[str]:
    """Paths relative to the checkout, as test ids."""
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.mark.parametrize("path", TEMPLATES, ids=names(TEMPLATES))
def test_a_template_obeys_the_content_security_policy_and_asks_for_no_role(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|hx-on|javascript:", text)
    assert not re.search(r"\.role\b", text)
    assert not [
        tag
        for tag in re.findall(r"<(?:script|style)\b[^>]*>", text)
        if "nonce" not in tag and "application/json" not in tag
    ]


FIELD = re.compile(r"<(?:input|select|textarea)\b(?:{%.*?%}|{{.*?}}|[^>])*>", re.DOTALL)
# Templates outside `components` that write out a field, each with its reason.
FIELDS_BY_HAND = {
    "templates/allauth/elements/field.html": "allauth hands the attributes of its own fields to it",
    "templates/django/forms/widgets/textarea.html": "forms draw their texts with it",
}


def fields_by_hand(text: str) -> list[str]:
    """Fields of a template that no form renders. Hidden ones sent with a button need no label."""
    return [field for field in FIELD.findall(text) if 'type="hidden"' not in field]


def test_fields_are_drawn_by_their_forms():
    pages = [path for path in TEMPLATES if "components" not in path.parts]
    by_hand = [path for path in pages if fields_by_hand(path.read_text(encoding="utf-8"))]
    assert names(by_hand) == list(FIELDS_BY_HAND)


def test_the_finder_of_fields_written_by_hand_finds_them():
    text = '<input type="hidden" name="a">{{ form.b }}<input\n {% if x > 1 %}checked{% endif %}\n><select>'
    assert fields_by_hand(text) == ["<input\n {% if x > 1 %}checked{% endif %}\n>", "<select>"]


# What these filters return is escaped, and `hide_names` leaves escaped text alone.
HIDES_TOO_LATE = re.compile(
    r"\|(?:join|linebreaks|linebreaksbr|escape|force_escape|urlize)(?::\"[^\"]*\")?\|hide_names\b"
)


def test_names_are_hidden_before_texts_are_joined_or_escaped():
    late = [path for path in TEMPLATES if HIDES_TOO_LATE.search(path.read_text(encoding="utf-8"))]
    assert names(late) == []


@pytest.mark.parametrize("text", ['{{ texts|join:", "|hide_names }}', "{{ text|linebreaksbr|hide_names }}"])
def test_names_that_are_hidden_too_late_are_found(text):
    assert HIDES_TOO_LATE.search(text)


def test_every_asset_that_a_template_names_exists_and_every_asset_is_named():
    text = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    named = set(re.findall(r"{% static '([^']+)' %}", text))
    kept = {
        str(path.relative_to(ROOT / "static"))
        for folder in ("css", "js")
        for path in (ROOT / "static" / folder).rglob("*.*")
    }
    assert {
        name for name in named if finders.find(name) is None
    } == set()  # ours, or allauth's scripts for passkeys
    assert kept - named == {"css/paper.css"}  # named by teams/documents/pdf.py


def test_the_rooms_styles_are_loaded_by_its_own_pages():
    loading = [path for path in TEMPLATES if "css/room.css" in path.read_text(encoding="utf-8")]
    assert {path.parent for path in loading} == {ROOT / "templates/collab/room"}


def test_every_part_of_a_page_is_included():
    texts = {path: path.read_text(encoding="utf-8") for path in [*TEMPLATES, *CODE]}
    parts = [path for path in TEMPLATES if path.name.startswith("_") or path.parent.name == "components"]
    unused = [
        path
        for path in parts
        if not any(str(path.relative_to(ROOT / "templates")) in text for text in texts.values())
    ]
    assert parts
    assert names(unused) == []


def test_no_template_line_is_longer_than_200():
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > 200
    ]
    assert long == []


WORD = re.compile(r"[A-Za-z]{3,}")
KEPT = {"Collab"}


def visible_text(text: str) -> list[str]:
    """Words of a template that a reader would see untranslated."""
    text = re.sub(r"{%\s*(blocktranslate)\b.*?{%\s*endblocktranslate\s*%}", "", text, flags=re.DOTALL)
    text = re.sub(r"{% block \w*class %}.*?{% endblock.*?%}", "", text)
    text = re.sub(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"{%.*?%}|{{.*?}}", " ", text, flags=re.DOTALL)
    text = re.sub(r"<(script|style|code|kbd)\b.*?</\1>", "", text, flags=re.DOTALL)
    inside = re.findall(r"(?:aria-label|title|placeholder|alt)=\"([^\"]*)\"", text)
    outside = re.sub(r"<[^>]*>", " ", text)
    words = [word for part in [*inside, outside] for word in WORD.findall(part)]
    return [word for word in words if word not in KEPT]


@pytest.mark.parametrize("path", TEMPLATES, ids=names(TEMPLATES))
def test_every_word_of_a_template_can_be_translated(path):
    assert visible_text(path.read_text(encoding="utf-8")) == []


def test_the_check_finds_untranslatable_text():
    assert visible_text('<p>Hello {% translate "there" %}</p><a title="Open">x</a>') == ["Open", "Hello"]


def test_a_form_is_never_included_without_its_token():
    """``only`` leaves out the token that a form needs: rendering would fail."""
    templates = ROOT / "templates"
    forms = {
        str(path.relative_to(templates))
        for path in TEMPLATES
        if "{% csrf_token %}" in path.read_text(encoding="utf-8")
    }
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in TEMPLATES
        for name in re.findall(r'{% include "([^"]+)"[^%]* only %}', path.read_text(encoding="utf-8"))
        if name in forms
    ]
    assert found == []
