"""Kinds of what a public function of the kernel is given: numbers, days, keys, flags, counts (see `door`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

LARGEST = 1e12  # beyond it is no school's figure, and squares and sums lose their digits
LAST_DAY = dt.date.max.toordinal()
EPOCH = dt.date(1970, 1, 1).toordinal()
UTC = {"UTC", "UTC+00:00", "Etc/UTC"}
NO_DAY = "no day of the calendar"
IN_UTC = "a time in UTC; its day is that of the school's zone"


class InputError(ValueError):
    """An argument of a public function is impossible or has two readings; names argument, column and row."""


@dataclass(frozen=True, slots=True)
class Whence:
    """Where values came from, for the sentence: an argument, perhaps a column of it, and the labels of its rows."""

    argument: str
    column: Hashable = None
    labels: Sequence[Hashable] | pd.Index | None = None
    is_single: bool = False  # a value that is no row

    def refuse(self, why: str, at: int | None = None) -> InputError:
        """The error that says why the value at position ``at`` can't be taken."""
        column = "" if self.column is None else f", column {self.column!r}"
        label = at if self.labels is None or at is None else self.labels[at]
        label = label.item() if isinstance(label, np.generic) else label
        row = "" if at is None or self.is_single else f", row {label!r}"
        return InputError(f"{self.argument}{column}{row}: {why}")

    def refuse_any(self, bad: np.ndarray, why: str) -> None:
        """Raise for the first true position of ``bad``."""
        if bad.any():
            raise self.refuse(why, int(np.argmax(bad)))


class Kind:
    """What values may be. `read` gives them in the form that the functions compute with."""

    def read(self, values: pd.Series, place: Whence) -> Any:
        """The values, all of one argument or column, or the same Series if it is right. Raises InputError."""
        raise NotImplementedError

    def is_plain(self, value: Any) -> bool:
        """Whether a single value is right as it is, so that the usual case costs nothing."""
        return False

    def admit(self, value: Any, name: str) -> Any:
        """A whole argument: None, a single value, an array, a list, a mapping or a Series."""
        if value is None or self.is_plain(value):
            return value
        if isinstance(value, (list, tuple)) and any(np.ndim(one) for one in value):
            return type(value)(self.admit(one, name) for one in value)
        if isinstance(value, Mapping) and any(np.ndim(one) for one in value.values()):
            return {key: self.admit(one, name) for key, one in value.items()}
        if isinstance(value, pd.Series):
            found = self.read(value, Whence(name, labels=value.index))
            return value if found is value else pd.Series(found, value.index, name=value.name)
        if isinstance(value, Mapping):
            values = pd.Series(list(value.values()), dtype=None if value else float)
            found = self.read(values, Whence(name, labels=list(value)))
            return value if found is values else dict(zip(value, found.tolist(), strict=True))
        value = value.to_numpy() if isinstance(value, pd.DataFrame) else value
        if np.ndim(value) == 0:
            single = pd.Series([value.item() if isinstance(value, np.ndarray) else value])
            return next(iter(self.read(single, Whence(name, is_single=True))))
        if isinstance(value, np.ndarray):
            values = pd.Series(value.ravel())
            found = self.read(values, Whence(name))
            return value if found is values else np.asarray(found).reshape(value.shape)
        values = pd.Series(list(value), dtype=None if len(value) else float)
        found = self.read(values, Whence(name))
        return found.tolist()


@dataclass(frozen=True)
class Number(Kind):
    """Numbers as floats. Missing and infinite ones are NaN; with ``infinite`` an infinite one means "no limit"."""

    low: float = -LARGEST
    high: float = LARGEST
    infinite: bool = False
    needed: bool = False  # whether a missing one is an error

    def read(self, values: pd.Series, place: Whence) -> Any:
        """See `Kind.read`."""
        found = numbers = _floats(values, place)
        endless = np.isinf(numbers)
        if endless.any() and not self.infinite:
            found = np.where(endless, np.nan, numbers)
        if self.needed:
            place.refuse_any(np.isnan(found), "a number is missing")
        beyond = ((numbers < self.low) | (numbers > self.high)) & ~endless
        place.refuse_any(beyond, f"not between {self.low} and {self.high}")
        return values if found is numbers and _is_numeric(values) else found

    def is_plain(self, value: Any) -> bool:
        """See `Kind.is_plain`."""
        return type(value) in {float, int} and self.low <= value <= self.high


@dataclass(frozen=True)
class Level(Kind):
    """A level of confidence, or another share that neither end can be."""

    def read(self, values: pd.Series, place: Whence) -> Any:
        """See `Kind.read`."""
        found = _floats(values, place)
        place.refuse_any(~((found > 0) & (found < 1)), "not between 0 and 1, without the ends")
        return found

    def is_plain(self, value: Any) -> bool:
        """See `Kind.is_plain`."""
        return type(value) is float and 0 < value < 1


@dataclass(frozen=True)
class Count(Kind):
    """Whole numbers, 0 or more, none missing."""

    low: int = 0

    def read(self, values: pd.Series, place: Whence) -> Any:
        """See `Kind.read`."""
        found = _floats(values, place)
        place.refuse_any(~(found == np.floor(found)), "not a whole number")
        place.refuse_any((found < self.low) | (found > LARGEST), f"a count must be {self.low} or more")
        return values if values.dtype == np.int64 else found.astype(np.int64)

    def is_plain(self, value: Any) -> bool:
        """See `Kind.is_plain`."""
        return type(value) is int and self.low <= value <= LARGEST


@dataclass(frozen=True)
class Ordinal(Kind):
    """Days as ordinals (``date.toordinal``): of dates, of times with or without a zone, or of ordinals.

    A time with a zone is on the day of that zone, which must be the school's; UTC is no school's.
    """

    is_optional: bool = False  # whether a day may be missing: NaN then, and floats

    def read(self, values: pd.Series, place: Whence) -> Any:
        """See `Kind.read`."""
        if isinstance(values.dtype, np.dtype) and values.dtype.kind in "iu":
            place.refuse_any(np.abs(values.to_numpy()) > LAST_DAY, NO_DAY)
            return values if values.dtype == np.int64 else values.to_numpy(np.int64)
        found = _ordinals(values, place)
        missing = np.isnan(found)
        if not self.is_optional:
            place.refuse_any(missing, "a day is missing")
        place.refuse_any(np.abs(found) > LAST_DAY, NO_DAY)
        place.refuse_any(~missing & (found != np.floor(found)), "a part of a day is no day")
        return found if missing.any() else found.astype(np.int64)

    def is_plain(self, value: Any) -> bool:
        """See `Kind.is_plain`."""
        return type(value) is int and abs(value) <= LAST_DAY


@dataclass(frozen=True)
class Key(Kind):
    """Names of series, students or groups, all of one type. Whole floats are whole numbers: 1.0 and 1 are one key."""

    is_optional: bool = False  # whether a key may be missing

    def read(self, values: pd.Series, place: Whence) -> Any:
        """See `Kind.read`."""
        if isinstance(values.dtype, np.dtype) and values.dtype.kind in "iub":
            return values
        missing = values.isna().to_numpy(bool)
        if not self.is_optional:
            place.refuse_any(missing, "a key is missing")
        if values.dtype.kind == "f":
            numbers = values.to_numpy(float)
            whole = (
                not missing.any()
                and (np.abs(numbers) < LARGEST).all()
                and (numbers == np.floor(numbers)).all()
            )
            return numbers.astype(np.int64) if whole else values
        if values.dtype != object or pd.api.types.infer_dtype(values, skipna=True) in {"string", "empty"}:
            return values
        return self._of_objects(values.to_numpy(), missing, place)

    def _of_objects(self, values: np.ndarray, missing: np.ndarray, place: Whence) -> np.ndarray:
        kinds = np.array([_sort_of(one) for one in values], object)
        first = kinds[~missing][0]
        place.refuse_any(
            ~missing & (kinds != first), f"not a key of the type of the first, {values[~missing][0]!r}"
        )
        if first != "number":
            return values
        whole = [
            int(one) if not lost and float(one).is_integer() else one
            for one, lost in zip(values, missing, strict=True)
        ]
        found = np.empty(len(values), object)
        found[:] = whole
        return found if missing.any() else found.astype(np.result_type(*{type(one) for one in whole}))


@dataclass(frozen=True)
class Truth(Kind):
    """Booleans, also written 1 and 0. A missing one is an error, or stays missing if ``is_optional``; never True."""

    is_optional: bool = False

    def read(self, values: pd.Series, place: Whence) -> Any:
        """See `Kind.read`."""
        if values.dtype == np.bool_:
            return values
        found = _floats(values, place, "neither true nor false")
        missing = np.isnan(found)
        if not self.is_optional:
            place.refuse_any(missing, "whether it is so is missing")
        place.refuse_any(~missing & (found != 0) & (found != 1), "neither true nor false")
        if not missing.any():
            return found.astype(bool)
        return pd.arrays.BooleanArray(found == 1, missing)

    def is_plain(self, value: Any) -> bool:
        """See `Kind.is_plain`."""
        return type(value) is bool


@dataclass(frozen=True)
class AsIs(Kind):
    """Not data: options, seeds, results of other functions, objects that check themselves."""

    def admit(self, value: Any, name: str) -> Any:
        """See `Kind.admit`."""
        return value


AS_IS: Final = AsIs()


def _is_numeric(values: pd.Series) -> bool:
    return isinstance(values.dtype, np.dtype) and values.dtype.kind in "fiu"


def _floats(values: pd.Series, place: Whence, why: str = "not a number") -> np.ndarray:
    """Numbers and booleans as floats, missing ones as NaN. Text is no number, whatever it says."""
    if pd.api.types.is_numeric_dtype(values.dtype) and values.dtype.kind != "c":
        return values.to_numpy(np.float64, na_value=np.nan)
    missing = values.isna().to_numpy(bool)
    known = values.to_numpy(object)
    strange = [not isinstance(one, Real | Decimal | np.bool_) for one in known.tolist()]
    place.refuse_any(~missing & np.array(strange, bool), why)
    return np.where(missing, np.nan, known).astype(np.float64)


def _ordinals(values: pd.Series, place: Whence) -> np.ndarray:
    """Ordinals of days that are no integers, as floats; a missing one is NaN."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        zone = getattr(values.dtype, "tz", None)
        if len(values) and str(zone) in UTC:
            raise place.refuse(IN_UTC, 0)
        local = values.dt.tz_localize(None) if zone else values
        days = local.to_numpy("datetime64[D]").astype(np.int64) + EPOCH
        return np.where(values.isna(), np.nan, days)
    if pd.api.types.is_numeric_dtype(values.dtype) and values.dtype != bool:
        return values.to_numpy(np.float64, na_value=np.nan)
    found = np.full(len(values), np.nan)
    missing = values.isna().to_numpy(bool)
    for at, one in enumerate(values.to_numpy(object)):
        if missing[at]:
            continue
        if isinstance(one, dt.datetime) and str(one.tzinfo) in UTC:
            raise place.refuse(IN_UTC, at)
        if isinstance(one, dt.date):
            found[at] = one.toordinal()
        elif type(one) is not bool and isinstance(one, Real):
            found[at] = one
        else:
            raise place.refuse(f"{one!r} is no day", at)
    return found


def _sort_of(value: object) -> str:
    is_number = isinstance(value, Real | Decimal | np.bool_)
    return "number" if is_number else type(value).__name__
