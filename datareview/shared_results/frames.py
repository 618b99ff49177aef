"""The team's results as one value that can be shown to everyone, kept as JSON, and read back in any language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datareview.looks.frames import NOTHING, Seen
from datareview.records.models import AssessmentItem, Standard
from datareview.results.frames.finding import finding, under_the_finding
from datareview.results.frames.items import ItemResult, OptionCount, to_talk_about
from datareview.results.frames.standards import StandardResult
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

OF_STANDARD = ("items", "n", "right", "mastering", "share", "low", "high")
OF_ITEM = ("n", "right", "blank", "share", "is_stable", "all_alike", "checks_key", "doubt")


@dataclass(frozen=True, slots=True)
class OpenedClass:
    """A class whose results are shown by name: ``uuid`` of the class, its label, its teacher's words, its standards."""

    uuid: str
    label: str
    words: str
    standards: tuple[StandardResult, ...]

    def on(self, code: str) -> StandardResult | None:
        """The result on the standard with that code."""
        return next((one for one in self.standards if one.standard.code == code), None)


@dataclass(frozen=True, slots=True)
class TeamSummary:
    """The team's results without students: standards, items, and the classes that their teachers opened.

    ``given``, ``entered`` and ``absent`` count students. ``classes_in`` are the names of classes of which answers are in,
    ``classes_out`` of the others. Without ``is_shown`` there are no numbers: ``hides`` if one class could be worked out
    from them. ``counted`` are the primary keys of the classes in the
    numbers, ``seen`` is what is recorded of them (nothing once they are kept). ``mastery`` is a share, 0 to 1.
    """

    mastery: float
    given: int
    entered: int
    absent: int
    classes_in: tuple[str, ...]
    classes_out: tuple[str, ...]
    is_shown: bool
    hides: bool
    counted: frozenset[int]
    standards: tuple[StandardResult, ...]
    items: tuple[ItemResult, ...]
    opened: tuple[OpenedClass, ...]
    seen: Seen = NOTHING

    @property
    def title(self) -> str:
        """The finding; empty if nothing can be said."""
        return finding(self.standards)

    @property
    def lead(self) -> str:
        """What is worth saying under the finding."""
        return under_the_finding(self.items)

    @property
    def talk(self) -> list[ItemResult]:
        """The items worth talking about."""
        return to_talk_about(self.items)

    @property
    def lines(self) -> Iterator[tuple[StandardResult, list[tuple[OpenedClass, StandardResult]]]]:
        """Each standard, with the classes that are open and how many are secure in each."""
        for one in self.standards:
            theirs = ((each, each.on(one.standard.code)) for each in self.opened)
            yield one, [(each, result) for each, result in theirs if result and result.share is not None]

    @property
    def mastery_percent(self) -> str:
        """The share of the points from which a student is secure, as text."""
        return formats.percent(100 * self.mastery, 0)

    @property
    def told(self) -> list[OpenedClass]:
        """The opened classes whose teachers said how they taught it."""
        return [one for one in self.opened if one.words]


def without_classes(summary: TeamSummary, *, but: Iterable[str] = ()) -> TeamSummary:
    """``summary`` with no opened class except those with a uuid in ``but``."""
    from dataclasses import replace

    kept = set(but)
    return replace(summary, opened=tuple(one for one in summary.opened if one.uuid in kept))


def summary_to_json(summary: TeamSummary) -> dict[str, Any]:
    """``summary`` as JSON. Its sentences are left out: they are written when it is read."""
    return {
        "mastery": summary.mastery,
        "given": summary.given,
        "entered": summary.entered,
        "absent": summary.absent,
        "in": list(summary.classes_in),
        "out": list(summary.classes_out),
        "is_shown": summary.is_shown,
        "hides": summary.hides,
        "counted": sorted(summary.counted),
        "standards": [_standard_to_json(one) for one in summary.standards],
        "items": [_item_to_json(one) for one in summary.items],
        "opened": [
            {
                "uuid": one.uuid,
                "label": one.label,
                "words": one.words,
                "standards": [_standard_to_json(each) for each in one.standards],
            }
            for one in summary.opened
        ],
    }


def summary_from_json(kept: dict[str, Any]) -> TeamSummary:
    """What `summary_to_json` kept. Standards and items are as they were then, and not rows of the database."""
    return TeamSummary(
        mastery=kept["mastery"],
        given=kept["given"],
        entered=kept["entered"],
        absent=kept["absent"],
        classes_in=tuple(kept["in"]),
        classes_out=tuple(kept["out"]),
        is_shown=kept["is_shown"],
        hides=kept["hides"],
        counted=frozenset(kept["counted"]),
        standards=tuple(_standard_from_json(one) for one in kept["standards"]),
        items=tuple(_item_from_json(one) for one in kept["items"]),
        opened=tuple(
            OpenedClass(
                one["uuid"],
                one["label"],
                one["words"],
                tuple(_standard_from_json(each) for each in one["standards"]),
            )
            for one in kept["opened"]
        ),
    )


def _standard_to_json(one: StandardResult) -> dict[str, Any]:
    named = {"code": one.standard.code, "statement": one.standard.statement}
    return named | {name: getattr(one, name) for name in OF_STANDARD}


def _standard_from_json(kept: dict[str, Any]) -> StandardResult:
    standard = Standard(code=kept["code"], statement=kept["statement"])
    return StandardResult(standard, **{name: kept[name] for name in OF_STANDARD})


def _item_to_json(one: ItemResult) -> dict[str, Any]:
    item = one.item
    asked = {
        "number": item.number,
        "kind": item.kind,
        "key": item.key,
        "max_points": item.max_points,
        "prompt": item.prompt,
        "code": item.standard.code if item.standard else "",
        "statement": item.standard.statement if item.standard else "",
        "options": [[each.label, each.text, each.n, each.of, each.is_key] for each in one.options],
    }
    return asked | {name: getattr(one, name) for name in OF_ITEM}


def _item_from_json(kept: dict[str, Any]) -> ItemResult:
    names = ("number", "kind", "key", "max_points", "prompt")
    item = AssessmentItem(**{name: kept[name] for name in names})
    if kept["code"]:
        item.standard = Standard(code=kept["code"], statement=kept["statement"])
    return ItemResult(
        item=item,
        difficulty="",
        fit=None,
        fit_word="",
        options=tuple(OptionCount(*each) for each in kept["options"]),
        **{name: kept[name] for name in OF_ITEM},
    )
