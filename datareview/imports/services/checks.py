"""Check a file without writing: every row is new, changed, the same, or has a problem."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from django.utils.text import slugify
from django.utils.translation import gettext as _

from datareview.imports.models import Import
from datareview.imports.services.cells import OLDEST, Checked, mapped_columns, with_students
from datareview.imports.services.reading import load_table
from datareview.imports.services.rosters import LIFTED, ROSTERS, STUDENT_ROLES, check_roster
from datareview.records.models import AttendanceDay, Measure, Score, Student
from teams.lib import formats
from teams.lib.errors import DomainError
from teams.tables.cells import missing_cells, without_doubles
from teams.tables.days import read_days
from teams.tables.grades import read_grade
from teams.tables.numbers import BEYOND, NO_TEXT, RANGE, number_codes, read_numbers
from teams.tables.problems import FILE, Problems
from teams.tables.reading import plain_number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable

    from teams.tables.reading import Table

SOURCE = "import"
MARKS = {
    "present": ("p", "present", "1", "here"),
    "excused": ("e", "ae", "excused", "absent excused", "absent, excused"),
    "unexcused": ("u", "a", "ua", "unexcused", "absent", "absent unexcused", "absent, unexcused", "0"),
    "tardy": ("t", "l", "tardy", "late"),
    "partial": ("h", "half", "half day", "partial", "0.5"),
}
STUDENT_FIELDS = ROSTERS[Import.Kind.STUDENTS].fields


def check_file(row: Import) -> Checked:
    """Read the file of ``row`` and check it by its mapping against current data."""
    table = load_table(row)
    frame = pd.DataFrame(table.rows, columns=[FILE + name for name in table.columns], dtype=str)
    frame.insert(0, "line", np.array(table.lines, np.int64))
    problems = Problems()
    if table.ragged:
        lines = pd.DataFrame([(line, len(cells)) for line, cells in table.ragged], columns=["line", "cells"])
        message = _("This row doesn’t have as many cells as the header (%(n)d).") % {"n": len(table.columns)}
        problems.add(lines, "", "ragged", message, values="cells")
    checked = _CHECKS[row.kind](row, frame, problems)
    checked.problems = problems.found
    checked.counts |= _counts(checked, table, problems)
    return checked


def _counts(checked: Checked, table: Table, problems: Problems) -> dict[str, Any]:
    states = checked.rows["state"].value_counts().to_dict() if len(checked.rows) else {}
    changed, known = int(states.get("changed", 0)), int(states.get("changed", 0) + states.get("same", 0))
    return {
        "rows": len(table.rows) + len(table.ragged),
        "new": int(states.get("new", 0)),
        "changed": changed,
        "same": int(states.get("same", 0)),
        "problems": problems.totals,
        "kinds": [[*kind, many] for kind, many in problems.kinds.items()],
        "notes": table.notes,
        "needs_confirm": LIFTED in problems.totals or (changed > 10 and changed > 0.1 * known),
    }


def _with_days(row: Import, frame: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """Add ``day`` to rows with a valid date, neither in the future nor in another century; the others become problems."""
    options, column = row.mapping["options"], mapped_columns(row).get("day", "")
    today = row.school.today()
    if options.get("fixed_day"):
        frame = frame.assign(day=pd.Timestamp(options["fixed_day"]), day_text=options["fixed_day"])
    elif not column:
        raise DomainError(_("Choose the column with the date, or one date for the whole file."))
    else:
        texts = frame[column]
        frame = frame.assign(day_text=texts, day=_days(row, texts, until=today))
    name = column or _("date")
    bad = frame["day"].isna()
    message = _("This date can’t be read. Write dates like 2026-11-24, the same way in the whole column.")
    problems.add(frame[bad], name, "no-date", message, values="day_text")
    frame = frame[~bad]
    future = frame["day"] > pd.Timestamp(today)
    message = _("The date is in the future; today is %(today)s at the school.") % {
        "today": formats.short_day(today, with_year=True)
    }
    problems.add(frame[future], name, "future", message, values="day_text")
    old = frame["day"] < pd.Timestamp(today - OLDEST)
    message = _("The date is more than 60 years ago. Correct the year.")
    problems.add(frame[old], name, "too-old", message, values="day_text")
    return frame[~future & ~old]


def _check_scores(row: Import, frame: pd.DataFrame, problems: Problems) -> Checked:
    options, columns = row.mapping["options"], mapped_columns(row)
    frame = _with_days(row, with_students(row, frame, problems), problems)
    frame = _long(row, frame)
    frame = frame[~missing_cells(frame["text"], options)]
    codes = frame.groupby("measure")["text"].transform(
        lambda texts: texts.str.strip().isin(number_codes(texts))
    )
    frame = frame[~codes.astype(bool)]
    column = columns.get("value", "")
    frame = _with_values(frame, problems, column)
    measures = _measures(row, frame)
    frame = _on_scale(frame, measures, problems, column)
    keys = ["student_id", "measure", "day"]
    frame = without_doubles(frame, keys, "value", problems, column)
    frame = _beside_stored(frame, _stored_scores(measures, frame), keys)
    old = frame["stored"].to_numpy(float)
    same = np.isclose(old, frame["value"].to_numpy(float))
    frame["state"] = np.where(np.isnan(old), "new", np.where(same, "same", "changed"))
    return Checked(rows=frame, measures=measures)


def _with_values(frame: pd.DataFrame, problems: Problems, column: str) -> pd.DataFrame:
    """Add ``value`` to rows with one number; a range, a limit and a word become problems, each with its sentence."""
    numbers = [read_numbers(part["text"]) for _name, part in frame.groupby("measure")]
    frame = frame.assign(value=pd.concat(numbers).reindex(frame.index) if numbers else np.nan)
    bad = frame[~np.isfinite(frame["value"].to_numpy(float))]
    texts = bad["text"].str.strip()
    ranges, limits = texts.str.fullmatch(RANGE), texts.str.fullmatch(BEYOND)
    message = _("This is a range, not one number. Write the score itself, or leave the cell empty.")
    problems.add(bad[ranges], column, "range", message, values="text")
    message = _("This only says that the score is under or over a limit. Write the score itself.")
    problems.add(bad[limits], column, "limit", message, values="text")
    message = _("This is not a number. Leave a missing score empty.")
    problems.add(bad[~ranges & ~limits], column, "no-number", message, values="text")
    return frame.drop(bad.index)


def _days(row: Import, texts: pd.Series, until: dt.date | None = None) -> pd.Series:
    """Read the days of a column; DomainError if day and month could be either, and nobody said which."""
    options = row.mapping["options"]
    order, zone = options.get("date_order", ""), row.school.tz
    return read_days(texts, options.get("day_zero"), order=order, zone=zone, until=until).settled()


def _beside_stored(frame: pd.DataFrame, stored: list[tuple[Any, ...]], keys: list[str]) -> pd.DataFrame:
    """Join the rows with ``stored`` values (keys, then value and row id) by ``keys``."""
    known = {row[: len(keys)]: row[len(keys) :] for row in stored}
    columns = (
        [frame[key].dt.date if key == "day" else frame[key] for key in keys]
        if len(frame)
        else [[]] * len(keys)
    )
    found = [known.get(key, (None, None)) for key in zip(*columns, strict=True)]
    return frame.assign(
        stored=pd.Series([value for value, _pk in found], index=frame.index, dtype=object),
        row_id=pd.Series([pk for _value, pk in found], index=frame.index, dtype=object),
    )


def _long(row: Import, frame: pd.DataFrame) -> pd.DataFrame:
    """Reshape to one row per score, with the key of its ``measure`` and ``text``, from one or several columns."""
    options, columns, wide = row.mapping["options"], mapped_columns(row), row.mapping.get("measures") or {}
    base = frame[["line", "student_id", "day"]]
    if wide:
        return pd.concat(
            [
                base.assign(measure=slugify(name), name=name, text=frame[FILE + column])
                for column, name in wide.items()
            ],
            ignore_index=True,
        )
    names = frame[columns["measure"]] if columns.get("measure") else options.get("measure_name", "")
    if not columns.get("measure") and not names:
        raise DomainError(_("Choose a measure, or the column that names it."))
    part = base.assign(name=names, text=frame[columns["value"]])
    prefix = options.get("measure_name", "")
    if columns.get("measure") and prefix:
        part["name"] = prefix + " " + part["name"]
    keys = {name: slugify(name)[:60] or "measure" for name in part["name"].unique()}
    return part.assign(measure=part["name"].map(keys))


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
    return frame[~off]


def _stored_scores(measures: dict[str, Measure], frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """(student, key of the measure, day, value, row id) of stored scores in the file's range of days."""
    keys = {measure.pk: key for key, measure in measures.items() if measure.pk}
    if frame.empty or not keys:
        return []
    span = (frame["day"].min().date(), frame["day"].max().date())
    rows = Score.objects.filter(measure__in=keys, source=SOURCE, taken_on__range=span)
    data = rows.values_list("student_id", "measure_id", "taken_on", "value", "pk")
    return [(student, keys[measure], day, value, pk) for student, measure, day, value, pk in data]


def _check_attendance(row: Import, frame: pd.DataFrame, problems: Problems) -> Checked:
    column = mapped_columns(row)["mark"]
    frame = _with_days(row, with_students(row, frame, problems), problems)
    frame = frame[~missing_cells(frame[column], {"missing": row.mapping["options"].get("missing", [])})]
    words = {word: mark for mark, several in MARKS.items() for word in several}
    frame = frame.assign(mark=frame[column].str.strip().str.lower().map(words))
    unknown = frame["mark"].isna()
    message = _("Unknown mark. Use present, excused, unexcused, tardy or half day (P, E, U, T, H).")
    problems.add(frame[unknown], column, "unknown-mark", message, values=column)
    frame = without_doubles(frame[~unknown], ["student_id", "day"], "mark", problems, column)
    marks = AttendanceDay.objects.filter(student__school=row.school)
    stored = list(marks.values_list("student_id", "day", "mark", "pk"))
    frame = _beside_stored(frame, stored, ["student_id", "day"])
    same = frame["stored"] == frame["mark"]
    frame["state"] = np.where(frame["stored"].isna(), "new", np.where(same, "same", "changed"))
    return Checked(rows=frame)


def _check_students(row: Import, frame: pd.DataFrame, problems: Problems) -> Checked:
    columns, options = mapped_columns(row), row.mapping["options"]
    if columns.get("role"):  # a file of OneRoster has everyone
        frame = frame[frame[columns["role"]].str.strip().str.lower().isin(STUDENT_ROLES)]
    frame = frame.assign(local_id=frame[columns["student"]].map(plain_number))
    empty = missing_cells(frame["local_id"], options)
    problems.add(frame[empty], columns["student"], "no-number", _("The row has no student number."))
    frame = _student_values(row, frame[~empty], problems)
    given = [name for name in STUDENT_FIELDS if name in frame.columns]
    frame = frame.assign(all=frame[given].map(str).agg("|".join, axis=1) if given else "")
    frame = without_doubles(frame, ["local_id"], "all", problems, columns["student"])
    stored = {
        values["local_id"]: values
        for values in Student.objects.filter(school=row.school).values("pk", "local_id", *STUDENT_FIELDS)
    }
    states, ids = [], []
    for record in frame.to_dict("records"):
        old = stored.get(record["local_id"])
        differs = old and any(record[name] is not None and record[name] != old[name] for name in given)
        states.append("new" if old is None else "changed" if differs else "same")
        ids.append(old["pk"] if old else None)
    frame = frame.assign(state=states, row_id=pd.Series(ids, index=frame.index, dtype=object))
    absent = len(stored.keys() - set(frame["local_id"]))
    return Checked(rows=frame, counts={"absent": absent})


def _student_values(row: Import, frame: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """Convert the mapped fields to values; None for empty cells."""
    columns, options = mapped_columns(row), row.mapping["options"]
    for name in ("first_name", "last_name", "preferred_name"):
        if columns.get(name):
            texts = frame[columns[name]].str.strip().str.slice(0, 80)
            frame = _given(frame, name, texts.where(~missing_cells(texts, options, NO_TEXT), None))
    if columns.get("grade"):
        texts = frame[columns["grade"]]
        frame = _given(frame, "grade", texts.map(read_grade))
        bad = frame["grade"].isna() & ~missing_cells(texts, options)
        message = _("Unknown grade. Write PK, K or a number from 1 to 12.")
        problems.add(frame[bad], columns["grade"], "unknown-grade", message, values=columns["grade"])
        frame = frame[~bad]
    elif options.get("grade") is not None:
        frame = frame.assign(grade=int(options["grade"]))
    if columns.get("entered_on"):
        texts = frame[columns["entered_on"]]
        days = _days(row, texts)
        frame = _given(frame, "entered_on", [None if pd.isna(day) else day.date() for day in days])
        bad = frame["entered_on"].isna() & ~missing_cells(texts, options)
        message = _("This date can’t be read. Write dates like 2026-11-24, the same way in the whole column.")
        problems.add(frame[bad], columns["entered_on"], "no-date", message, values=columns["entered_on"])
        frame = frame[~bad]
    return frame


def _given(frame: pd.DataFrame, name: str, values: Iterable[Any]) -> pd.DataFrame:
    """Add a column whose missing values are None, so that they change nothing."""
    plain = [None if pd.isna(value) else value for value in values]
    return frame.assign(**{name: pd.Series(plain, index=frame.index, dtype=object)})


_CHECKS: dict[str, Callable[[Import, pd.DataFrame, Problems], Checked]] = {
    Import.Kind.SCORES: _check_scores,
    Import.Kind.ATTENDANCE: _check_attendance,
    **dict.fromkeys(ROSTERS, check_roster),
    Import.Kind.STUDENTS: _check_students,
}
