"""Words and codes for marks of daily attendance."""

from __future__ import annotations

MARKS = {
    "present": ("p", "present", "1", "here", "presente", "on time"),
    "excused": (
        "e",
        "ae",
        "ea",
        "excused",
        "absent excused",
        "excused absent",
        "excused absence",
        "justificada",
    ),
    "unexcused": (
        "u",
        "a",
        "ua",
        "unx",
        "unexcused",
        "absent",
        "absence",
        "absent unexcused",
        "unexcused absent",
        "unexcused absence",
        "ausente",
        "injustificada",
        "0",
    ),
    "tardy": ("t", "l", "tardy", "late", "tarde", "retardo"),
    "partial": ("h", "half", "half day", "partial", "0.5"),
}
MARK_OF = {word: mark for mark, words in MARKS.items() for word in words}


def read_mark(text: str) -> str | None:
    """The mark that a word or code stands for; None if it is unknown."""
    plain = " ".join(text.replace(",", " ").replace("-", " ").replace("/", " ").lower().split())
    return MARK_OF.get(plain)
