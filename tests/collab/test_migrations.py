"""Data migrations keep stored data, forwards and backwards."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from types import SimpleNamespace

import pytest

IRREVERSIBLE = ["datareview.migrations.0015_disclosure_sets", "teams.migrations.0017_audit_detail"]
placements = import_module("collab.migrations.0006_placement_columns")

COLUMNS = {
    "day": None,
    "starts_at": None,
    "minutes": 0,
    "periods": "",
    "is_weekly": False,
    "is_protected": False,
    "losses": [],
    "past": [],
    "present": "",
    "present_lessons": None,
    "present_duties": None,
}
SLOT = {
    "day": 1,
    "starts": "10:05",
    "ends": "10:50",
    "minutes": 45,
    "periods": "Period 3",
    "protected": True,
    "weekly": True,
}
LOSSES = [{"who": "Tom B", "kind": "teaching", "label": "Reading 3", "day": "Tue B"}]
PRESENT = {"present": "Every week on Tuesday at 10:10", "now": [2, 0]}


@pytest.mark.parametrize(
    ("cost", "columns"),
    [
        ({"present": "", "now": None}, {}),
        (PRESENT, {"present": PRESENT["present"], "present_lessons": 2, "present_duties": 0}),
        (
            {**PRESENT, "slot": SLOT, "losses": LOSSES, "past": [["Tom B", 3]]},
            {
                "day": 1,
                "starts_at": dt.time(10, 5),
                "minutes": 45,
                "periods": "Period 3",
                "is_weekly": True,
                "is_protected": True,
                "losses": LOSSES,
                "past": [["Tom B", 3]],
                "present": PRESENT["present"],
                "present_lessons": 2,
                "present_duties": 0,
            },
        ),
        (
            {
                "present": "",
                "now": None,
                "slot": {**SLOT, "starts": "23:30", "ends": "23:59"},
                "losses": [],
                "past": [],
            },
            {
                "day": 1,
                "starts_at": dt.time(23, 30),
                "minutes": 45,
                "periods": "Period 3",
                "is_weekly": True,
                "is_protected": True,
            },
        ),
    ],
)
def test_a_placements_cost_migrates_to_columns_and_back(cost, columns):
    row = COLUMNS | placements.columns_of(cost)
    assert row == COLUMNS | columns
    assert placements.cost_of(SimpleNamespace(**row)) == cost


def test_a_placement_without_cost_data_gets_empty_columns():
    assert COLUMNS | placements.columns_of({}) == COLUMNS


@pytest.mark.parametrize("name", IRREVERSIBLE)
def test_a_migration_that_would_lose_data_backwards_refuses_to(name):
    steps = import_module(name).Migration.operations
    assert any(not step.reversible for step in steps)
