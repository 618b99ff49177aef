"""Sentences that send a reader to somebody else: a link for who can do it, and the page's name for who cannot."""

import re
from pathlib import Path

import pytest

from tests.access import no_arguments
from tests.voice import ROOT
from tests.walking import PAGES, browser

ASKS = re.compile(
    r"\bask\b[^.“]*\b(administrator|coordinator)"
    r"|\b(an?|your|its|the) (administrator|coordinator) (can|may|enters|adds)\b",
    re.IGNORECASE,
)
SENTENCE = re.compile(
    r"{%\s*translate\s+(?P<one>\"[^\"]*\"|'[^']*')(?P<kept>\s+as \w+)?\s*%}"
    r"|{%\s*blocktranslate\b(?P<how>[^%]*)%}(?P<many>.*?){%\s*endblocktranslate\s*%}",
    re.DOTALL,
)
# Sentences without a link, and why.
BARE = {
    "templates/teams/invitations/answer.html": "Nobody is signed in yet.",
    "templates/403.html": "Whoever reads it may not do it.",
    "templates/components/no_school.html": "Whoever reads it has no role.",
}
# Of the server's administrator, who has no page here.
IN_CODE = {"collab/schedules/services.py", "teams/jobs/services/jobs.py"}


def asking_sentences(text):
    """Pairs of a sentence that sends somewhere else and whether it is kept for `components/ask.html`."""
    for match in SENTENCE.finditer(text):
        sentence = match["one"] or match["many"]
        if ASKS.search(" ".join(sentence.split())):
            yield sentence, match["kept"] == " as ask"


def test_a_sentence_that_sends_to_an_administrator_becomes_a_link_for_one():
    found = {
        str(path.relative_to(ROOT)): list(asking_sentences(path.read_text(encoding="utf-8")))
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if path.parent.name != "account"  # nobody is signed in there
    }
    asking = {path: sentences for path, sentences in found.items() if sentences}
    assert {
        path for path, sentences in asking.items() if not all(kept for _, kept in sentences)
    } == BARE.keys()
    for path in asking.keys() - BARE.keys():
        text = (ROOT / path).read_text(encoding="utf-8")
        assert text.count("components/ask.html") == len(asking[path]), path
        assert all(" under " in sentence for sentence, _kept in asking[path]), path


def test_the_search_finds_such_sentences():
    text = """{% translate "Ask your administrator to add you." %}{% translate 'An administrator can add it.' as ask %}
        {% blocktranslate trimmed %}Please ask the
            coordinator.{% endblocktranslate %}{% translate "The administrator was told." %}"""
    assert [kept for _sentence, kept in asking_sentences(text)] == [False, True, False]


def test_in_code_only_the_servers_administrator_is_named():
    found = set()
    for app in ("collab", "datareview", "teams"):
        for path in Path(ROOT / app).rglob("*.py"):
            strings = re.findall(r'_\(\s*"([^"]*)"', path.read_text(encoding="utf-8"))
            if "demo" not in path.parts and any(ASKS.search(string) for string in strings):
                found.add(str(path.relative_to(ROOT)))
    assert found == IN_CODE


@pytest.mark.django_db
@pytest.mark.parametrize("person", ["ada", "ana"])
def test_without_students_an_administrator_gets_a_link_and_a_teacher_a_sentence(cast, person):
    page = browser(getattr(cast, person)).get("/students/?q=nobody-of-this-name").content.decode()
    link, ask = 'href="/imports/">Import students', "Ask your administrator to import sections, under Imports"
    assert (link in page, ask in page) == ((True, False) if person == "ada" else (False, True))


@pytest.mark.sweep
@pytest.mark.django_db
@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.at is no_arguments], ids=lambda page: page.name
)
def test_who_works_at_no_school_reads_what_to_do_on_every_page(page):
    """Nothing answers 500 or shows a row."""
    from django.urls import reverse

    from teams.directory.models import User

    answer = browser(User.objects.create_user("new@lincoln.test")).get(reverse(page.name))
    assert answer.status_code in {200, 403}
    if answer.status_code == 403:
        assert "add new@lincoln.test under People" in " ".join(answer.content.decode().split())
