"""Rows below a table that are not of it: totals, averages, and what programs print at the end."""

from __future__ import annotations

import re

_WORDS = re.compile(
    r"(?:grand |sub)?totals?|(?:class |school |grade |group )?(?:averages?|mean|median)|sum|counts?"
    r"|(?:record|row|student) count"
    r"|(?:number|no\.?) of (?:students|records|rows)|total (?:students|records|rows|general)|end of (?:report|file)"
    r"|std\.? ?dev\.?|standard deviation|minimum|maximum"
    r"|promedio|media|suma|totales|cantidad|n[uú]mero de (?:estudiantes|alumnos)"
    r"|page \d+(?: of \d+)?|p[aá]gina \d+(?: de \d+)?|(?:printed|generated|exported|created)(?: on| at| by)?",
    re.IGNORECASE,
)
_PRINTED = re.compile(
    r"(?:printed|generated|exported|report (?:run|created)|impreso|©|copyright)\b.*", re.IGNORECASE
)


def is_end(cells: list[str]) -> bool:
    """Whether a row is a total or a printed line, by the first words in it."""
    first = next((cell for cell in cells if cell), "")
    words = first.rstrip(":").strip()
    before = re.split(r"[:=]|\s+(?=[\d(])", words, maxsplit=1)[0].strip()
    return any(_WORDS.fullmatch(text) for text in (words, before)) or (
        sum(bool(cell) for cell in cells) < 3 and bool(_PRINTED.fullmatch(words))
    )
