"""Measures with published benchmarks whose values are public and free to use; each names its source."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from datareview.records.windows import NAMES

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

RISKS = (_("High risk"), _("Moderate risk"), _("Low risk"), "")


@dataclass(frozen=True, slots=True)
class MeasurePreset:
    """A measure to adopt: its description, and its cut points by grade and window as (below, at, above, growth)."""

    key: str
    name: _StrPromise
    about: _StrPromise
    source: str
    fields: dict[str, Any]
    level_names: tuple[str | _StrPromise, ...]
    cuts: dict[tuple[int, str], tuple[float | None, float, float | None, float | None]] = field(repr=False)

    @property
    def grades(self) -> tuple[int, int]:
        """The first and the last grade that has cut points."""
        found = sorted({grade for grade, _window in self.cuts})
        return found[0], found[-1]


@cache
def measure_presets() -> dict[str, MeasurePreset]:
    """All presets by key."""
    from datareview.analysis.norms import HASBROUCK_TINDAL_2017, norm_growth

    fluency = MeasurePreset(
        key="orf-hasbrouck-tindal-2017",
        name=_("Oral reading fluency"),
        about=_(
            "Words read correctly in a minute, as norms: the cut points are the 25th, 50th and 75th percentile. "
            "There are none for the fall of grade 1."
        ),
        source="Hasbrouck & Tindal (2017), Behavioral Research and Teaching, Technical Report 1702",
        fields={
            "subject": "reading",
            "kind": "probe",
            "unit": _("words correct a minute"),
            "scale_max": 300,
            "decimals": 0,
            "sem": 10,
            "sem_source": "Christ & Silberglitt (2007), School Psychology Review 36, 130: 5 to 15, median 10",
        },
        level_names=(
            _("Under the 25th percentile"),
            _("25th to 49th percentile"),
            _("50th to 74th percentile"),
            _("75th percentile and above"),
        ),
        cuts={
            (grade, window): (p25, p50, p75, norm_growth(grade, 50))
            for (grade, window), (_p90, p75, p50, p25, _p10) in HASBROUCK_TINDAL_2017.items()
        },
    )
    screeners = [
        _screener(
            "srss-e7",
            _("Behavior screener, externalizing"),
            _("Seven items rated by the teacher from 0 to 3, in fall, winter and spring."),
            "Drummond (1994), Student Risk Screening Scale: 0–3 low, 4–8 moderate, 9–21 high risk",
            domain="behavior",
            grades=(0, 12),
            cuts=(8, 3, 21),
        ),
        _screener(
            "srss-i5",
            _("Behavior screener, internalizing, to grade 5"),
            _(
                "Five items rated by the teacher from 0 to 3, in fall, winter and spring. "
                "The authors call these cut points preliminary."
            ),
            "Lane and others (2015), Behavioral Disorders 40, 159–170: 0–1 low, 2–3 moderate, 4–15 high risk",
            domain="wellbeing",
            grades=(0, 5),
            cuts=(3, 1, 15),
        ),
        _screener(
            "srss-i6",
            _("Behavior screener, internalizing, from grade 6"),
            _(
                "Six items rated by the teacher from 0 to 3, in fall, winter and spring. "
                "The authors call these cut points preliminary."
            ),
            "Lane and others (2016), Behavioral Disorders 42, 271–284: 0–3 low, 4–5 moderate, 6–18 high risk",
            domain="wellbeing",
            grades=(6, 12),
            cuts=(5, 3, 18),
        ),
    ]
    return {preset.key: preset for preset in (fluency, *screeners)}


def _screener(
    key: str,
    name: _StrPromise,
    about: _StrPromise,
    source: str,
    *,
    domain: str,
    grades: tuple[int, int],
    cuts: tuple[float, float, float],
) -> MeasurePreset:
    """A teacher's rating with three levels of risk: the highest scores of moderate and low risk, and the highest."""
    moderate, low, highest = cuts
    return MeasurePreset(
        key=key,
        name=name,
        about=about,
        source=source,
        fields={
            "domain": domain,
            "kind": "benchmark",
            "unit": _("points"),
            "scale_max": highest,
            "higher_is_better": False,
            "decimals": 0,
            "lowest_grade": grades[0],
            "highest_grade": grades[1],
        },
        level_names=RISKS,
        cuts={
            (grade, window): (moderate, low, None, None)
            for grade in range(grades[0], grades[1] + 1)
            for window in NAMES
        },
    )
