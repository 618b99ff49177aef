"""Pages and code speak with one voice: plain words, and one name per thing."""

import pytest

from tests.voice import (
    ALLOWED,
    all_prose,
    all_sentences,
    avoided_in_code,
    avoided_words,
    prose_of_code,
    sentences_of_code,
    sentences_of_template,
)


def test_no_sentence_that_a_user_reads_has_a_word_that_pages_avoid():
    sentences = all_sentences()
    assert len(sentences) > 2000
    found = [(place, sentence, words) for place, sentence in sentences if (words := avoided_words(sentence))]
    assert found == []


def test_an_exception_is_a_sentence_that_is_still_there():
    assert ALLOWED.keys() <= {sentence for _, sentence in all_sentences()}


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("The meeting was called off.", ["called off → cancel"]),
        ("Call this meeting off", ["Call this meeting off → cancel"]),
        ("Ends by itself", ["by itself → automatically"]),
        ("Mail", ["Mail → email"]),
        ("Somebody stands here", ["stands → is", "Somebody → someone, everyone, anyone, no one"]),
        ("Email the standards; compromise; mending is no ticket", ["mending → fix, correct"]),
        (
            "Back",
            ["Back → Cancel, which leaves a form without saving; a link to a page has the name of the page"],
        ),
        ("Back to school", []),
        ("The bell schedule covered two standing-room classes", []),
    ],
)
def test_the_finder_knows_whole_words(sentence, words):
    assert avoided_words(sentence) == words


def test_the_finder_reads_templates_and_code():
    template = """{% translate "One" %} {% translate 'Two' as two %} {{ _("Three") }}
        {% blocktranslate trimmed count n=all|length %}{{ n }} is
          left{% plural %}{{ n }} are left{% endblocktranslate %} {# nothing #} <p>Not said</p>"""
    assert list(sentences_of_template(template)) == ["… is left", "… are left", "One", "Two", "Three"]
    code = 'x = _("Four %(n)s")\ny = ngettext("Five", "Six " "seven", n)\nz = "Not said"\n'
    assert list(sentences_of_code(code)) == ["Four …", "Five", "Six seven"]


def test_no_docstring_or_comment_has_a_word_that_code_avoids():
    prose = list(all_prose())
    assert len(prose) > 5000
    found = [(place, sentence, words) for place, sentence in prose if (words := avoided_in_code(sentence))]
    assert found == []


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("One row a student, 10 per cent.", ["per cent → percent", "One row a student → one row per …"]),
        ("Hold every student against one rule", ["Hold every student against → compared with"]),
        ("Changes hang on a Unicode name", ["hang on → depends on"]),
        ("A row of a grayscale: one column per item, held until released", []),
    ],
)
def test_the_finder_of_prose_knows_whole_words(sentence, words):
    assert avoided_in_code(sentence) == words


def test_the_finder_reads_docstrings_and_comments_without_quoted_code():
    code = '"""Of ``x``\n    here."""\nx = 1  # one\ny = """not\n# this"""\ndef f():\n    """Three."""\n'
    assert list(prose_of_code(code)) == ["Of … here.", "Three.", "# one"]
