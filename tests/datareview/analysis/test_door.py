"""The kernel's door: faults in the arguments of every public function. None may become a number."""

from __future__ import annotations

import ast
import inspect
import os
import warnings
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from datareview.analysis.decisions import judge_plan
from datareview.analysis.door import Columns, Paired, Possible, Within
from datareview.analysis.indicators import judge_indicator
from datareview.analysis.inputs import AS_IS, InputError, Key, Number, Truth
from tests import methods
from tests.datareview.analysis.calls import CALLS
from tests.datareview.analysis.faults import Spot, impossible, other_forms, spots
from tests.properties import given, settings, st

pytestmark = pytest.mark.kernel

ROOT = Path(__file__).parents[3]
FUNCTIONS = {one.__name__: one for _module, functions in methods.functions() for one in functions}
FEW, MANY = 2, 200
examples = settings(max_examples=MANY if os.environ.get("EXAMPLES") == "patient" else FEW)


def test_every_function_that_the_product_calls_is_public():
    called = set()
    for app in ("teams", "datareview", "collab"):
        for path in (ROOT / app).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if path.parent.name == "analysis" or "datareview.analysis" not in text:
                continue
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                    "datareview.analysis."
                ):
                    called |= {one.name for one in node.names if one.name[0].islower()}
    assert called - set(FUNCTIONS) == set()


def test_every_public_function_is_fed():
    assert set(CALLS) == set(FUNCTIONS)
    assert [name for name, function in FUNCTIONS.items() if not hasattr(function, "kinds")] == []
    unfed = {
        (name, argument)
        for name, function in FUNCTIONS.items()
        for argument, kind in function.kinds.items()
        if kind is not AS_IS and argument not in CALLS[name]()
    }
    assert unfed == set()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_right_call_gives_figures(name):
    assert figures(FUNCTIONS[name], CALLS[name]())


@pytest.mark.parametrize("name", FUNCTIONS)
@examples
@given(data=st.data())
def test_what_is_impossible_is_refused_by_argument_column_and_row(name, data):
    call = CALLS[name]()
    for spot in spots(FUNCTIONS[name], call):
        values, labels = spot.values(call), spot.labels(call)
        at = data.draw(
            st.integers(1 if isinstance(spot.kind, Key) and len(values) > 1 else 0, len(values) - 1)
        )
        for fault in impossible(spot.kind, values, may_be_none=may_be_none(name, spot, labels)):
            refused(
                name, spot.put(call, [*values[:at], fault, *values[at + 1 :]]), spot, labels and labels[at]
            )


@pytest.mark.parametrize("name", FUNCTIONS)
@examples
@given(data=st.data())
def test_the_same_values_of_another_type_give_the_same_figures(name, data):
    call, chosen = CALLS[name](), []
    for spot in spots(FUNCTIONS[name], call):
        forms = other_forms(spot.kind, spot.values(call))
        chosen += [(spot, one) for one in forms]
    if chosen:
        spot, form = data.draw(st.sampled_from(chosen))
        assert figures(FUNCTIONS[name], spot.put(call, form)) == figures(FUNCTIONS[name], call)


@pytest.mark.parametrize("name", FUNCTIONS)
@examples
@given(data=st.data())
def test_a_missing_number_stays_missing_and_an_infinite_one_is_missing(name, data):
    call = CALLS[name]()
    where = [
        one for one in spots(FUNCTIONS[name], call) if isinstance(one.kind, Number) and not one.kind.needed
    ]
    if not where:
        return
    spot = data.draw(st.sampled_from(where))
    values = spot.values(call)
    at = data.draw(st.integers(0, len(values) - 1))
    nothing = np.nan if spot.labels(call) is None else None
    gone = [*values[:at], nothing, *values[at + 1 :]]
    without = outcome(name, spot.put(call, gone))
    if without is not None:
        assert not any(np.isinf(one) for one in without if isinstance(one, float)) or spot.kind.infinite
    if not spot.kind.infinite:
        for infinite in (np.inf, -np.inf):
            assert outcome(name, spot.put(call, [*values[:at], infinite, *values[at + 1 :]])) == without


def keyed():
    """Functions with a table of numbers by key, whose result has a row for each key."""
    for name, function in FUNCTIONS.items():
        call = CALLS[name]()
        for argument, kind in function.kinds.items():
            if not isinstance(kind, Columns):
                continue
            keys = [column for column, one in kind.kinds(call[argument]).items() if isinstance(one, Key)]
            values = [
                column
                for column, one in kind.kinds(call[argument]).items()
                if isinstance(one, Number) and not one.needed
            ]
            result = function(**call)
            is_by_key = isinstance(result, pd.DataFrame) and keys
            if is_by_key and values and set(call[argument][keys[0]]) <= set(result.index):
                yield name, argument, keys[0], values


@pytest.mark.parametrize(("name", "argument", "key", "values"), list(keyed()))
def test_a_series_without_values_has_a_row_and_no_figure(name, argument, key, values):
    call = CALLS[name]()
    frame = call[argument].copy()
    lost = frame[key].iloc[0]
    frame.loc[frame[key] == lost, values] = np.nan
    whole, result = FUNCTIONS[name](**call), quiet(FUNCTIONS[name], {**call, argument: frame})
    assert sorted(result.index) == sorted(whole.index)
    if "status" in result:
        assert set(np.atleast_1d(result.loc[lost, "status"])) == {"insufficient_data"}


@pytest.mark.parametrize("name", FUNCTIONS)
@examples
@given(data=st.data())
def test_a_missing_boolean_is_never_true(name, data):
    call = CALLS[name]()
    where = [
        one for one in spots(FUNCTIONS[name], call) if isinstance(one.kind, Truth) and one.kind.is_optional
    ]
    for spot in where:
        values = spot.values(call)
        at = data.draw(st.integers(0, len(values) - 1))
        no, yes, unknown = (
            figures(FUNCTIONS[name], spot.put(call, [*values[:at], one, *values[at + 1 :]]))
            for one in (False, True, None)
        )
        assert [
            i for i, (a, b, c) in enumerate(zip(no, yes, unknown, strict=True)) if a != b and c == b
        ] == []


@pytest.mark.parametrize("name", FUNCTIONS)
@examples
@given(data=st.data())
def test_rows_in_another_order_give_the_same_figures(name, data):
    call = CALLS[name]()
    tables = [
        one
        for one, kind in FUNCTIONS[name].kinds.items()
        if isinstance(kind, Columns) and set(kind.kinds(call[one]).values()) != {AS_IS}
    ]
    for argument in tables:
        # An index that is only a range is told apart from one that a result has made for itself.
        frame = call[argument].set_axis(pd.Index(call[argument].index.tolist()))
        rows = data.draw(st.permutations(range(len(frame))))
        shuffled = quiet(FUNCTIONS[name], {**call, argument: frame.iloc[rows]})
        assert of_rows(shuffled) == of_rows(FUNCTIONS[name](**{**call, argument: frame}))


def pairs():
    for name, function in FUNCTIONS.items():
        for rule in function.rules:
            if isinstance(rule, Paired):
                yield from ((name, rule.first, other) for other in rule.others)


@pytest.mark.parametrize(("name", "first", "other"), list(pairs()))
@examples
@given(data=st.data())
def test_rows_are_paired_by_their_index(name, first, other, data):
    call = CALLS[name]()
    if np.ndim(call[other]) == 0 or (np.ndim(call[first]) > 1 and not hasattr(call[first], "index")):
        return
    with_index = call | {one: indexed(call[one]) for one in (first, other)}
    rows = data.draw(st.permutations(range(len(with_index[other]))))
    shuffled = with_index | {other: with_index[other].iloc[list(rows)]}
    assert figures(FUNCTIONS[name], shuffled) == figures(FUNCTIONS[name], with_index)
    with pytest.raises(InputError, match=other):
        FUNCTIONS[name](**call | {other: call[other][:-1]})
    strange = with_index[other].set_axis([*with_index[other].index[:-1], -7])
    with pytest.raises(InputError, match=rf"{other}, row -7"):
        FUNCTIONS[name](**with_index | {other: strange})


def test_no_part_is_more_than_its_whole():
    for name, function in FUNCTIONS.items():
        call = CALLS[name]()
        for rule in function.rules:
            if isinstance(rule, Within):
                with pytest.raises(InputError, match=rf"^{rule.part}: more than '{rule.whole}'"):
                    function(**call | {rule.part: call[rule.whole] + 1})
            if isinstance(rule, Possible):
                points = call["points"].copy()
                points.loc[3, "q1"] = 1.5
                with pytest.raises(
                    InputError, match=r"^points, column 'q1', row 3: more points than are possible"
                ):
                    function(**call | {"points": points})
                for nothing in (0.0, np.nan):
                    with pytest.raises(InputError, match=r"^possible, row 'q1': "):
                        function(
                            **call
                            | {
                                "possible": call["possible"]
                                .replace({})
                                .where(lambda s: s.index != "q1", nothing)
                            }
                        )
        for argument, kind in function.kinds.items():
            if isinstance(kind, Columns) and kind.within:
                part, whole = kind.within
                frame = call[argument].copy()
                frame.loc[1, part] = frame.loc[1, whole] + 1
                with pytest.raises(
                    InputError, match=rf"^{argument}, column '{part}', row 1: more than '{whole}'"
                ):
                    function(**call | {argument: frame})


def test_a_column_that_is_missing_or_twice_is_named():
    with pytest.raises(InputError, match=r"^scores, column 'value': the column is missing"):
        FUNCTIONS["fit_trends"](CALLS["fit_trends"]()["scores"].drop(columns="value"))
    twice = CALLS["rater_agreement"]()["scores"].set_axis(["ana", "ana"], axis=1)
    with pytest.raises(InputError, match=r"^scores: two columns have the same name"):
        FUNCTIONS["rater_agreement"](twice)


def test_the_scores_of_a_plan_are_checked():
    case = CALLS["judge_plan"]()["case"]
    for name, bad in (("days", "2030-01-07"), ("days", None), ("values", "12")):
        values = getattr(case, name).tolist()
        with pytest.raises(InputError, match=rf"^{name}, row 2: "):
            judge_plan(replace(case, **{name: [*values[:2], bad, *values[3:]]}))


def test_what_an_indicator_compares_is_checked():
    call = CALLS["judge_indicator"]()
    for column in ("absent", "enrolled", "days"):
        students = call["students"].astype({column: object})
        students.loc[2, column] = "12"
        with pytest.raises(InputError, match=rf"^students, column '{column}', row 2: not a number"):
            judge_indicator(students, call["indicator"])


def may_be_none(name: str, spot: Spot, labels: object) -> bool:
    """Whether a single value may be left out."""
    return labels is None and "None" in str(
        inspect.signature(FUNCTIONS[name]).parameters[spot.argument].annotation
    )


def refused(name: str, call: dict[str, Any], spot: Spot, label: object) -> None:
    with pytest.raises(InputError) as error:
        quiet(FUNCTIONS[name], call)
    column = "" if spot.column is None else f", column {spot.column!r}"
    row = "" if label is None else f", row {label!r}"
    assert str(error.value).startswith(f"{spot.argument}{column}{row}: ")


def indexed(value: Any) -> Any:
    """An array or list as a Series with an index of its own."""
    return value if hasattr(value, "iloc") else pd.Series(list(value), range(100, 100 + len(value)))


def quiet(function: Any, call: dict[str, Any]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return function(**call)


def outcome(name: str, call: dict[str, Any]) -> list[Any] | None:
    """The figures, or None if the call is refused."""
    try:
        return figures(FUNCTIONS[name], call)
    except InputError:
        return None


def figures(function: Any, call: dict[str, Any]) -> list[Any]:
    """All values of a result in a list; no warning escapes."""
    return flat(quiet(function, call))


def flat(result: Any) -> list[Any]:
    if isinstance(result, pd.DataFrame):
        return [*flat(result.index), *(one for name in result for one in [str(name), *flat(result[name])])]
    if isinstance(result, pd.MultiIndex):
        return [str(one) for one in result]
    if isinstance(result, pd.Series | pd.Index | np.ndarray):
        return [plain(one) for one in np.asarray(result, object).ravel().tolist()]
    if is_dataclass(result):
        return [one for field in fields(result) for one in flat(getattr(result, field.name))]
    if isinstance(result, dict):
        return [one for key, value in result.items() for one in [str(key), *flat(value)]]
    if isinstance(result, list | tuple):
        return [one for part in result for one in flat(part)]
    return [plain(result)]


def plain(value: Any) -> Any:
    """A value to compare: numbers rounded, whatever is missing as None."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, bool | np.bool_):
        return float(value)
    if isinstance(value, int | float | np.number):
        return float(f"{float(value):.9g}") + 0.0
    return str(value)


def of_rows(result: Any) -> list[str]:
    """The rows of a result in any order."""
    if isinstance(result, pd.Series):
        result = result.to_frame()
    if isinstance(result, pd.DataFrame):
        named = result if isinstance(result.index, pd.RangeIndex) else result.reset_index()
        return sorted(str([plain(one) for one in row]) for row in named.itertuples(index=False, name=None))
    return sorted(map(str, flat(result)))
