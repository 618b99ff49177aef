"""Problems of a table, with the row and the value of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

MOST_CODES = 40  # different texts of a kind of problem; more are no codes
MOST_KEPT = 200  # rows stored per kind of problem; all of them are counted
FILE = "file: "  # prefix of the file's column names, which could equal one of ours


class Problems:
    """Collects problems, each with a position, a value, and a sentence about the problem and its correction.

    ``explained`` has the problems whose text a person can explain, with the field it is of: ``codes`` counts those texts.
    """

    def __init__(self, explained: dict[str, str] | None = None) -> None:
        self.explained = explained or {}
        self.codes: dict[tuple[str, str], int] = {}
        self.found: list[dict[str, Any]] = []
        self.totals: dict[str, int] = {}
        self.kinds: dict[tuple[str, str, str], int] = {}

    def add(
        self,
        rows: pd.DataFrame,
        column: str,
        code: str,
        message: str,
        *,
        values: str = "",
        severity: str = "error",
    ) -> None:
        """Add a problem for each of ``rows``; ``values`` names the column with the values read."""
        if rows.empty:
            return
        column = column.removeprefix(FILE)[:120]
        kind = (code, column, message[:400])
        room = max(MOST_KEPT - self.kinds.get(kind, 0), 0)
        self.totals[code] = self.totals.get(code, 0) + len(rows)
        self.kinds[kind] = self.kinds.get(kind, 0) + len(rows)
        if field := self.explained.get(code):
            counts = rows[values].astype(str).str.strip().value_counts()
            for text in sorted(counts.index) if len(counts) <= MOST_CODES else ():
                self.codes[field, text] = int(counts[text])
        for line, value in zip(
            rows["line"].tolist()[:room],
            (rows[values] if values else rows["line"]).tolist()[:room],
            strict=True,
        ):
            self.found.append(
                {
                    "row": int(line),
                    "column": column,
                    "value": str(value)[:200] if values else "",
                    "code": code,
                    "message": message[:400],
                    "severity": severity,
                }
            )
