"""Words and codes for marks of daily attendance, and how those of periods make one of a day."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

# How the marks of periods make that of their day. Excused is an absence of which every period is.
DAY_RULES = {
    "half": _("absent for half of the periods or more is absent, for fewer half a day"),
    "all": _("absent for all periods is absent, for some half a day"),
    "any": _("absent in any period is absent"),
    "first": _("the mark of the first period counts"),
}

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
