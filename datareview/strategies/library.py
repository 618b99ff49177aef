"""The strategies that a school can start with, read from `library.json` (CC0, in our own words)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_name("library.json")


@cache
def starting_strategies() -> tuple[dict[str, Any], ...]:
    """Fields of each strategy by name, with lists of steps joined into lines."""
    rows = json.loads(PATH.read_text(encoding="utf-8"))["strategies"]
    return tuple(
        {
            name: "\n".join(value) if name in {"what_to_do", "fidelity"} else value
            for name, value in row.items()
        }
        for row in rows
    )
