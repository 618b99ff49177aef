"""The kernel's door: what a public function is given is checked here once, before anything is computed.

Each public function states what its arguments are::

    @door(scores=Columns(series=Key(), day=Ordinal(), value=Number()), level=Level())
    def fit_trends(scores, *, level=0.95): …

What can be read only one way is: a day is an ordinal, whatever type it came in; 1.0 and 1 are one key; rows of
arguments that belong together are paired by their index. What is impossible, or could be read two ways, raises
`InputError` with the names of the argument, column and row. What is missing stays missing.
"""

from __future__ import annotations

import inspect
import math
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import numpy as np
import pandas as pd

from datareview.analysis.inputs import AS_IS, InputError, Kind, Whence

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

P = ParamSpec("P")
R = TypeVar("R")


class Columns(Kind):
    """A frame with these columns; ``maybe`` may be absent, ``rest`` is the kind of all others.

    ``within`` names pairs of columns of which the first is at most the second.
    """

    def __init__(
        self,
        *,
        maybe: dict[str, Kind] | None = None,
        rest: Kind = AS_IS,
        within: tuple[str, str] | None = None,
        **columns: Kind,
    ) -> None:
        self.columns, self.maybe, self.rest, self.within = columns, maybe or {}, rest, within

    def kinds(self, frame: pd.DataFrame) -> dict[Hashable, Kind]:
        """The kind of each column that a frame has."""
        return {name: self.columns.get(name) or self.maybe.get(name) or self.rest for name in frame.columns}

    def admit(self, value: Any, name: str) -> Any:
        """See `Kind.admit`."""
        if value is None:
            return None
        if not isinstance(value, pd.DataFrame):
            raise InputError(f"{name}: not a table")
        if not value.columns.is_unique:
            raise InputError(f"{name}: two columns have the same name")
        for column in self.columns:
            if column not in value.columns:
                raise InputError(f"{name}, column {column!r}: the column is missing")
        value = self._read(value, name)
        if self.within:
            part, whole = self.within
            more = value[part].to_numpy(float) > value[whole].to_numpy(float)
            Whence(name, part, value.index).refuse_any(more, f"more than {whole!r}")
        return value

    def _read(self, frame: pd.DataFrame, name: str) -> pd.DataFrame:
        read = {}
        for column, kind in self.kinds(frame).items():
            values = frame[column]
            found = values if kind is AS_IS else kind.read(values, Whence(name, column, frame.index))
            if found is not values:
                read[column] = found
        if read:
            frame = frame.copy(deep=False)
            for column, found in read.items():
                frame[column] = found
        return frame


class Bond:
    """What has to hold between arguments; may also pair their rows."""

    def apply(self, arguments: dict[str, Any]) -> None:
        """Raise InputError where it does not hold."""
        raise NotImplementedError


class Paired(Bond):
    """The rows of ``others`` are those of ``first``: paired by index if both have one, else as many."""

    def __init__(self, first: str, *others: str) -> None:
        self.first, self.others = first, others

    def apply(self, arguments: dict[str, Any]) -> None:
        """See `Bond.apply`."""
        first = arguments[self.first]
        for name in self.others:
            other = arguments.get(name)
            if isinstance(other, (list, tuple)) and any(isinstance(one, pd.Series) for one in other):
                arguments[name] = [self._pair(first, one, name) for one in other]
            elif other is not None and np.ndim(first) and np.ndim(other):
                arguments[name] = self._pair(first, other, name)

    def _pair(self, first: Any, other: Any, name: str) -> Any:
        if len(first) != len(other):
            raise InputError(f"{name}: {len(other)} rows, but {self.first!r} has {len(first)}")
        if not hasattr(first, "reindex") or not hasattr(other, "reindex") or first.index.equals(other.index):
            return other
        strange = ~other.index.isin(first.index)
        Whence(name, labels=other.index).refuse_any(strange, f"no such row in {self.first!r}")
        Whence(name, labels=other.index).refuse_any(other.index.duplicated(), "this row is there twice")
        return other.loc[first.index]


@dataclass(frozen=True)
class Within(Bond):
    """The number ``part`` is at most the number ``whole``."""

    part: str
    whole: str

    def apply(self, arguments: dict[str, Any]) -> None:
        """See `Bond.apply`."""
        part, whole = (np.asarray(arguments[name], float) for name in (self.part, self.whole))
        if (part > whole).any():
            raise InputError(f"{self.part}: more than {self.whole!r}")


@dataclass(frozen=True)
class Possible(Bond):
    """No points of ``points`` (items in columns) are more than those that ``possible`` has for the item."""

    points: str = "points"
    possible: str = "possible"

    def apply(self, arguments: dict[str, Any]) -> None:
        """See `Bond.apply`."""
        points = arguments[self.points]
        most = arguments[self.possible].reindex(points.columns).to_numpy(float)
        for place in np.flatnonzero(~(most > 0)).tolist():
            raise InputError(f"{self.possible}, row {points.columns[place]!r}: no points that are possible")
        for place, item in enumerate(points.columns):
            more = points.iloc[:, place].to_numpy(float) > most[place]
            Whence(self.points, item, points.index).refuse_any(more, "more points than are possible")


def door(*rules: Bond, **kinds: Kind) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Check the arguments of a public function by their kinds and then by rules; each argument has a kind."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)
        if set(kinds) != set(signature.parameters):
            raise TypeError(f"{function.__name__}: each argument has a kind, and nothing else.")

        # Where no value may be given, a single one that is missing is none; elsewhere it is an error.
        may_be_none = {name for name, one in signature.parameters.items() if "None" in str(one.annotation)}

        @wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            given = signature.bind(*args, **kwargs)
            for name, value in given.arguments.items():
                found = kinds[name].admit(value, name)
                if isinstance(found, float) and math.isnan(found):
                    found = None if name in may_be_none else found
                if found is None and kinds[name] is not AS_IS and name not in may_be_none:
                    raise InputError(f"{name}: missing")
                given.arguments[name] = found
            for rule in rules:
                rule.apply(given.arguments)
            return function(*given.args, **given.kwargs)

        checked.kinds, checked.rules = kinds, rules  # type: ignore[attr-defined]
        return checked

    return decorate
