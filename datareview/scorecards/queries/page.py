"""A learned scorecard in words: its points, the rates behind totals, and how right it was for others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from datareview.flags.conditions import condition_code, conditions_in
from datareview.flags.models import Rule
from datareview.flags.queries.scorecards import outcome_in_words
from datareview.replays.queries.groups import audit_in_words
from datareview.rules.queries import condition_in_words, names_by_key, record_in_words
from teams.access.permissions import can
from teams.lib import formats

if TYPE_CHECKING:
    from datareview.replays.queries.groups import GroupAudit
    from teams.directory.models import School, User

COLD = ("insufficient_data", "undefined_one_class")


@dataclass(frozen=True, slots=True)
class PointsBand:
    """Totals as text, the students behind their rate with its interval, and those of the test."""

    points: str
    n: int
    rate: str
    tested: int | None
    seen: str


@dataclass(frozen=True, slots=True)
class CardPage:
    """A scorecard. ``is_cold`` if nothing could be learned and each indicator counts one point; ``without`` give none.

    ``groups`` and ``hidden`` (categories of which too little is known) are for who may see the school.
    """

    outcome: str
    points: list[tuple[str, int]]
    without: list[str]
    bands: list[PointsBand]
    is_cold: bool
    learned: str
    record: dict[str, Any]
    validation: str
    found: str
    calibrated: str
    groups: list[GroupAudit]
    hidden: list[str]


def card_page(user: User, school: School, settings: dict[str, Any]) -> CardPage:
    """What ``settings``, of a rule or just learned, say to ``user``."""
    names, card, record = names_by_key(school), settings["card"], settings["record"]
    words = {condition_code(one): condition_in_words(one, names) for one in conditions_in(settings)}
    points = sorted(
        ((words[code], many) for code, many in card["points"].items()), key=lambda one: (-one[1], one[0])
    )
    sees = can(user, "see_school", school)
    return CardPage(
        outcome=outcome_in_words(settings["outcome"], names),
        points=[one for one in points if one[1]],
        without=[words for words, many in points if not many],
        bands=_bands(card["bands"], record["bands"]),
        is_cold=card["status"] in COLD,
        learned=record.get("learned", ""),
        record=record,
        validation=record_in_words(record),
        found=_found(record),
        calibrated=_calibrated(record),
        groups=[audit_in_words(one) for one in record["groups"]] if sees else [],
        hidden=record["hidden"] if sees else [],
    )


def _found(record: dict[str, Any]) -> str:
    """What serving as many as there are seats would have found; "" if that is not known."""
    if record.get("true_flags") is None:
        return ""
    words = _("of %(seats)s, it happened to %(true)s: %(found)s of all to whom it happened")
    return words % {
        "seats": formats.number(record["capacity"]),
        "true": formats.number(round(record["true_flags"])),
        "found": formats.percent(100 * record["found"], 0),
    }


def _calibrated(record: dict[str, Any]) -> str:
    """The mean share that was said and the one that was seen; "" at a cold start."""
    if record.get("said") is None or record.get("seen") is None:
        return ""
    words = _("it was said to happen to %(said)s on average, and happened to %(seen)s")
    return words % {name: formats.percent(100 * record[name], 0) for name in ("said", "seen")}


def _bands(bands: list[dict[str, Any]], tested: list[dict[str, Any]]) -> list[PointsBand]:
    rows = []
    for place, band in enumerate(bands):
        other = tested[place] if tested else None
        rows.append(
            PointsBand(
                points=_span(band, is_last=place == len(bands) - 1),
                n=band["n"],
                rate=_rate(band["events"] / band["n"], band["rate_low"], band["rate_high"]),
                tested=other["n"] if other else None,
                seen=_seen(other) if other else "",
            )
        )
    return rows


def _span(band: dict[str, Any], *, is_last: bool) -> str:
    if is_last:
        return _("%(low)d or more") % band
    return str(band["low"]) if band["low"] == band["high"] else f"{band['low']}–{band['high']}"


def _rate(rate: float, low: float, high: float) -> str:
    shares = [formats.percent(100 * one, 0) for one in (rate, low, high)]
    return _("%(share)s (%(low)s to %(high)s)") % dict(zip(("share", "low", "high"), shares, strict=True))


def _seen(tested: dict[str, Any]) -> str:
    from datareview.analysis.equity import wilson_interval

    if not tested["n"]:
        return "–"
    low, high = wilson_interval(tested["events"], tested["n"])
    return _rate(tested["events"] / tested["n"], low, high)


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a scorecard, with what it learned from and how right it was."""

    version: int
    cut_points: str
    learned: str
    validation: str


def card_cut_points(rule: Rule) -> str:
    """From how many points a scorecard watches and acts."""
    return _("watch from %(watch)d, act from %(act)d") % rule.parameters


def versions_of(rule: Rule) -> list[VersionRow]:
    """All versions of a rule, the latest first."""
    rows = Rule.objects.filter(school=rule.school_id, key=rule.key).order_by("-version")
    return [
        VersionRow(
            one.version,
            card_cut_points(one),
            one.parameters["record"].get("learned", ""),
            record_in_words(one.parameters["record"]),
        )
        for one in rows
    ]
