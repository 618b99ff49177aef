"""Whether flags were right, in words: by rule, by area, and by group of students."""

from __future__ import annotations

from collections import defaultdict
from statistics import median_low
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.flag_audit.queries.record import SOON, FlagRecord
from datareview.outcomes.queries.answers import (
    NONE,
    Finding,
    FindingTable,
    interval_in_words,
    row,
    share_in_words,
    too_few,
)
from datareview.records.models import Domain
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datareview.flag_audit.queries.record import FlagFate
    from datareview.outcomes.queries.answers import Asked, FindingRow


def flags_answer(asked: Asked) -> Finding:
    """Precision of each rule, time to the first decision, and needs that no flag showed."""
    record = FlagRecord(asked.school, asked.since, asked.until)
    fates = record.fates
    tables = [
        FindingTable(_("By rule: what people decided"), *_by_rule(fates)),
        FindingTable(
            _("By rule: time to the first decision"),
            *_by_time(fates, asked),
            note=_("The middle of all flags, those without a decision yet as longer than all others.")
            + " "
            + _("Flags that only watch, and those that cleared before a decision, are not among them."),
        ),
        FindingTable(_("By area: needs that no flag showed"), *_by_domain(record, asked.least)),
    ]
    return Finding(
        "flags",
        _in_words(fates, record, asked.least),
        asked.scope_words(
            ngettext("%(n)s flag opened", "%(n)s flags opened", len(fates))
            % {"n": formats.number(len(fates))}
        ),
        [table for table in tables if table.rows],
        [
            _(
                "Confirmed: people put the student on an agenda, on a plan, on the list for a seat, or said that support"
                " runs. A false alarm: they saw no concern. A watch, a dispute and what calmed down say neither."
            ),
            _(
                "Without help: only flags that led to no plan. Help that works makes a true flag look like a false alarm."
            ),
            _(
                "A need that no flag showed: a plan that began, or a request for help that people acted on, without a flag"
                " in that area that was open then or in the thirty days before. Needs that no one found are in no figure."
            ),
        ],
    )


def _by_rule(fates: Iterable[FlagFate]) -> tuple[tuple[str, ...], list[FindingRow]]:
    import pandas as pd

    from datareview.analysis.outcomes import flag_precision

    columns = (
        *(_("Rule"), _("Flags"), _("Confirmed"), _("False alarms")),
        *(_("Nothing left to decide"), _("Watched or waiting")),
        *(_("Right, of those decided"), _("Without help"), _("Better after help")),
    )
    rows = [(one.rule, one.said or None, one.has_plan, one.is_resolved, one.is_cleared) for one in fates]
    if not rows:
        return columns, []
    frame = pd.DataFrame(rows, columns=["indicator", "outcome", "is_helped", "is_improved", "is_cleared"])
    cleared = frame.groupby("indicator")["is_cleared"].sum()
    table = flag_precision(frame[["indicator", "outcome", "is_helped", "is_improved"]])
    found = []
    for sums in table.reset_index().to_dict("records"):
        rule = sums["indicator"]
        flags, known, confirmed = (int(sums[name]) for name in ("flags", "known", "confirmed"))
        gone = int(cleared[rule])
        found.append(
            row(
                str(rule),
                *(flags, confirmed, known - confirmed, gone, flags - known - gone),
                _interval(sums["precision"], sums["low"], sums["high"], known),
                _interval(
                    sums["untouched_precision"],
                    sums["untouched_low"],
                    sums["untouched_high"],
                    int(sums["untouched"]),
                ),
                _("%(n)s of %(all)s")
                % {"n": formats.number(int(sums["improved"])), "all": formats.number(int(sums["helped"]))}
                if sums["helped"]
                else NONE,
            )
        )
    return columns, found


def _interval(middle: float, low: float, high: float, n: int) -> str:
    return too_few(n) if middle != middle else interval_in_words(middle, low, high)  # noqa: PLR0124 (not a number)


def _by_time(fates: Iterable[FlagFate], asked: Asked) -> tuple[tuple[str, ...], list[FindingRow]]:
    columns = (
        *(_("Rule"), _("Flags"), _("Decided within %(n)s days") % {"n": SOON}),
        *(_("Days until a decision, middle"), _("Wait longer than that")),
    )
    of_rule: dict[str, list[FlagFate]] = defaultdict(list)
    for one in fates:
        # One that only watches, or cleared before anyone could decide, has no decision to wait for.
        if one.is_raised and not (one.days is None and one.is_cleared):
            of_rule[one.rule].append(one)
    rows = []
    for rule, theirs in sorted(of_rule.items()):
        ripe = [one for one in theirs if one.days is not None or (asked.today - one.opened_on).days > SOON]
        soon = sum(one.days is not None and one.days <= SOON for one in ripe)
        late = sum(one.days is None and (asked.today - one.opened_on).days > SOON for one in theirs)
        rows.append(
            row(rule, len(theirs), share_in_words(soon, len(ripe), asked.least), middle_of(theirs), late)
        )
    return columns, rows


def middle_of(fates: Iterable[FlagFate]) -> str:
    """The median of the days until a decision, with those that have none as the longest; in words."""
    days = [one.days if one.days is not None else 10**6 for one in fates]
    middle = median_low(days) if days else 10**6
    return _("not yet") if middle == 10**6 else formats.number(middle)


def _by_domain(record: FlagRecord, least: int) -> tuple[tuple[str, ...], list[FindingRow]]:
    columns = (_("Area"), _("Shown by a flag"), _("Found by people only"), _("Share that a flag showed"))
    rows = []
    for domain in Domain:
        shown = sum(one == domain for _student, one in record.confirmed)
        missed = sum(one == domain for _student, one in record.found_by_people - record.confirmed)
        if shown or missed:
            rows.append(row(str(domain.label), shown, missed, share_in_words(shown, shown + missed, least)))
    return columns, rows


def _in_words(fates: list[FlagFate], record: FlagRecord, least: int) -> str:
    if not fates:
        return _("No flag opened in these days.")
    known = [one for one in fates if one.said]
    right = sum(one.said == "confirmed" for one in known)
    missed = len(record.found_by_people - record.confirmed)
    if len(known) < least:
        return _(
            "%(n)s flags opened, and people have decided about %(known)s: too few to say whether they are right."
        ) % {
            "n": formats.number(len(fates)),
            "known": formats.number(len(known)),
        }
    return _(
        "Of %(known)s flags with a decision people confirmed %(share)s; %(missed)s needs were found without a flag."
    ) % {
        "known": formats.number(len(known)),
        "share": share_in_words(right, len(known), least),
        "missed": formats.number(missed),
    }
