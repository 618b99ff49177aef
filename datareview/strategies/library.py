"""The strategies that a school can start with, read from `library.json` (CC0, in our own words)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_name("library.json")
NOT_CONFIRMED = "Not confirmed by us: check with the source before you rely on it."


@cache
def starting_strategies() -> tuple[dict[str, Any], ...]:
    """Fields of each strategy by name, with lists of steps joined into lines.

    ``checked`` in the file says whether someone compared the evidence with its source; where nobody did, the evidence
    says so.
    """
    return tuple(_fields(row) for row in json.loads(PATH.read_text(encoding="utf-8"))["strategies"])


def _fields(row: dict[str, Any]) -> dict[str, Any]:
    evidence = row["evidence"] if row["checked"] else f"{row['evidence']}. {NOT_CONFIRMED}"
    joined = {name: "\n".join(row[name]) for name in ("what_to_do", "fidelity")}
    return {name: value for name, value in row.items() if name != "checked"} | joined | {"evidence": evidence}
