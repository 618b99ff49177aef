"""Released figures of flags by group of students, in words."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from datareview.flag_audit.queries.groups import GroupFigures
from datareview.flag_audit.queries.record import SOON
from datareview.gaps.cells import EVERYONE
from datareview.outcomes.queries.answers import NONE, FindingTable, row, share_in_words
from teams.lib import formats

if TYPE_CHECKING:
    from datareview.flag_audit.models import FlagRelease
    from datareview.outcomes.queries.answers import FindingRow


def group_tables(release: FlagRelease) -> list[FindingTable]:
    """The released figures in words, a table for each category."""
    figures = [GroupFigures(**one) for one in release.rows]
    everyone = next((one for one in figures if one.category == EVERYONE), None)
    of_category: dict[str, list[GroupFigures]] = defaultdict(list)
    for one in figures:
        if one.category != EVERYONE:
            of_category[one.category].append(one)
    columns = (
        *(_("Group"), _("Students"), _("Flagged"), _("Times as often as all others")),
        *(_("Decided within %(n)s days") % {"n": SOON}, _("Needs that a flag showed"), _("Notice")),
    )
    note = _("Flags that only watch are not counted.") + " "
    note += _(
        "Released on %(day)s. Fewer than %(least)s students, groups that are all alike, and what would give them away"
        " are hidden."
    ) % {
        "day": formats.day(release.created_at),
        "least": formats.number(release.least),
    }
    return [
        FindingTable(
            _("By group: %(category)s") % {"category": category},
            columns,
            [_group_row(one, ratio, release.least) for one, ratio in _with_ratios(theirs)]
            + ([_group_row(everyone, NONE, release.least)] if everyone else []),
            note,
        )
        for category, theirs in sorted(of_category.items())
    ]


def _group_row(one: GroupFigures, ratio: str, least: int) -> FindingRow:
    name = one.group or (_("Everyone") if one.category == EVERYONE else _("All others"))
    if one.n is None or one.flagged is None or one.needs is None:
        return row(name, *[NONE] * 6)
    notices = {"flagged more": _("flagged more often"), "found less": _("needs found less often")}
    notice = ", ".join(str(notices.get(part, part)) for part in one.notice.split(", ") if part)
    return row(
        name,
        one.n,
        share_in_words(one.flagged, one.n, least),
        ratio,
        NONE if one.soon is None else share_in_words(one.soon, one.flagged, least),
        NONE if one.shown is None else share_in_words(one.shown, one.needs, least),
        notice or NONE,
    )


def _with_ratios(figures: list[GroupFigures]) -> list[tuple[GroupFigures, str]]:
    """Each group with its risk ratio to all others of the category in words, where both are large enough."""
    import pandas as pd

    from datareview.analysis.disproportion import risk_ratios
    from datareview.analysis.schema import OK

    shown = [one for one in figures if one.n is not None]
    # Hidden rows are not among the others of a ratio: with them, it could be solved for what is hidden.
    if len(shown) < 2 or len(shown) < len(figures):
        return [(one, NONE) for one in figures]
    rows: list[dict[str, Any]] = [
        {"district": "here", "group": str(place), "cases": one.flagged, "n": one.n}
        for place, one in enumerate(shown)
    ]
    made = risk_ratios(pd.DataFrame(rows))
    words = []
    for found in made.to_dict("records"):
        if found["status"] != OK:
            words.append(NONE)
            continue
        middle, low, high = (formats.fixed(found[name], 1) for name in ("ratio", "low", "high"))
        words.append(_("%(middle)s (%(low)s to %(high)s)") % {"middle": middle, "low": low, "high": high})
    return list(zip(figures, words, strict=True))
