"""Check a file of scores: one score in a row, or a measure in each of several columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from django.utils.text import slugify
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from datareview.checking.services.cells import (
    A_PART,
    beside_stored,
    states,
    with_days,
    with_students,
    without,
)
from datareview.imports.checked import Checked, mapped_columns
from datareview.recognition.columns import MOST_ROWS, Column
from datareview.recognition.scores import score_columns
from datareview.records.models import Measure, Score
from teams.lib import formats
from teams.lib.errors import DomainError
from teams.tables.cells import missing_cells, without_doubles
from teams.tables.distinct import as_categories, read_as_categories, read_distinct, same_texts
from teams.tables.numbers import BEYOND, RANGE, number_codes, read_numbers
from teams.tables.problems import FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from datareview.imports.models import Import
    from teams.tables.problems import Problems

SOURCE = "import"
OWN_DAY = "own day"  # the column with the date of each score, if each has its own
MOST_NAMED = 12  # measures in a sentence
NEAR = 75  # likeness in percent of two names of measures


def check_scores(row: Import, frame: pd.DataFrame, problems: Problems) -> Checked:
    """Check scores by their measures' scales; new measures are made when the file is applied."""
    options, columns = row.mapping["options"], mapped_columns(row)
    unread = _told_unread(row, frame)
    frame, has_own_days = with_students(row, frame, problems), bool(row.mapping.get("days"))
    frame = _long(row, frame if has_own_days else with_days(row, frame, problems))
    frame = without(frame, missing_cells(frame["text"], options))
    if has_own_days:
        frame = with_days(row, frame, problems, own=OWN_DAY)
    frame = without(frame, _of_each_measure(frame, _codes, dtype=bool))
    column = columns.get("value", "")
    frame = _with_values(frame, problems, column)
    frame = _known_measures(row, frame, problems)
    measures = _measures(row, frame)
    frame = _on_scale(frame, measures, problems, column)
    keys = ["student_id", "measure", "day"]
    frame = without_doubles(frame, keys, "value", problems, column)
    frame = beside_stored(frame, _stored_scores(measures, frame), keys, empty=np.nan)
    old = frame["stored"].to_numpy(float)
    frame["state"] = states(np.isnan(old), np.isclose(old, frame["value"].to_numpy(float)))
    notes = [*_told_known(row, measures), *_told_new(row, measures), *unread]
    return Checked(rows=frame, measures=measures, counts={"notes": notes})


def _told_unread(row: Import, frame: pd.DataFrame) -> list[str]:
    """The columns that call themselves scores, have numbers, and are not loaded, as a sentence."""
    taken = {*row.mapping["columns"].values(), *(row.mapping.get("measures") or {})}
    others = [
        Column(name, 0, [text for text in frame[FILE + name].head(MOST_ROWS) if text.strip()])
        for name in row.columns
        if name not in taken
    ]
    names = [column.name for column in score_columns(others)][:MOST_NAMED]
    if not names:
        return []
    return [_("Columns with scores that are not loaded: %(names)s.") % {"names": ", ".join(names)}]


def _told_known(row: Import, measures: dict[str, Measure]) -> list[str]:
    """The columns that are loaded as a measure of another name, as a sentence for each."""
    found = {**row.mapping.get("measures", {})}
    if (column := row.mapping["columns"].get("value")) and not row.mapping["columns"].get("measure"):
        found[column] = row.mapping["options"].get("measure_name", "")
    known = {one.name for one in measures.values() if one.pk}
    told = _("“%(column)s” is loaded as the school’s measure %(measure)s.")
    return [
        told % {"column": column, "measure": name}
        for column, name in found.items()
        if name in known and name != column
    ][:MOST_NAMED]


def _told_new(row: Import, measures: dict[str, Measure]) -> list[str]:
    """The measures that the file adds, and those here, as sentences: a new one has no benchmarks, so no rule judges it."""
    new = sorted(one.name for one in measures.values() if not one.pk)
    if not new:
        return []
    names = ", ".join(new[:MOST_NAMED])
    told = [_("Measures that this file adds, without benchmarks: %(names)s.") % {"names": names}]
    domain = row.mapping["options"].get("domain") or "academic"
    of_domain = Measure.objects.filter(school=row.school, domain=domain, derived_from="", retired_on=None)
    here = sorted(of_domain.values_list("name", flat=True)[:MOST_NAMED])
    if here:
        hint = _("Here already: %(names)s. If the scores are of one of these, choose it instead.")
        told.append(hint % {"names": ", ".join(here)})
    return told


def _of_each_measure(frame: pd.DataFrame, read: Callable[[pd.Series], pd.Series], dtype: type) -> pd.Series:
    """What ``read`` makes of the texts of each measure by itself."""
    parts = [read(part) for _key, part in frame.groupby("measure", sort=False)["text"]]
    if len(parts) == 1:
        return parts[0]
    return pd.concat([pd.Series(dtype=dtype), *parts]).astype(dtype).reindex(frame.index)


def _codes(texts: pd.Series) -> pd.Series:
    """Whether each text stands for no value."""
    return read_distinct(texts, lambda found: found.str.strip().isin(number_codes(found)))


def _with_values(frame: pd.DataFrame, problems: Problems, column: str) -> pd.DataFrame:
    """Add ``value`` to rows with one number; a range, a limit and a word become problems, each with its sentence."""
    frame = frame.assign(value=_of_each_measure(frame, read_numbers, dtype=float))
    is_bad = ~np.isfinite(frame["value"])
    bad = frame[is_bad]
    texts = bad["text"].astype(str).str.strip()
    ranges, limits = texts.str.fullmatch(RANGE), texts.str.fullmatch(BEYOND)
    message = _("This is a range, not one number. Write the score itself, or leave the cell empty.")
    problems.add(bad[ranges], column, "range", message, values="text")
    message = _("This only says that the score is under or over a limit. Write the score itself.")
    problems.add(bad[limits], column, "limit", message, values="text")
    message = _("This is not a number. Leave a missing score empty.")
    problems.add(bad[~ranges & ~limits], column, "no-number", message, values="text")
    return without(frame, is_bad)


def _long(row: Import, frame: pd.DataFrame) -> pd.DataFrame:
    """Reshape to one row per score, with the key of its ``measure`` and ``text``, from one or several columns."""
    options, columns, wide = row.mapping["options"], mapped_columns(row), row.mapping.get("measures") or {}
    days = row.mapping.get("days") or {}
    base = frame[["line", "student_id"] if days else ["line", "student_id", "day"]]
    if wide:
        if not all(wide.values()):
            raise DomainError(_("Name the measure: the columns are called by their dates."))
        long = pd.concat([base] * len(wide), ignore_index=True)
        long["name"] = same_texts(wide.values(), len(base))
        long["measure"] = read_as_categories(long["name"], lambda names: names.map(_key_of))
        long["text"] = as_categories([frame[FILE + column] for column in wide])
        if days:
            own = [FILE + days[column] if column in days else columns.get("day") for column in wide]
            none = pd.Series("", index=frame.index, dtype=str)
            dated = [column if days.get(column) == column else "" for column in wide]  # called by its date
            read = [
                none + day if day else frame[name] if name else none
                for name, day in zip(own, dated, strict=True)
            ]
            long[OWN_DAY] = as_categories(read)
        return long
    prefix, names = options.get("measure_name", ""), columns.get("measure")
    if not names and not prefix:
        raise DomainError(_("Choose a measure, or the column that names it."))

    def named(found: pd.Series) -> pd.Series:
        begins = found.str.casefold().str.startswith(prefix.casefold())
        whole = found.where(begins, prefix + " " + found) if prefix else found
        return whole.replace(row.mapping.get("codes", {}).get("measure", {}))

    texts = frame[names] if names else None
    if names and columns.get("part"):
        texts = (
            frame[names].astype(str).str.strip() + " " + frame[columns["part"]].astype(str).str.strip()
        ).str.strip()
    name = read_as_categories(texts, named) if texts is not None else same_texts([prefix], len(base))
    long = base.assign(name=name.array, text=frame[columns["value"]])
    return long.assign(measure=read_as_categories(long["name"], lambda found: found.map(_key_of)))


def _key_of(name: str) -> str:
    """The key of a measure of this name."""
    return slugify(name)[:60] or "measure"


def _known_measures(row: Import, frame: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """Leave out rows whose measure, named by the file, the school does not have, unless new ones were asked for.

    Their problem has the nearest name.
    """
    column = mapped_columns(row).get("measure", "")
    if not column or row.mapping["options"].get("new_measures"):
        return frame
    names = list(Measure.objects.filter(school=row.school).values_list("name", "key"))
    known = {key for name, key in names} | {slugify(name) for name, _key in names}
    unknown = ~frame["measure"].isin(known)
    for name, part in frame[unknown].groupby("name"):
        near = process.extractOne(
            str(name), [one for one, _key in names], scorer=fuzz.WRatio, score_cutoff=NEAR
        )
        message = (
            _("The school has no such measure. Did you mean %(name)s?") % {"name": near[0]}
            if near
            else _("The school has no such measure, nor one with a similar name.")
        )
        hint = _("Correct the name, or choose to add new measures.")
        problems.add(part, column, "unknown-measure", f"{message} {hint}", values="name")
    return without(frame, unknown)


def _measures(row: Import, frame: pd.DataFrame) -> dict[str, Measure]:
    """Map keys to measures of the school, or to new ones that are created when the file is applied."""
    options = row.mapping["options"]
    known = {measure.key: measure for measure in Measure.objects.filter(school=row.school)}
    by_name = {slugify(measure.name): measure for measure in known.values()}
    measures = {}
    for name, part in frame.groupby("measure"):
        key = str(name)
        measure = known.get(key) or by_name.get(key)
        if measure is None:
            low, high = _scale(part["value"], options)
            measure = Measure(
                school=row.school,
                key=key,
                name=str(part["name"].iloc[0])[:120],
                scale_min=low,
                scale_max=high,
                domain=options.get("domain") or "academic",
                unit=options.get("unit", ""),
                higher_is_better=options.get("higher_is_better", True),
            )
        measures[key] = measure
    return measures


def _scale(values: pd.Series, options: dict[str, Any]) -> tuple[float, float]:
    """The scale from the form; else 0 to 1 or 0 to 100 if the values fit, else their range rounded outwards."""
    if options.get("scale_min") is not None and options.get("scale_max") is not None:
        return float(options["scale_min"]), float(options["scale_max"])
    low, high = min(0.0, float(values.min())), float(values.max())
    for top in (1.0, 100.0):
        if low >= 0 and high <= top:
            return 0.0, top
    return low, float(10 ** np.ceil(np.log10(max(high, 1.0))))


def _on_scale(
    frame: pd.DataFrame, measures: dict[str, Measure], problems: Problems, column: str
) -> pd.DataFrame:
    low = frame["measure"].map({key: measure.scale_min for key, measure in measures.items()}).astype(float)
    high = frame["measure"].map({key: measure.scale_max for key, measure in measures.items()}).astype(float)
    off = (frame["value"] < low) | (frame["value"] > high)
    for key, part in frame[off].groupby("measure"):
        measure = measures[str(key)]
        message = _("Off the scale. %(measure)s goes from %(low)s to %(high)s.") % {
            "measure": measure.name,
            "low": formats.number(measure.scale_min),
            "high": formats.number(measure.scale_max),
        }
        problems.add(part, column, "off-scale", message, values="text")
    return without(frame, off)


def _stored_scores(measures: dict[str, Measure], frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """(student, key of the measure, day, value, row id) of stored scores in the file's range of days."""
    keys = {measure.pk: key for key, measure in measures.items() if measure.pk}
    if frame.empty or not keys:
        return
    span = (frame["day"].min().date(), frame["day"].max().date())
    rows = Score.objects.filter(measure__in=keys, source=SOURCE, taken_on__range=span)
    data = rows.values_list("student_id", "measure_id", "taken_on", "value", "pk")
    for student, measure, day, value, pk in data.iterator(A_PART):
        yield student, keys[measure], day, value, pk
