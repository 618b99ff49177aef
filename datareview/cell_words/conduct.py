"""Words and codes for the severity of incidents and for their consequences."""

from __future__ import annotations

SEVERITIES = {
    "minor": ("minor", "low", "leve", "1", "level 1"),
    "moderate": ("moderate", "medium", "moderada", "moderado", "2", "level 2"),
    "major": ("major", "high", "severe", "serious", "grave", "3", "level 3"),
}
CONSEQUENCES = {
    "none": ("none", "no action", "warning", "verbal warning", "ninguna", "advertencia"),
    "conference": (
        "conference",
        "student conference",
        "parent conference",
        "conference with student",
        "conference with parent",
        "parent contact",
        "entrevista",
        "reunion",
    ),
    "detention": ("detention", "after school detention", "lunch detention", "detencion", "detención"),
    "iss": (
        "iss",
        "in school suspension",
        "in school",
        "suspension en la escuela",
        "suspensión en la escuela",
    ),
    "oss": (
        "oss",
        "out of school suspension",
        "out of school",
        "suspension fuera de la escuela",
        "suspensión fuera de la escuela",
    ),
}
SEVERITY_OF = {word: severity for severity, words in SEVERITIES.items() for word in words}
CONSEQUENCE_OF = {word: consequence for consequence, words in CONSEQUENCES.items() for word in words}


def read_severity(text: str) -> str | None:
    """The severity that a word or code stands for; None if it is unknown."""
    return SEVERITY_OF.get(_plain(text))


def read_consequence(text: str) -> str | None:
    """The consequence that a word or code stands for; None if it is unknown, as "suspension" alone is."""
    return CONSEQUENCE_OF.get(_plain(text))


def _plain(text: str) -> str:
    return " ".join(text.replace("-", " ").replace("/", " ").casefold().split())
