"""The heat map of an assessment: students by items, in an order that shows the pattern."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from datareview.looks.rows import first_apart, rows_over_time
from datareview.records.models import AssessmentItem
from datareview.results.frames.names import BAND_LEVELS, BAND_NAMES, LETTERS, POINTS, RIGHT, standard_name
from datareview.results.frames.standards import (
    ALL_ITEMS,
    bandable_standards,
    bands_of,
    possible_points,
)
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from datareview.records.models import Student
    from datareview.results.frames.items import ItemResult

GAP = '<td class="gap">'
CHECK, HARD = "bad", "hard"  # classes of the last rows
EVEN_UP_TO = 30  # columns
HARD_BELOW = 50  # percent right under which a column is emphasised


@dataclass(frozen=True, slots=True)
class Group:
    """Columns of one standard side by side: its name, code, percent of the points, and items, easiest first."""

    key: int
    name: str
    code: str
    percent: str
    is_banded: bool
    items: tuple[AssessmentItem, ...]


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One student, or ``n`` students of a band (``student`` is None): the cells of all columns, and the total."""

    student: Student | None
    n: int
    cells: SafeString
    total: str


@dataclass(frozen=True, slots=True)
class HeatBand:
    """Students of one band, lowest totals last; ``level`` is 1 to 4, 0 for those who are not entered whole."""

    level: int
    name: str
    rows: tuple[HeatRow, ...]

    @property
    def n(self) -> int:
        """The number of students."""
        return sum(row.n for row in self.rows)


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The map: columns in groups, rows in bands (or one row for each band), percent right and fit of each column."""

    groups: tuple[Group, ...]
    bands: tuple[HeatBand, ...]
    possible: str
    percents: SafeString
    fits: SafeString
    sentence: str
    width: int

    @property
    def is_narrow(self) -> bool:
        """Whether all columns fit on a wide screen, so that they can be equally wide."""
        return self.width <= EVEN_UP_TO


def groups_of(
    items: Sequence[AssessmentItem], results: Sequence[ItemResult], banded: int = ALL_ITEMS
) -> tuple[Group, ...]:
    """The columns by standard, the one that bands are made by first; items without a standard come last."""
    share = {one.number: one.share or 0.0 for one in results}
    keys = list(dict.fromkeys(item.standard_id or ALL_ITEMS for item in items))
    keys.sort(key=lambda key: (key != banded or banded == ALL_ITEMS, key == ALL_ITEMS))
    groups = []
    for key in keys:
        own = [item for item in items if (item.standard_id or ALL_ITEMS) == key]
        own.sort(key=lambda item: (-share.get(item.number, 0.0), item.number))
        of = sum(item.max_points for item in own)
        got = sum(share.get(item.number, 0.0) * item.max_points for item in own)
        standard = own[0].standard
        groups.append(
            Group(
                key=key,
                name=standard_name(standard) if standard else _("Other items"),
                code=standard.code if standard else "",
                percent=formats.percent(100 * got / of, 0) if results and results[0].n else "",
                is_banded=banded in (ALL_ITEMS, key),
                items=tuple(own),
            )
        )
    return tuple(groups)


def student_map(
    items: Sequence[AssessmentItem],
    points: pd.DataFrame,
    choices: pd.DataFrame,
    results: Sequence[ItemResult],
    *,
    mastery: float,
    students: Iterable[Student],
    banded: int = ALL_ITEMS,
    show: str = LETTERS,
) -> HeatMap:
    """The map of ``students``; those with equal totals are ordered by name."""
    names = {student: str(student) for student in students}
    keys = [student.pk for student in names]
    points, choices = points.loc[keys], choices.loc[keys]
    groups = groups_of(items, results, banded)
    band = bands_of(items, points, mastery, banded)
    totals = points.sum(axis=1)
    cells = _cells(groups, items, points, choices, show)
    order = sorted(names, key=lambda student: (-totals[student.pk], names[student]))
    written = {total: formats.number(total, 1) for total in set(totals)}
    rows = {
        student.pk: HeatRow(student, 1, cells[student.pk], written[totals[student.pk]]) for student in order
    }
    bands = []
    for name, level in BAND_LEVELS.items():
        own = tuple(row for pk, row in rows.items() if band[pk] == name)
        bands.append(HeatBand(level, str(BAND_NAMES[name]), own))
    rest = tuple(row for pk, row in rows.items() if pd.isna(band[pk]))
    bands.append(HeatBand(0, _("Not entered whole"), rest))
    return _map(groups, [one for one in bands if one.rows], items, results, _sentence(len(names), items))


def band_map(
    items: Sequence[AssessmentItem],
    points: pd.DataFrame,
    results: Sequence[ItemResult],
    *,
    mastery: float,
    banded: int = ALL_ITEMS,
    closed: Collection[int] = (),
    before: Sequence[frozenset[int]] = (),
) -> HeatMap:
    """The map without students: one row for each band, with the percent of the points that its students earned.

    ``closed`` are students whom the reader sees in no class; bands with only a few of them are one row, and so are all bands
    that differ by a few from those by a standard before.
    ``before`` is as in `rows_over_time`.
    """
    groups = groups_of(items, results, banded)
    possible = possible_points(items)
    keys = list(dict.fromkeys([*bandable_standards(items), ALL_ITEMS, banded]))
    bandings = []
    for key in keys[: keys.index(banded) + 1]:
        band = bands_of(items, points, mastery, key)
        parts = [(name, points[(band == name).to_numpy()].dropna()) for name in BAND_LEVELS]
        filled = [([name], own) for name, own in parts if not own.empty]
        bandings.append(rows_over_time(filled, frozenset(closed), before))
    rows = first_apart(bandings, frozenset(closed))[-1]
    bands = []
    for names, own in rows:
        share = own.mean() / possible
        cells = []
        for group in groups:
            cells.append(GAP)
            cells += [
                f'<td class="p{_step(share[item.number])}">{_percent(share[item.number])}'
                for item in group.items
            ]
        total = formats.number(own.sum(axis=1).mean(), 1)
        row = HeatRow(None, len(own), mark_safe("".join(cells)), total)  # noqa: S308 (numbers only)
        words = ", ".join(str(BAND_NAMES[name]) for name in names)
        bands.append(HeatBand(BAND_LEVELS[names[0]], words, (row,)))
    sentence = _(
        "Four bands by %(items)s items: the percent of the points that the students of each band earned."
    ) % {"items": formats.number(len(items))}
    if any(len(names) > 1 for names, _own in rows):
        sentence += " " + _("Bands with few students of other classes are put together.")
    if sum(len(own) for _names, own in rows) < sum(len(own) for _name, own in parts):
        sentence += " " + _("A few students who were entered later are in no band yet.")
    return _map(groups, bands, items, results, sentence)


def _cells(
    groups: Sequence[Group],
    items: Sequence[AssessmentItem],
    points: pd.DataFrame,
    choices: pd.DataFrame,
    show: str,
) -> dict[int, SafeString]:
    """The cells of each student as HTML. Ends of cells are left out, which halves the page."""
    full = {item.number: item.max_points for item in items}
    columns: dict[int, list[str]] = {}
    for group in groups:
        wrong = "w" if group.is_banded else "v"
        for item in group.items:
            values, chosen = points[item.number].tolist(), choices[item.number].tolist()
            is_choice = item.kind == AssessmentItem.Kind.CHOICE
            columns[item.number] = [
                _cell(value, choice, full[item.number], is_choice=is_choice, wrong=wrong, show=show)
                for value, choice in zip(values, chosen, strict=True)
            ]
    order = [[columns[item.number] for item in group.items] for group in groups]
    found = {}
    for place, pk in enumerate(points.index):
        text = "".join(GAP + "".join(column[place] for column in group) for group in order)
        found[int(pk)] = mark_safe(text)  # noqa: S308 (choices are escaped)
    return found


def _cell(value: float, choice: str | None, full: float, *, is_choice: bool, wrong: str, show: str) -> str:
    if math.isnan(value):
        return "<td class=n>·"
    if is_choice and not choice:
        return "<td class=o>–"
    if value >= full:
        return f"<td>{formats.number(value)}" if show == POINTS else "<td>"
    css = wrong if value <= 0 else "p"
    if show == RIGHT:
        return f"<td class={css}>×"
    if show == LETTERS and is_choice:
        return f"<td class={css}>{escape(choice)}"
    return f"<td class={css}>{formats.number(value)}"


def _map(
    groups: tuple[Group, ...],
    bands: Sequence[HeatBand],
    items: Sequence[AssessmentItem],
    results: Sequence[ItemResult],
    sentence: str,
) -> HeatMap:
    by_number = {one.number: one for one in results}
    percents, fits = [], []
    for group in groups:
        percents.append(GAP)
        fits.append(GAP)
        for item in group.items:
            result = by_number[item.number]
            percents.append(_foot(_percent(result.share), HARD if _is_hard(result.share) else ""))
            fit = "" if result.fit is None else formats.fixed(result.fit, 1)
            fits.append(_foot(fit or "·", CHECK if result.checks_key else ""))
    return HeatMap(
        groups=groups,
        bands=tuple(bands),
        possible=formats.number(sum(item.max_points for item in items)),
        percents=mark_safe("".join(percents)),  # noqa: S308 (numbers only)
        fits=mark_safe("".join(fits)),  # noqa: S308 (numbers only)
        sentence=sentence,
        width=len(items) + len(groups) + 2,
    )


def _foot(text: str, css: str) -> str:
    return f'<td class="{css}">{text}' if css else f"<td>{text}"


def _percent(share: float | None) -> str:
    return "–" if share is None or math.isnan(share) else formats.number(100 * share, 0)


def _is_hard(share: float | None) -> bool:
    return share is not None and 100 * share < HARD_BELOW


def _step(share: float) -> int:
    """The shade of a share of the points, 1 (few) to 4 (nearly all)."""
    return 1 + sum(share >= least for least in (0.4, 0.6, 0.8))


def _sentence(students: int, items: Sequence[AssessmentItem]) -> str:
    return _("%(students)s students by %(items)s items.") % {
        "students": formats.number(students),
        "items": formats.number(len(items)),
    }
