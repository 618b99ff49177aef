"""`docs/security.md` answers each requirement once, and names files that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs/security.md").read_text()
ROWS = re.findall(r"^\| (\d+\.\d+.*?) \| (.*?) \| (.*?) ?\|$", TEXT, re.MULTILINE)


def test_every_requirement_is_answered_with_one_of_five_words():
    assert len(ROWS) > 200
    assert {answer for _name, answer, _where in ROWS} == {"yes", "partly", "no", "server", "n/a"}


def test_what_is_partly_met_says_what_is_missing():
    assert [name for name, answer, where in ROWS if answer == "partly" and not where] == []


def test_no_requirement_is_answered_twice():
    names = [name.split()[0] for name, _answer, _where in ROWS]
    assert sorted(names) == sorted(set(names))


def test_the_files_it_names_exist_and_it_is_linked():
    named = set(re.findall(r"`((?:\w+/)+[\w.-]+|[\w-]+\.(?:md|yml|lock))`", TEXT))
    assert len(named) > 15
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
    for page in ("README.md", "SECURITY.md"):
        assert "(docs/security.md)" in (ROOT / page).read_text()
