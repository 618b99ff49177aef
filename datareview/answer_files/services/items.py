"""The assessment to which a file brings answers, and its items: as stored, or as the file's key makes them."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import pandas as pd
from django.utils.translation import gettext as _

from datareview.answers.marks import ABSENT_WORDS, BLANK_TEXT
from datareview.answers.queries.people import Taker, takers_in_team, takers_of
from datareview.cell_words.items import numbered_keys
from datareview.items.pasting import read_items
from datareview.items.services.items import MOST_ITEMS, ItemValues
from datareview.records.models import Assessment, AssessmentItem
from teams.lib import formats
from teams.lib.errors import DomainError
from teams.tables.numbers import read_numbers
from teams.tables.problems import FILE

if TYPE_CHECKING:
    from datareview.imports.models import Import
    from teams.directory.models import Team

# Cells in place of a student that say what a row is, in lower case.
_KEY_ROWS = {
    "key",
    "answer key",
    "answers",
    "correct",
    "correct answer",
    "correct answers",
    "clave",
    "respuestas",
}
_POINTS_ROWS = {
    "points",
    "points possible",
    "possible points",
    "max",
    "max points",
    "maximum",
    "out of",
    "puntos",
}
_STANDARD_ROWS = {"standard", "standards", "code", "target", "estándar", "estándares"}
ROLES = {
    **dict.fromkeys(_KEY_ROWS, "key"),
    **dict.fromkeys(_POINTS_ROWS, "points"),
    **dict.fromkeys(_STANDARD_ROWS, "code"),
}
_NO_ANSWERS = {"", BLANK_TEXT, "–", "—", *ABSENT_WORDS}
_KEY = re.compile(r"[A-Za-z0-9]{1,8}")


@dataclass(frozen=True, slots=True, eq=False)
class AnswerTarget:
    """Where the answers of a file go. ``assessment`` is None for a new one, which gets ``title``, ``day`` and ``values``.

    ``items`` are the stored items, or unsaved ones, by number. ``key`` has the keys that the file has, by number.
    """

    team: Team
    assessment: Assessment | None
    title: str
    day: dt.date
    items: dict[int, AssessmentItem]
    values: tuple[ItemValues, ...]
    key: dict[int, str]
    takers: list[Taker]


def role_of(cell: str) -> str:
    """What a row is instead of a student's: "key", "points", "code", or ""."""
    return ROLES.get(" ".join(cell.casefold().replace(":", " ").split()), "")


def target_of(row: Import, cells: pd.DataFrame, heads: pd.DataFrame, frame: pd.DataFrame) -> AnswerTarget:
    """Find the assessment that the mapping names, or the values of a new one.

    ``cells`` has a row for each answer (``number``, ``text``), ``heads`` those of rows with the key, points and standards
    (also ``role``), ``frame`` is the whole file. Raises DomainError with what is missing.
    """
    options = row.mapping["options"]
    told: dict[str, dict[int, str]] = {
        str(role): {
            int(number): text for number, text in zip(part["number"], part["text"], strict=True) if text
        }
        for role, part in heads.groupby("role")
    }
    told.setdefault("key", {}).update(_keys_in_columns(frame))
    assessment = _stored(row, options.get("assessment", ""))
    if assessment is not None:
        items = {one.number: one for one in assessment.items.select_related("standard")}
        if not items:
            raise DomainError(
                _("The assessment has no items yet. Add them first, or make a new one of the file.")
            )
        reader = None if row.team is None else row.uploaded_by
        takers = takers_of(assessment, reader=reader)
        return AnswerTarget(
            assessment.team,
            assessment,
            assessment.title,
            assessment.given_on,
            items,
            (),
            told.get("key", {}),
            takers,
        )
    return _new(row, cells, told)


def _stored(row: Import, uuid: str) -> Assessment | None:
    made = row.changes.filter(table="assessment").first()  # by a worker that was stopped afterwards
    if not uuid and made is None:
        return None
    rows = Assessment.objects.filter(team__school=row.school, deleted_at=None).select_related("team__school")
    found = rows.filter(pk=made.row_id).first() if made else rows.filter(uuid=UUID(uuid)).first()
    if found is None or (row.team is not None and found.team_id != row.team_id):
        raise DomainError(_("This assessment was deleted. Choose another one."))
    return found


def _new(row: Import, cells: pd.DataFrame, told: dict[str, dict[int, str]]) -> AnswerTarget:
    options = row.mapping["options"]
    if row.team is None:
        raise DomainError(
            _("Choose the assessment. Members of its team make new ones of a file, on the team’s page.")
        )
    title = " ".join(options.get("title", "").split())
    if not title or not options.get("fixed_day"):
        raise DomainError(
            _("Choose an assessment, or give a new one a title and the day on which it was given.")
        )
    day = dt.date.fromisoformat(options["fixed_day"])
    if Assessment.objects.filter(team=row.team, title=title, given_on=day, deleted_at=None).exists():
        raise DomainError(
            _("The team has an assessment “%(title)s” on %(day)s already. Choose it, or change the title.")
            % {"title": title, "day": formats.day(day)}
        )
    takers = takers_in_team(row.team, day)
    if not takers:
        raise DomainError(_("No class of the team has students on that day."))
    values = _typed_items(options.get("key", ""), told) or _items_of_file(cells, told)
    if not 1 <= len(values) <= MOST_ITEMS:
        raise DomainError(_("An assessment has 1 to %(most)s items.") % {"most": MOST_ITEMS})
    items = {
        one.number: AssessmentItem(
            number=one.number,
            kind=one.kind,
            key=one.key,
            max_points=one.max_points,
            options=list(one.options),
        )
        for one in values
    }
    return AnswerTarget(row.team, None, title, day, items, tuple(values), {}, takers)


def _typed_items(text: str, told: dict[str, dict[int, str]]) -> list[ItemValues]:
    """The items of a key that was typed or pasted."""
    found, problems = read_items(text)
    if problems:
        raise DomainError(_("The key: %(problem)s") % {"problem": problems[0]})
    return [
        ItemValues(
            one.number,
            one.kind,
            one.key,
            one.points or 1.0,
            one.code or told.get("code", {}).get(one.number, ""),
            one.prompt,
            one.options,
        )
        for one in found
    ]


def _items_of_file(cells: pd.DataFrame, told: dict[str, dict[int, str]]) -> list[ItemValues]:
    """Items by the file's rows with the key and the points, or by what its columns hold."""
    keys, points, codes = (told.get(role, {}) for role in ("key", "points", "code"))
    are_points = len(set(keys.values())) == 1 and all(key.isdecimal() for key in keys.values())
    if are_points:  # a row called "Key" or "Answers" that has the same number everywhere
        keys, points = {}, {**keys, **points}
    found = []
    for number, part in cells.groupby("number"):
        place = int(str(number))
        key, worth = keys.get(place, ""), _worth(points.get(place, ""), place)
        texts = part["text"][~part["text"].str.casefold().isin(_NO_ANSWERS)]
        values = read_numbers(texts.str.replace(",", ".", regex=False)).dropna()
        has_letters = len(values) < len(texts) / 2
        if key and not _KEY.fullmatch(key):
            raise DomainError(_("Item %(n)s: “%(key)s” is no key.") % {"n": place, "key": key})
        if key:
            found.append(ItemValues(place, "choice", key.upper(), worth or 1.0, codes.get(place, "")))
        elif has_letters:
            raise DomainError(
                _("Item %(n)s is a choice, and the file has no key. Type or paste the key below.")
                % {"n": place}
            )
        else:
            most = worth or math.ceil(max([1.0, *values]))
            found.append(ItemValues(place, "points", "", float(most), codes.get(place, "")))
    return found


def _worth(text: str, number: int) -> float:
    if not text:
        return 0.0
    value = read_numbers(pd.Series([text.replace(",", ".")])).iloc[0]
    if pd.isna(value) or value <= 0:
        raise DomainError(_("Item %(n)s: “%(text)s” is no number of points.") % {"n": number, "text": text})
    return float(value)


def _keys_in_columns(frame: pd.DataFrame) -> dict[int, str]:
    """Keys that a scanner's file repeats in each row."""
    found = {}
    columns = [name.removeprefix(FILE) for name in frame.columns if name.startswith(FILE)]
    for column, number in numbered_keys(columns).items():
        texts = frame[FILE + column].str.strip()
        if most := texts[texts != ""].mode().tolist():
            found[number] = str(most[0])
    return found
