"""Preset rules with their sources, read from presets.json."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from datareview.flags.cut_points import EVERY_GRADE

PATH = Path(__file__).parent / "presets.json"
OF_A_MEASURE = ("benchmark", "growth")
NAMES = {
    "chronic-absence": _("Chronic absence"),
    "early-absence": _("Absence in the first weeks"),
    "balfanz-absence": _("Absence, middle grades"),
    "incidents": _("Incidents and suspensions"),
    "core-courses": _("Grades in core courses"),
    "essential-standards": _("Essential standards missing"),
    "below-benchmark": _("Below benchmark"),
    "slow-growth": _("Growth below expected"),
}


@dataclass(frozen=True, slots=True)
class Preset:
    """A preset rule to adopt; ``needs_measure`` if it judges the scores of one measure.

    The rule judges students of ``lowest_grade`` to ``highest_grade``, for whom the source gives the cut points.
    """

    key: str
    version: int
    kind: str
    source: str
    parameters: dict[str, Any] = field(default_factory=dict)
    lowest_grade: int = EVERY_GRADE[0]
    highest_grade: int = EVERY_GRADE[1]

    @property
    def name(self) -> str:
        """The translated name."""
        return str(NAMES[self.key])

    @property
    def needs_measure(self) -> bool:
        """Whether the preset is adopted for one measure."""
        return self.kind in OF_A_MEASURE


@cache
def presets() -> dict[str, Preset]:
    """All presets by key, in the order of the file."""
    rows = json.loads(PATH.read_text(encoding="utf-8"))
    return {row["key"]: Preset(**row) for row in rows}
