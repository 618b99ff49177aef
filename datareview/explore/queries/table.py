"""The students beneath the chart, narrowed to a part of it, sorted, a page at a time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from datareview.figures.charts.level_counts import levels_of_part
from datareview.records.values import value_address
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from datareview.comparisons.charts.facts import ScoreFacts
    from datareview.comparisons.choices import Question
    from datareview.records.models import Student

A_PAGE = 50
SORTS = ("name", "before", "after", "change")
COLUMNS = (
    *("before_value", "after_value", "before_level", "after_level", "change"),
    *("before_day", "after_day"),
)


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """A student with both scores and levels, None where there is none, and the pages that say where the scores come from."""

    student: Student
    before: float | None
    after: float | None
    before_level: int | None
    after_level: int | None
    change: float | None
    names: dict[int, str]
    decimals: int
    before_url: str
    after_url: str

    @property
    def signed_change(self) -> str:
        """The change with its sign, "" without one."""
        return "" if self.change is None else formats.signed(round(self.change, self.decimals))

    @property
    def before_name(self) -> str:
        """The school's name of the earlier level."""
        return "" if self.before_level is None else self.names.get(self.before_level, "")

    @property
    def after_name(self) -> str:
        """The school's name of the later level."""
        return "" if self.after_level is None else self.names.get(self.after_level, "")


@dataclass(frozen=True, slots=True)
class ScoreColumn:
    """A column's heading: ``sort`` is what a click sorts by, and ``direction`` how it is sorted now ("" if it is not)."""

    name: str
    sort: str
    direction: str
    is_number: bool
    has_level: bool


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """A page of students, what the table is narrowed to (in words), of how many, and how many have no newer score."""

    page: Page[Any]
    columns: list[ScoreColumn]
    shown: str
    total: int
    missing: int
    has_before: bool
    student_ids: list[int]


def score_table(facts: ScoreFacts, question: Question, page: str) -> ScoreTable:
    """The page ``page`` of the students of a question who are in the part of the chart that ``question.show`` names."""
    pairs = _pairs(facts)
    rows, words, sort = _rows(facts, pairs, question)
    lines: Page[Any] = Paginator(_found(rows), A_PAGE).get_page(page)
    lines.object_list = _lines(facts, lines.object_list)
    return ScoreTable(
        page=lines,
        columns=_columns(facts, sort),
        shown=words,
        total=len(pairs),
        missing=int(pairs["after_value"].isna().sum()),
        has_before=facts.before is not None,
        student_ids=rows.index.tolist(),
    )


def score_file(facts: ScoreFacts, question: Question) -> tuple[list[str], list[list[Any]]]:
    """The columns and rows of a file with all students whom the table lists, in its order."""
    rows, _words, _sort = _rows(facts, _pairs(facts), question)
    windows = [facts.after.name, *([facts.before.name] if facts.before else [])]
    columns = [_("Number"), _("Student"), _("Grade")]
    for window in windows:
        columns += [f"{facts.measure}, {window}", _("Level, %(window)s") % {"window": window}]
    lines = []
    for line in _lines(facts, _found(rows)):
        cells = [line.student.number, line.student.name, line.student.grade, line.after, line.after_name]
        lines.append([*cells, *([line.before, line.before_name, line.change] if facts.before else [])])
    return [*columns, *([_("Change")] if facts.before else [])], lines


def _pairs(facts: ScoreFacts) -> pd.DataFrame:
    """A row for each student, in the order of names, also for those without scores."""
    return facts.pairs.reindex(list(facts.students))


def _rows(facts: ScoreFacts, pairs: pd.DataFrame, question: Question) -> tuple[pd.DataFrame, str, str]:
    """The scores that a question lists, in their order, the part's name, and what they are sorted by."""
    chosen, words = _shown(facts, pairs, question.show)
    sort = question.sort if question.sort.removeprefix("-") in SORTS else "after"
    return _sorted(pairs[chosen], sort, is_better=facts.measure.higher_is_better), words, sort


def _found(rows: pd.DataFrame) -> list[tuple[Any, ...]]:
    return list(zip(rows.index.tolist(), *(rows[name].tolist() for name in COLUMNS), strict=True))


def _lines(facts: ScoreFacts, found: Iterable[tuple[Any, ...]]) -> list[ScoreLine]:
    names = facts.measure.words_of_levels
    return [
        ScoreLine(
            student=facts.students[pk],
            before=_number(before),
            after=_number(after),
            before_level=_level(before_level),
            after_level=_level(after_level),
            change=_number(change),
            names=names,
            decimals=facts.measure.decimals,
            before_url=_page_of(facts, pk, before_day),
            after_url=_page_of(facts, pk, after_day),
        )
        for pk, before, after, before_level, after_level, change, before_day, after_day in found
    ]


def _columns(facts: ScoreFacts, sort: str) -> list[ScoreColumn]:
    names = {"name": _("Student"), "after": facts.after.name}
    if facts.before:
        names = {
            "name": names["name"],
            "after": names["after"],
            "before": facts.before.name,
            "change": _("Change"),
        }
    found = []
    for key, name in names.items():
        is_sorted = sort.removeprefix("-") == key
        is_low_first = key == "name" or facts.measure.higher_is_better
        is_ascending = is_low_first != sort.startswith("-")
        direction = ("ascending" if is_ascending else "descending") if is_sorted else ""
        found.append(
            ScoreColumn(
                name,
                f"-{key}" if sort == key else key,
                direction,
                key == "change",
                key in ("before", "after"),
            )
        )
    return found


def _shown(facts: ScoreFacts, pairs: pd.DataFrame, show: str) -> tuple[np.ndarray, str]:
    """The rows of a part of the chart, and its name; all rows, and "", for no or an unknown part."""
    names = facts.measure.words_of_levels
    kind, levels = levels_of_part(show)
    if show == "missing":
        words = _("no score in %(window)s") % {"window": facts.after.name_in_text}
        return pairs["after_value"].isna().to_numpy(), words
    if kind == "now" and len(levels) == 1 and levels[0] in names:
        words = _("%(level)s in %(window)s") % {"level": names[levels[0]], "window": facts.after.name_in_text}
        return (pairs["after_level"] == levels[0]).to_numpy(), words
    if kind == "before" and len(levels) == 1 and levels[0] in names and facts.before:
        words = _("%(level)s in %(window)s") % {
            "level": names[levels[0]],
            "window": facts.before.name_in_text,
        }
        return (pairs["before_level"] == levels[0]).to_numpy(), words
    if show in ("up", "down"):
        words = _("moved up a level") if show == "up" else _("moved down a level")
        steps = (pairs["after_level"] - pairs["before_level"]).to_numpy(float)
        return (steps > 0 if show == "up" else steps < 0), words
    if kind == "moved" and len(levels) == 2 and all(level in names for level in levels):
        was, now = levels
        words = _("from %(was)s to %(now)s") % {"was": names[was], "now": names[now]}
        return ((pairs["before_level"] == was) & (pairs["after_level"] == now)).to_numpy(), words
    return np.ones(len(pairs), bool), ""


def _sorted(rows: pd.DataFrame, sort: str, *, is_better: bool) -> pd.DataFrame:
    """Sorted, lowest first, or as the reader asks; students without a value come last, and equal ones by name."""
    key, is_down = sort.removeprefix("-"), sort.startswith("-")
    if key == "name":
        return rows.iloc[::-1] if is_down else rows
    if key == "change":
        return rows.sort_values(key, ascending=is_better != is_down, kind="stable", na_position="last")
    columns = [
        f"{key}_level",
        f"{key}_value",
    ]  # the level first: the same score is another level in another grade
    return rows.sort_values(columns, ascending=[not is_down, is_better != is_down], na_position="last")


def _page_of(facts: ScoreFacts, student: int, day: float) -> str:
    """The page about a student's score of ``day`` (an ordinal), "" without one; about all, of a derived measure."""
    if not np.isfinite(day):
        return ""
    uuid = facts.students[student].uuid
    if kind := facts.measure.derived_from:
        return value_address(uuid, kind)
    return value_address(uuid, "score", facts.measure.pk, dt.date.fromordinal(int(day)))


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _level(value: float) -> int | None:
    return int(value) if np.isfinite(value) else None
