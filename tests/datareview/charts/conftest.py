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


@pytest.fixture
def moves() -> Chart:
    """Ten students: two rose a level, one fell two, the others stayed."""
    names = ("Below", "At", "Above")
    came = {"Below": (3, 0, 1), "At": (2, 3, 0), "Above": (0, 0, 1)}
    return Chart(
        "2 moved up, 1 down",
        "Ten students.",
        x_kind="category",
        x_label="Fall",
        y_label="Winter",
        series=[
            Series("flow", name, names, came[name], role=f"level-{level}")
            for level, name in enumerate(names, start=2)
        ],
    )


@pytest.fixture
def classes() -> Chart:
    """Four and three scores of two classes, with their quartiles."""
    x = ("4A",) * 4 + ("Others",) * 3
    return Chart(
        "Half of 4A scored 65 to 85",
        "Seven students.",
        x_kind="category",
        series=[
            Series(
                "box",
                "Middle half",
                ("4A", "Others"),
                (75, 80),
                low=(65, 75),
                high=(85, 90),
                role="benchmark",
            ),
            Series("strip", "Students", x, (60, 70, 80, 90, 70, 80, None)),
        ],
    )


@pytest.fixture
def calendar() -> Chart:
    """Five weeks apart, one square of each color."""
    return Chart(
        "Mondays are missed most",
        "Five days.",
        series=[
            Series("days", "Many", DAYS[:2], (12, 14), role="level-1"),
            Series("days", "Few", DAYS[2:], (1, None, 2), role="level-4"),
        ],
    )


@pytest.fixture
def gaps() -> Chart:
    """Everyone, a group, and a group that is hidden."""
    return Chart(
        "English learners are 34 points behind",
        "Three groups.",
        x_kind="category",
        y_label="% at or above",
        y_range=(0, 100),
        lines=[Line("x", 67, "everyone")],
        series=[
            Series(
                "interval",
                "Groups",
                ("Everyone", "English learners", "Others"),
                (67, 41, None),
                low=(57, 23, None),
                high=(76, 61, None),
                labels=("", "", "fewer than 10"),
            )
        ],
    )


PLOTTED = ["progress", "slope", "levels", "weeks", "moves", "classes", "nothing"]


@pytest.fixture(params=PLOTTED)
def plotted_chart(request: pytest.FixtureRequest) -> Chart:
    """Each kind that Plotly draws too."""
    return chart_named(request)


@pytest.fixture(params=[*PLOTTED, "calendar", "gaps"])
def any_chart(request: pytest.FixtureRequest) -> Chart:
    """Each kind, and an empty chart."""
    return chart_named(request)


def chart_named(request: pytest.FixtureRequest) -> Chart:
    """The chart of a fixture's parameter."""
    if request.param == "nothing":
        return Chart("No answers yet", "The survey has not been asked.")
    return request.getfixturevalue(request.param)
