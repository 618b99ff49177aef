"""The sentences that users read, found in code and templates, and the words they avoid."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
APPS = ("collab", "datareview", "teams")
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}

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
    r"cancelled|judgement|recognise\w*|programme|behaviour": "the American spelling",
}

# Sentences that need an avoided word, and why.
ALLOWED = {
    "In silence: mark what stands out.": "To stand out is to be conspicuous.",
}

_BLOCK = re.compile(r"{%\s*blocktranslate\b.*?%}(.*?){%\s*endblocktranslate\s*%}", re.DOTALL)
_STRING = re.compile(r"""(?:{%\s*translate\s+|\b_\()("[^"]*"|'[^']*')""")
_PLURAL = re.compile(r"{%\s*plural\s*%}")
_FINDER = {re.compile(rf"(?<![\w-])({word})(?![\w-])", re.IGNORECASE): word for word in AVOIDED}


def sentences_of_template(text: str) -> Iterator[str]:
    """Translated texts of a template, with placeholders as three dots."""
    for block in _BLOCK.finditer(text):
        for part in _PLURAL.split(block[1]):
            yield re.sub(r"{{.*?}}", "…", re.sub(r"\s+", " ", part)).strip()
    for string in _STRING.finditer(text):
        yield string[1][1:-1]


def sentences_of_code(text: str) -> Iterator[str]:
    """Texts passed to gettext, with placeholders as three dots."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
        if name in GETTEXT:
            for given in node.args:
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    yield re.sub(r"%\(\w+\)[-+0-9.]*[a-z]", "…", given.value)


def all_sentences() -> Iterator[tuple[str, str]]:
    """Every sentence with its path from the repository root."""
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.is_file():
            for sentence in sentences_of_template(path.read_text()):
                yield str(path.relative_to(ROOT)), sentence
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                for sentence in sentences_of_code(path.read_text()):
                    yield str(path.relative_to(ROOT)), sentence


def avoided_words(sentence: str) -> list[str]:
    """Avoided words in ``sentence``, each with its replacement."""
    if sentence in ALLOWED:
        return []
    return [
        f"{hit[1]} → {AVOIDED[word]}" for finder, word in _FINDER.items() if (hit := finder.search(sentence))
    ]
