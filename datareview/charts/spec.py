"""Chart specifications, independent of their rendering.

A `Chart` is immutable and can be converted to JSON and back unchanged, which is how charts are stored in minutes.
`svg.render` draws it, and `plots.figures.figure` makes it zoomable; both read nothing else.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

XKind: TypeAlias = Literal["date", "category", "number"]
SeriesKind: TypeAlias = Literal[
    "points", "line", "band", "bars", "stack", "strip", "box", "flow", "days", "interval"
]
X: TypeAlias = dt.date | str | float
Y: TypeAlias = float | None
Cell: TypeAlias = str | float | int | None

GAP_DAYS = 14
ROLES = frozenset(
    [
        "data",
        "quiet",
        "accent",
        "goal",
        "trend",
        "benchmark",
        "phase",
        "expected",
        "act",
        "level-1",
        "level-2",
        "level-3",
        "level-4",
    ]
)


@dataclass(frozen=True, slots=True)
class Table:
    """The values of a chart as a table: headings in ``columns``, and ``rows`` with as many cells.

    ``links`` is empty, or has the page that each cell opens, "" for none, in the shape of ``rows``.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    links: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        _set(self, links=tuple(tuple(_page(link) for link in row) for row in self.links))
        _set(self, columns=tuple(str(column) for column in self.columns))
        _set(self, rows=tuple(tuple(_cell(cell) for cell in row) for row in self.rows))


@dataclass(frozen=True, slots=True)
class Series:
    """A set of marks of one kind.

    ``points`` are circles. ``line`` joins its points, broken at date gaps longer than 14 days (except goal, trend and
    expected, which interpolate) and where ``y`` is None. ``band`` lies between ``low`` and ``high``, and ``bars``
    start at zero. ``stack`` is one layer (a level) of stacked rows, with counts ``y`` per category in ``x``.
    ``strip`` is a point for each ``y`` above its category, beside the others; ``box`` has a median ``y`` between the
    quartiles ``low`` and ``high`` of each category. ``flow`` counts in ``y`` those who came from each level in ``x`` to
    the level ``name``, in a series for each level, lowest first; the chart's labels of x and y name the two days.
    ``days`` are squares of a calendar. ``interval`` has a row for each category, with ``y`` between ``low`` and ``high``,
    or a label without ``y``.
    ``labels``, one per point, are tooltips; the last of an emphasised line is drawn beside it. ``links``, one per point,
    are the pages that they open ("" for none), as paths. ``role`` selects the color (see `palette`).
    """

    kind: SeriesKind
    name: str
    x: Sequence[X] = ()
    y: Sequence[Y] = ()
    low: Sequence[Y] = ()
    high: Sequence[Y] = ()
    role: str = "data"
    labels: Sequence[str] = ()
    links: Sequence[str] = ()
    dashed: bool = False
    emphasis: bool = False

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise ValueError(f"unknown role {self.role!r}")
        _set(self, name=str(self.name), x=tuple(_x(value) for value in self.x))
        for name in ("y", "low", "high"):
            _set(self, **{name: tuple(_y(value) for value in getattr(self, name))})
        _set(self, labels=tuple(str(label) for label in self.labels))
        _set(self, links=tuple(_page(link) for link in self.links))
        values = {
            "band": [self.low, self.high],
            "box": [self.y, self.low, self.high],
            "interval": [self.y, self.low, self.high],
        }.get(self.kind, [self.y])
        if any(len(column) != len(self.x) for column in values):
            raise ValueError(f"series {self.name!r}: x and its values differ in length")


@dataclass(frozen=True, slots=True)
class Band:
    """A horizontal zone from ``low`` (None: the bottom) to ``high`` (None: the top)."""

    low: float | None
    high: float | None
    label: str = ""
    role: str = "benchmark"

    def __post_init__(self) -> None:
        _set(self, low=_y(self.low), high=_y(self.high), label=str(self.label))


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line: with ``axis`` "y" at a value (benchmark, goal), with "x" at a date (phase change)."""

    axis: Literal["x", "y"]
    at: X
    label: str = ""
    role: str = "phase"

    def __post_init__(self) -> None:
        _set(self, at=_x(self.at), label=str(self.label))


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its finding.

    ``title`` is the finding. ``sentence`` states it in full, with subject, number and date, below the chart and for
    screen readers. ``source`` is the source of the data.
    """

    title: str
    sentence: str
    x_label: str = ""
    y_label: str = ""
    x_kind: XKind = "date"
    series: Sequence[Series] = ()
    bands: Sequence[Band] = ()
    lines: Sequence[Line] = ()
    y_range: tuple[float, float] | None = None
    source: str = ""
    table: Table = field(default_factory=Table)

    def __post_init__(self) -> None:
        for name in ("title", "sentence", "x_label", "y_label", "source"):
            _set(self, **{name: str(getattr(self, name))})
        _set(self, series=tuple(self.series), bands=tuple(self.bands), lines=tuple(self.lines))
        if self.y_range is not None:
            _set(self, y_range=(float(self.y_range[0]), float(self.y_range[1])))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(
            value is not None for series in self.series for value in (*series.y, *series.low, *series.high)
        )

    @property
    def is_stack(self) -> bool:
        """Whether the chart is a distribution by level, drawn as rows."""
        return bool(self.series) and all(series.kind == "stack" for series in self.series)

    def is_all(self, kind: SeriesKind) -> bool:
        """Whether every series, and at least one, is of ``kind``: flows and calendars have a drawing of their own."""
        return bool(self.series) and all(series.kind == kind for series in self.series)

    @property
    def has_slots(self) -> bool:
        """Whether categories are as wide as what is drawn in them, instead of ticks."""
        return any(series.kind in ("strip", "box") for series in self.series)

    def with_texts(self, changed: Callable[[str], str]) -> Chart:
        """A copy of the chart with ``changed`` applied to each of its texts."""

        def text(value: Any) -> Any:
            return changed(value) if isinstance(value, str) else value

        def texts(values: Sequence[Any]) -> tuple[Any, ...]:
            return tuple(text(value) for value in values)

        words = ("title", "sentence", "x_label", "y_label", "source")
        return replace(
            self,
            **{name: text(getattr(self, name)) for name in words},
            series=[
                replace(one, name=text(one.name), x=texts(one.x), labels=texts(one.labels))
                for one in self.series
            ],
            bands=[replace(band, label=text(band.label)) for band in self.bands],
            lines=[replace(line, at=text(line.at), label=text(line.label)) for line in self.lines],
            table=Table(
                texts(self.table.columns), tuple(texts(row) for row in self.table.rows), self.table.links
            ),
        )

    def to_json(self) -> dict[str, Any]:
        """Convert to JSON types, deterministically."""
        plain: dict[str, Any] = orjson.loads(orjson.dumps(self))
        return {"version": 1, **plain}

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Chart:
        """Restore a chart from the result of `to_json`; ValueError for another version."""
        if plain.get("version") != 1:
            raise ValueError("unknown chart version")
        kind: XKind = plain["x_kind"]
        values = {name: plain[name] for name in ("title", "sentence", "x_label", "y_label", "source")}
        return cls(
            **values,
            x_kind=kind,
            series=[
                Series(**{**series, "x": [_read_x(x, kind) for x in series["x"]]})
                for series in plain["series"]
            ],
            bands=[Band(**band) for band in plain["bands"]],
            lines=[
                Line(**{**line, "at": _read_x(line["at"], kind if line["axis"] == "x" else "number")})
                for line in plain["lines"]
            ],
            y_range=tuple(plain["y_range"]) if plain["y_range"] else None,
            table=Table(
                tuple(plain["table"]["columns"]),
                tuple(tuple(row) for row in plain["table"]["rows"]),
                tuple(tuple(row) for row in plain["table"].get("links", ())),
            ),
        )


def _set(frozen: object, **values: object) -> None:
    for name, value in values.items():
        object.__setattr__(frozen, name, value)


def _y(value: Any) -> Y:
    """Convert a number of any library to a float; None if it is missing or not finite."""
    if value is None:
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def _x(value: Any) -> X:
    if isinstance(value, dt.datetime):  # includes pandas' Timestamp
        return value.date()
    if isinstance(value, dt.date):
        return value
    return str(value) if isinstance(value, str) or not hasattr(value, "__float__") else float(value)


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, (str, bool)):
        return value if not isinstance(value, bool) else str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int):
        return value
    return _y(value) if hasattr(value, "__float__") else str(value)


def _page(link: Any) -> str:
    """A path on this site; ValueError for anything else, since a stored chart must not lead elsewhere."""
    path = str(link)
    if path and (not path.startswith("/") or path.startswith("//")):
        raise ValueError(f"not a page of this site: {path!r}")
    return path


def _read_x(value: Any, kind: XKind) -> X:
    return dt.date.fromisoformat(value) if kind == "date" and isinstance(value, str) else _x(value)
