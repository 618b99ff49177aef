"""Rules that others have tried, as data with their sources: presets.json beside this package."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

PATH = Path(__file__).parent / "presets.json"
OF_A_MEASURE = ("benchmark", "growth")
NAMES = {
    "chronic-absence": _("Chronic absence"),
    "early-absence": _("Absence in the first weeks"),
    "balfanz-absence": _("Absence, middle grades"),
    "incidents": _("Incidents and suspensions"),
    "core-courses": _("Grades in core courses"),
    "below-benchmark": _("Below benchmark"),
    "slow-growth": _("Growth below expected"),
}


@dataclass(frozen=True, slots=True)
class Preset:
    """A rule to adopt; ``needs_measure`` where it is about one measure's scores."""

    key: str
    version: int
    kind: str
    source: str
    parameters: dict[str, Any] = field(default_factory=dict)
    lowest_grade: int = -1

    @property
    def name(self) -> str:
        """What people call it, in their language."""
        return str(NAMES[self.key])

    @property
    def needs_measure(self) -> bool:
        """Whether it is adopted for one measure."""
        return self.kind in OF_A_MEASURE


@cache
def presets() -> dict[str, Preset]:
    """Every preset by its key, in the order of the file."""
    rows = json.loads(PATH.read_text(encoding="utf-8"))
    return {row["key"]: Preset(**row) for row in rows}
