"""Faults for the arguments of the kernel's public functions, made from the kinds that each function states."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from datareview.analysis.door import Columns
from datareview.analysis.inputs import AS_IS, Count, Key, Kind, Level, Number, Ordinal, Truth

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

Call = dict[str, Any]


@dataclass(frozen=True)
class Spot:
    """Values of one kind within a call: an argument, or a column of it, or one of the arrays that it consists of."""

    argument: str
    kind: Kind
    column: Hashable = None
    part: Any = None

    def values(self, call: Call) -> list[Any]:
        """The values, also a single one, as a list."""
        given = self._given(call)
        if isinstance(given, Mapping):
            return list(given.values())
        return np.asarray(given, object).ravel().tolist()

    def labels(self, call: Call) -> list[Hashable] | None:
        """What an error calls each row; None for a single value."""
        given = self._given(call)
        if isinstance(given, Mapping):
            return list(given)
        if np.ndim(given) == 0:
            return None
        return list(given.index) if isinstance(given, pd.Series) else list(range(np.size(given)))

    def put(self, call: Call, values: Any) -> Call:
        """The call with other values here: a list, or a Series with a type of its own."""
        given, new = call[self.argument], values
        if isinstance(given, pd.DataFrame):
            column = pd.Series(list(values), given.index, dtype=getattr(values, "dtype", object))
            new = pd.DataFrame(
                {name: column if name == self.column else given[name] for name in given.columns}
            )
        elif self.part is not None and isinstance(given, Mapping):
            new = {**given, self.part: values}
        elif self.part is not None:
            new = [values if at == self.part else one for at, one in enumerate(given)]
        elif isinstance(given, Mapping):
            new = dict(zip(given, values, strict=True))
        elif isinstance(given, pd.Series):
            new = pd.Series(list(values), given.index, dtype=getattr(values, "dtype", object))
        elif np.ndim(given) == 0:
            new = next(iter(values))
        elif isinstance(given, list | tuple):
            new = list(values)
        elif np.ndim(given) > 1:
            new = np.array(list(values), object).reshape(np.shape(given))
        elif isinstance(values, list) and isinstance(given, np.ndarray):
            new = np.fromiter(values, object, len(values))
        return {**call, self.argument: new}

    def _given(self, call: Call) -> Any:
        given = call[self.argument]
        if isinstance(given, pd.DataFrame):
            return given[self.column]
        return given if self.part is None else given[self.part]


def spots(function: Callable[..., Any], call: Call) -> Iterator[Spot]:
    """All values of a call that have a kind."""
    for name, kind in function.kinds.items():  # type: ignore[attr-defined]
        given = call.get(name)
        if given is None or kind is AS_IS:
            continue
        if isinstance(kind, Columns):
            of_columns = kind.kinds(given)
            yield from (Spot(name, one, column) for column, one in of_columns.items() if one is not AS_IS)
        elif isinstance(given, Mapping) and np.ndim(next(iter(given.values()))):
            yield from (Spot(name, kind, part=key) for key in given)
        elif isinstance(given, list | tuple) and np.ndim(given[0]):
            yield from (Spot(name, kind, part=at) for at in range(len(given)))
        else:
            yield Spot(name, kind)


def impossible(kind: Kind, values: list[Any], *, may_be_none: bool = False) -> list[Any]:
    """Values of which one among ``values`` has to be refused."""
    missing = [] if may_be_none else [None, float("nan")]
    if isinstance(kind, Number):
        low, high = ([kind.low - 1] if kind.low > -10 else []), ([kind.high + 1] if kind.high < 200 else [])
        return ["12", dt.date(2030, 1, 7), 1e300, *low, *high, *(missing if kind.needed else [])]
    if isinstance(kind, Level):
        return [0.0, 1.0, -0.1, 1.5, 95, "0.9", *missing]
    if isinstance(kind, Count):
        return [kind.low - 1, 2.5, "3", float("inf"), *missing]
    if isinstance(kind, Ordinal):
        in_utc = dt.datetime(2030, 1, 7, 3, tzinfo=dt.UTC)
        strange = ["2030-01-07", 739_000.5, float("inf"), 1.7e9, in_utc, pd.Timestamp(in_utc), True]
        return strange + ([] if kind.is_optional or may_be_none else [*missing, pd.NaT])
    if isinstance(kind, Truth):
        strange = ["False", "", 2, 0.5, dt.date(2030, 1, 7)]
        return strange + ([] if kind.is_optional else [*missing, pd.NA])
    if isinstance(kind, Key):
        strange = [] if len(values) < 2 else ["1"] if isinstance(values[0], int) else [1]
        return strange + ([] if kind.is_optional else missing)
    raise TypeError(kind)


def other_forms(kind: Kind, values: list[Any]) -> list[Any]:
    """The same values as other types."""
    if isinstance(kind, Number):
        numbers = [float(one) for one in values]
        exact = [Decimal(str(one)) if np.isfinite(one) else None for one in numbers]
        return [numbers, pd.Series(numbers, dtype="Float64"), exact]
    if isinstance(kind, Count):
        return [[float(one) for one in values], pd.Series(values, dtype="Int64")]
    if isinstance(kind, Ordinal):
        days = [dt.date.fromordinal(one) for one in values]
        evening = pd.Series(pd.DatetimeIndex(days)) + pd.Timedelta(hours=23)
        here = evening.dt.tz_localize("America/Chicago")
        floats = [float(one) for one in values]
        return [days, evening, here, [time.to_pydatetime() for time in here], floats, pd.Series(floats)]
    if isinstance(kind, Truth):
        return [
            [int(one) for one in values],
            [float(one) for one in values],
            pd.Series(values, dtype="boolean"),
        ]
    if isinstance(kind, Key) and isinstance(values[0], int):
        return [
            [float(one) for one in values],
            pd.Series(values, dtype=float),
            [values[0], *map(float, values[1:])],
        ]
    return []
