"""Charts of each kind, small enough to compute by hand."""

import datetime as dt

import pytest

from datareview.charts.spec import Band, Chart, Line, Series, Table

DAYS = tuple(dt.date(2026, 9, 7) + dt.timedelta(weeks=week) for week in (0, 1, 2, 6, 7))


@pytest.fixture
def progress() -> Chart:
    """A student's progress, with a gap of four weeks."""
    return Chart(
        "Maya gains 1.1 words a week",
        "Five probes from Sep 7 to Oct 26.",
        y_label="words correct per minute",
        series=[
            Series("band", "Trend", DAYS[:2], low=(60, 61), high=(64, 66), role="trend"),
            Series("line", "Goal line", (DAYS[0], DAYS[-1]), (62, 90), role="goal", labels=("", "goal 90")),
            Series("line", "Scores", DAYS, (62, 64, None, 66, 65), role="quiet"),
            Series("points", "Scores", DAYS, (62, 64, None, 66, 65)),
        ],
        bands=[Band(80, None, "benchmark 80")],
        lines=[Line("x", DAYS[3], "Repeated reading")],
        table=Table(("Day", "Score"), [("Sep 7", 62), ("Sep 14", 64.5)]),
    )


@pytest.fixture
def slope() -> Chart:
    """Three students in two windows, two of them named."""
    rows = [("Maya O", 62, 74, True), ("Jonas W", 70, 75, True), ("Ava L", 130, 151, False)]
    return Chart(
        "2 of 3 below the benchmark",
        "Words correct per minute.",
        x_kind="category",
        bands=[Band(120, None, "at")],
        series=[
            Series(
                "line",
                name,
                ("Fall", "Winter"),
                (fall, winter),
                role="level-1" if named else "level-4",
                emphasis=named,
                labels=("", f"{name} {winter}") if named else (),
            )
            for name, fall, winter, named in rows
        ],
    )


@pytest.fixture
def levels() -> Chart:
    """Ten students in four levels, twice."""
    counts = {"level-1": (2, 1), "level-2": (3, 2), "level-3": (4, 4), "level-4": (1, 3)}
    return Chart(
        "7 of 10 at or above",
        "Ten students.",
        x_kind="category",
        series=[Series("stack", role, ("Fall", "Winter"), pair, role=role) for role, pair in counts.items()],
    )


@pytest.fixture
def weeks() -> Chart:
    """Incidents per week."""
    return Chart(
        "2 incidents", "Two.", series=[Series("bars", "Incidents", DAYS, (0, 1, 0, 1, 0), role="accent")]
    )


@pytest.fixture(params=["progress", "slope", "levels", "weeks", "nothing"])
def any_chart(request: pytest.FixtureRequest) -> Chart:
    """Each kind, and an empty chart."""
    if request.param == "nothing":
        return Chart("No answers yet", "The survey has not been asked.")
    return request.getfixturevalue(request.param)
