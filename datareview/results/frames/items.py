"""Items of an assessment: how hard, whether they fit the rest, what was chosen, and what to do about them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from datareview.analysis.distractors import distractor_table
from datareview.analysis.items import MIN_DIFFICULTY, MIN_STABLE, item_statistics
from datareview.analysis.reliability import reliability
from datareview.analysis.schema import OK, ZERO_VARIANCE
from datareview.records.models import AssessmentItem
from datareview.results.frames.standards import possible_points
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIFFICULTY = {
    "hard": gettext_lazy("hard"),
    "medium": gettext_lazy("medium"),
    "easy": gettext_lazy("easy"),
}
FIT = {
    "good": gettext_lazy("good"),
    "ok": gettext_lazy("fair"),
    "weak": gettext_lazy("weak"),
    "poor": gettext_lazy("poor"),
    "check the key": gettext_lazy("check the key"),
}
DOUBTFUL_BELOW = 0.20  # a key is in doubt if the item's fit is negative and its interval ends below "fair"
SAME_WRONG = 0.25  # share of the students from which one wrong answer is worth talking about
MIN_SAME_WRONG = 3  # and the number of students
MOST_TO_TALK_ABOUT, MOST_KEYS = 3, 2


@dataclass(frozen=True, slots=True)
class OptionCount:
    """How many students chose an option of an item; ``text`` is what stands on the paper, if the team typed it."""

    label: str
    text: str
    n: int
    of: int
    is_key: bool

    @property
    def bar(self) -> str:
        """The width of a bar for the share of the students."""
        return f"{round(100 * self.n / self.of, 1) if self.of else 0}%"


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One item over the students who have answers to all items.

    ``right`` counts students with all points; ``share`` is the mean share of the points. ``fit`` is the correlation with
    the rest of the test, None where it is not defined; ``fit_word`` and ``difficulty`` are words, empty with fewer than
    ten students. ``options`` are of choices only, the blank last, as "". ``doubt`` is the option that may be the key.
    """

    item: AssessmentItem
    n: int
    right: int
    blank: int
    share: float | None
    difficulty: str
    fit: float | None
    fit_word: str
    is_stable: bool
    all_alike: bool
    checks_key: bool
    doubt: str
    options: tuple[OptionCount, ...]

    @property
    def number(self) -> int:
        """The item's number on the test."""
        return self.item.number

    @property
    def top_wrong(self) -> list[OptionCount]:
        """The wrong option that most students chose, or all that equally many did; none if nobody chose one."""
        wrong = [one for one in self.options if one.label and not one.is_key and one.n]
        most = max((one.n for one in wrong), default=0)
        return [one for one in wrong if one.n == most]

    @property
    def shared_mistakes(self) -> list[OptionCount]:
        """The wrong options of `top_wrong` that so many students chose that they are worth talking about."""
        return [one for one in self.top_wrong if one.n >= max(MIN_SAME_WRONG, SAME_WRONG * self.n)]

    @property
    def finding(self) -> str:
        """What to do about the item, or what was seen; empty if nothing stands out."""
        if self.checks_key and self.doubt:
            return _(
                "Item %(item)s: more high scorers than low scorers missed it, and those who chose %(option)s did better "
                "on the rest. Check the key."
            ) % {"item": self.number, "option": self.doubt}
        if self.checks_key:
            return _("Item %(item)s: more high scorers than low scorers missed it. Check the key.") % {
                "item": self.number
            }
        return mistake_sentences(self.shared_mistakes)

    @property
    def caution(self) -> str:
        """Why the finding may be due to chance; empty from 30 students."""
        if self.is_stable or not self.checks_key:
            return ""
        return _("With %(n)s students this can be chance.") % {"n": formats.number(self.n)}


@dataclass(frozen=True, slots=True)
class WholeTest:
    """How far a total can be trusted: ``words`` is a sentence, ``alpha`` None where it is not defined."""

    n: int
    alpha: float | None
    words: str
    is_stable: bool


def mistake_sentences(mistakes: Iterable[OptionCount]) -> str:
    """Say how many chose each of the wrong options."""
    return " ".join(_mistake_sentence(one) for one in mistakes)


def _mistake_sentence(mistake: OptionCount) -> str:
    """Say how many chose a wrong option, with its text if there is one."""
    values = {
        "n": formats.number(mistake.n),
        "all": formats.number(mistake.of),
        "option": mistake.label,
        "text": mistake.text,
    }
    if mistake.text:
        return (
            ngettext(
                "%(n)s of %(all)s chose %(option)s: %(text)s.",
                "%(n)s of %(all)s chose %(option)s: %(text)s.",
                mistake.n,
            )
            % values
        )
    return (
        ngettext("%(n)s of %(all)s chose %(option)s.", "%(n)s of %(all)s chose %(option)s.", mistake.n)
        % values
    )


def item_results(
    items: Sequence[AssessmentItem], points: pd.DataFrame, choices: pd.DataFrame
) -> list[ItemResult]:
    """The results of each item over the students of whom all items were entered, in the order of the test."""
    whole = points.dropna() if len(items) else points.iloc[:0]
    chosen = choices.loc[whole.index]
    possible = possible_points(items)
    is_choice = [item.number for item in items if item.kind == AssessmentItem.Kind.CHOICE]
    blank = pd.DataFrame(data=False, index=whole.index, columns=whole.columns)
    blank[is_choice] = chosen[is_choice] == ""
    table = item_statistics(whole.mask(blank), possible).to_dict("index")
    full = (whole >= possible).sum()
    blanks, means = blank.sum(), whole.mean()
    options = _options(items, chosen[is_choice], points=whole)
    found = []
    for item in items:
        row, theirs = table[item.number], options.get(item.number, _NO_OPTIONS)
        fit = _number(row["rest_r"])
        is_known = len(whole) >= MIN_DIFFICULTY
        checks = fit is not None and fit < 0 and row["rest_r_high"] < DOUBTFUL_BELOW
        found.append(
            ItemResult(
                item=item,
                n=len(whole),
                right=int(full[item.number]),
                blank=int(blanks[item.number]),
                share=_number(row["p"]) if is_known else _number(means[item.number] / item.max_points),
                difficulty=str(DIFFICULTY[row["difficulty"]]) if is_known else "",
                fit=fit,
                fit_word=str(FIT["poor" if row["label"] == "check the key" and not checks else row["label"]])
                if fit is not None
                else "",
                is_stable=bool(row["is_stable"]),
                all_alike=row["status"] == ZERO_VARIANCE,
                checks_key=checks,
                doubt=theirs[1] if checks else "",
                options=theirs[0],
            )
        )
    return found


_NO_OPTIONS: tuple[tuple[OptionCount, ...], str] = ((), "")


def _options(
    items: Sequence[AssessmentItem], chosen: pd.DataFrame, *, points: pd.DataFrame
) -> dict[int, tuple[tuple[OptionCount, ...], str]]:
    """The options of each choice with their counts, and the wrong one that high scorers prefer to the key."""
    if chosen.empty:
        return {}
    of = len(points)
    keys = pd.Series({item.number: item.key for item in items if item.number in chosen.columns}, dtype=object)
    table = distractor_table(chosen, keys)
    counts: dict[int, dict[str, int]] = {}
    suspects: dict[int, dict[str, int]] = {}
    for (number, label), n, is_suspicious in zip(
        table.index, table["n"], table["is_suspicious"], strict=True
    ):
        counts.setdefault(number, {})[label] = int(n)
        if is_suspicious:
            suspects.setdefault(number, {})[label] = int(n)
    found = {}
    for item in items:
        if item.number not in counts:
            continue
        chose, doubted = counts[item.number], suspects.get(item.number, {})
        on_paper = dict(zip(LETTERS, map(str, item.options), strict=False))
        labels = sorted({*on_paper, item.key, *(one for one, n in chose.items() if n)} - {""})
        rows = [
            OptionCount(label, on_paper.get(label, ""), chose.get(label, 0), of, label == item.key)
            for label in labels
        ]
        rows.append(OptionCount("", "", chose.get("", 0), of, is_key=False))
        found[item.number] = (tuple(rows), max(doubted, key=doubted.__getitem__, default=""))
    return found


def whole_test(points: pd.DataFrame) -> WholeTest:
    """The reliability of the total over students of whom all items were entered, in words."""
    result = reliability(points.dropna())
    n = result.n
    if result.status != OK or result.alpha is None or result.sem is None:
        words = (
            _("With fewer than ten students or two items, nothing can be said about the test as a whole.")
            if result.status != ZERO_VARIANCE
            else _("All totals are equal, so the test does not tell students apart.")
        )
        return WholeTest(n, None, words, is_stable=False)
    error = {"error": formats.number(result.sem, 1)}
    if result.alpha >= 0.8:
        words = _(
            "Totals are dependable: another test like it would place a student within about %(error)s points."
        )
    elif result.alpha >= 0.6:
        words = _(
            "Totals are good enough to plan the next lessons: a student’s could differ by about %(error)s points on "
            "another day."
        )
    else:
        words = _(
            "Do not build on totals: a student’s could differ by about %(error)s points on another day. Look at "
            "standards and items."
        )
    sentence = words % error
    if n < MIN_STABLE:
        sentence += " " + _("Unstable, with fewer than %(n)s students.") % {"n": formats.number(MIN_STABLE)}
    return WholeTest(n, result.alpha, sentence, result.is_stable)


def to_talk_about(results: Sequence[ItemResult], most: int = MOST_TO_TALK_ABOUT) -> list[ItemResult]:
    """The items worth talking about: up to two keys to check, then shared mistakes by the number of students."""
    keys = [one for one in results if one.checks_key]
    mistakes = [one for one in results if one.finding and not one.checks_key]
    keys.sort(key=lambda one: one.fit or 0.0)
    mistakes.sort(key=lambda one: -one.shared_mistakes[0].n)
    return [*keys[:MOST_KEYS], *mistakes, *keys[MOST_KEYS:]][:most]


def _number(value: object) -> float | None:
    number = float(value)  # type: ignore[arg-type]
    return number if math.isfinite(number) else None
