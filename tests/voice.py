"""The sentences that users and programmers read, found in code and templates, and the words they avoid."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
APPS = ("collab", "datareview", "teams")
PROSE = (*APPS, "benchmarks", "tests", "tools")
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}

_GETTEXT = re.compile(r"\b(_|n?p?gettext)")

# The replacement is on the right. A thing has one name in the whole product.
AVOIDED = {
    r"call(s|ed|ing)? (\w+ ){0,2}off": "cancel",
    r"t(ake|akes|aken|ook) (\w+ )?back": "undo, retract, withdraw",
    r"by (itself|themselves)": "automatically",
    r"letters?": "email; characters",
    r"(e-)?mails?": "email",
    r"promis(e|es|ed|ing)": "action item",
    r"pressing": "urgent",
    r"look(s|ed|ing)? again": "check",
    r"mend(s|ed|ing)?": "fix, correct",
    r"who(m)?ever": "the person who",
    r"(is|are) told": "is notified, is updated",
    r"(stand|stands|stood|standing)": "is",
    r"bells": "bell schedule",
    r"come(s)? on (the|each|an?) ": "is added to",
    r"tick(s|ed|ing)?": "select, check",
    r"(some|every|any|no)body": "someone, everyone, anyone, no one",
    r"under way": "in progress",
    r"shall": "should",
    r"on the table": "being discussed",
    r"pulses?": "meeting feedback",
    r"ledgers?": "decision log",
    r"strays?": "holiday clash",
    r"(is|are) drawn|drawings?": "chart",
    r"covers": "periods to cover",
    r"chang(e|es) of teaching": "teaching change",
    r"^back$": "Cancel, which leaves a form without saving; a link to a page has the name of the page",
    r"cancelled|judgement|recognise\w*|programme|behaviour": "the American spelling",
}

# In docstrings and comments.
AVOIDED_IN_CODE = {
    r"whoever|whomever": "the person who",
    r"nought": "0, zero",
    r"per cent": "percent",
    r"hangs? on": "depends on",
    r"held against|holds? (\w+ ){1,2}against": "compared with",
    r"(scores?|students?) (are |were )?held back": "held out",
    r"(a|one) (row|column) an? \w+": "one row per …",
    r"\w*(behaviour|colour|favour|neighbour)\w*|centre[ds]?|grey|labelled|licence": "the American spelling",
    r"(normal|organ|penal|recogn)is(e|ed|es|ing|ation)": "the American spelling",
}

# Sentences that need an avoided word, and why.
ALLOWED = {
    "In silence: mark what stands out.": "To stand out is to be conspicuous.",
    "Promising": "A tier of evidence in the Every Student Succeeds Act.",
}

_BLOCK = re.compile(r"{%\s*blocktranslate\b.*?%}(.*?){%\s*endblocktranslate\s*%}", re.DOTALL)
_STRING = re.compile(r"""(?:{%\s*translate\s+|\b_\()("[^"]*"|'[^']*')""")
_PLURAL = re.compile(r"{%\s*plural\s*%}")
_CODE = re.compile(r"`+[^`]*`+")
# Python's own tokenizer takes ten times as long.
_STRING_OR_COMMENT = re.compile(
    r"""\"{3}(?:[^\\]|\\.)*?\"{3}|'{3}(?:[^\\]|\\.)*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\#[^\n]*""",
    re.DOTALL,
)


def _finders(words: dict[str, str]) -> dict[re.Pattern[str], str]:
    """Patterns that match whole words, with their replacements."""
    return {
        re.compile(rf"(?<![\w-])({word})(?![\w-])", re.IGNORECASE): better for word, better in words.items()
    }


_FINDERS, _FINDERS_IN_CODE = _finders(AVOIDED), _finders(AVOIDED_IN_CODE)


def sentences_of_template(text: str) -> Iterator[str]:
    """Translated texts of a template, with placeholders as three dots."""
    for block in _BLOCK.finditer(text):
        for part in _PLURAL.split(block[1]):
            yield re.sub(r"{{.*?}}", "…", re.sub(r"\s+", " ", part)).strip()
    for string in _STRING.finditer(text):
        yield string[1][1:-1]


def sentences_of_code(text: str) -> Iterator[str]:
    """Texts passed to gettext, with placeholders as three dots."""
    if not _GETTEXT.search(text):
        return
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
        if name in GETTEXT:
            for given in node.args:
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    yield re.sub(r"%\(\w+\)[-+0-9.]*[a-z]", "…", given.value)


@cache
def all_sentences() -> list[tuple[str, str]]:
    """Every sentence with its path from the repository root."""
    templates = [path for path in sorted((ROOT / "templates").rglob("*")) if path.is_file()]
    code = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    code = [path for path in code if "migrations" not in path.parts]
    return [
        (str(path.relative_to(ROOT)), sentence)
        for paths, sentences_of in ((templates, sentences_of_template), (code, sentences_of_code))
        for path in paths
        for sentence in sentences_of(path.read_text())
    ]


def prose_of_code(text: str) -> Iterator[str]:
    """Docstrings and comments of a module, without the code they quote."""
    for node in _blocks(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield _CODE.sub("…", re.sub(r"\s+", " ", ast.get_docstring(node) or ""))
    for found in _STRING_OR_COMMENT.finditer(text):
        if found[0].startswith("#"):
            yield _CODE.sub("…", found[0])


def _blocks(node: ast.AST) -> Iterator[ast.AST]:
    """The node, and the statements in it at any depth, without the expressions in these."""
    yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield from _blocks(child)


def all_prose() -> Iterator[tuple[str, str]]:
    """Every docstring and comment with its path from the repository root."""
    for folder in PROSE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for sentence in prose_of_code(path.read_text()):
                yield str(path.relative_to(ROOT)), sentence


def avoided_words(sentence: str) -> list[str]:
    """Avoided words in a sentence for users, each with its replacement."""
    return [] if sentence in ALLOWED else _found(sentence, _FINDERS)


def avoided_in_code(sentence: str) -> list[str]:
    """Avoided words in a docstring or comment, each with its replacement."""
    return _found(sentence, _FINDERS_IN_CODE)


def _found(sentence: str, finders: dict[re.Pattern[str], str]) -> list[str]:
    return [f"{hit[1]} → {better}" for finder, better in finders.items() if (hit := finder.search(sentence))]
